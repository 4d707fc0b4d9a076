"""The log behind the interfaces of the `eventsourcing` library: its recorders of events, notifications and tracking."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from threading import Event as Flag
from typing import Any, TypeAlias, cast
from uuid import UUID

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    Notification,
    ProcessRecorder,
    StoredEvent,
    Subscription,
    Tracking,
    TrackingRecorder,
)

from infra.eventlog.index import LATEST
from infra.eventlog.log import Log
from infra.eventlog.values import Draft, Event, StoredCommit

EntityId: TypeAlias = UUID | str
AsId: TypeAlias = Callable[[str], EntityId]

POLL = 0.25
"""How long a subscription waits for news of other processes, in seconds."""
AT_ONCE = 500


class LogRecorder(AggregateRecorder):
    """What every recorder over a log has. `as_id` gives an entity's id back in the form in which it came."""

    def __init__(self, log: Log, as_id: AsId) -> None:
        self.log = log
        self._as_id = as_id

    def select_events(
        self,
        originator_id: EntityId,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        after, until = -1 if gt is None else gt, LATEST if lte is None else lte
        return [
            StoredEvent(self._as_id(entity), version, topic, state)
            for entity, version, topic, state in self._find(as_text(originator_id), after, until, desc, limit)
        ]

    @abstractmethod
    def _find(self, entity: str, after: int, until: int, latest_first: bool, limit: int | None) -> Iterable[Event]:
        """The events of an entity beyond version `after` and up to version `until`."""


class EventRecorder(LogRecorder):
    """Records and reads the events of entities."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Record these events as one commit.

        Besides, it takes `reads` (entity to the version that was read, None for absent), `request` (the request's
        key), `context` (bytes) and, for a process, `tracking`.
        """
        self._record(stored_events, kwargs)
        return None

    def _record(self, stored_events: Sequence[StoredEvent], given: Mapping[str, Any]) -> list[int]:
        draft = draft_of(stored_events, **given)
        return list(self.log.commit(draft).ids) if draft.events or draft.tracking else []

    def _find(self, entity: str, after: int, until: int, latest_first: bool, limit: int | None) -> Iterable[Event]:
        found = self.log.reading.entity(entity, after, until, latest_first=latest_first, limit=limit)
        return (event for _, event in found)


class SnapshotRecorder(LogRecorder):
    """Keeps snapshots, in this node's index."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        self.log.snapshots.insert([event_of(each) for each in stored_events])
        return None

    def _find(self, entity: str, after: int, until: int, latest_first: bool, limit: int | None) -> Iterable[Event]:
        return self.log.snapshots.select(entity, after, until, latest_first=latest_first, limit=limit)


class CommitRecorder(EventRecorder, ApplicationRecorder):
    """Records commits of an application, and gives them back by notification id, by entity and by request."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        return self._record(stored_events, kwargs) or None

    async def insert_events_async(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """The same on an event loop."""
        return list((await self.log.commit_async(draft_of(stored_events, **kwargs))).ids)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        first = 1 if start is None else start + (not inclusive_of_start)
        found: list[Notification] = []
        for id, event in self.log.reading.events(first, LATEST if stop is None else stop):
            if not topics or event[2] in topics:
                entity, version, topic, state = event
                found.append(Notification(self._as_id(entity), version, topic, state, id))
                if len(found) >= limit:
                    break
        return found

    def max_notification_id(self) -> int | None:
        return self.log.head() or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        return LogSubscription(self, gt, topics)

    # -- beyond the library's interface ----------------------------------------

    def select_commits(self, after: int, limit: int) -> list[StoredCommit]:
        """The commits beyond a notification id: about `limit` events, and the last commit whole."""
        return self.log.commits(after, limit)

    def select_request(self, request: bytes) -> StoredCommit | None:
        """The accepted commit of a request."""
        return self.log.reading.request(request)

    def select_entity(
        self, entity: str, after: int, limit: int
    ) -> Iterator[tuple[StoredCommit, list[tuple[int, Event]]]]:
        """What happened to an entity beyond a version: each commit, and of its events those of this entity."""
        commit: StoredCommit | None = None
        events: list[tuple[int, Event]] = []
        for id, event in self.log.reading.entity(entity, after, limit=limit):
            if commit is None or id > commit.last:
                if commit is not None:
                    yield commit, events
                commit, events = self.log.reading.commit_of(id), []
            events.append((id, event))
        if commit is not None:
            yield commit, events


class LogTrackingRecorder(TrackingRecorder):
    """Tracks how far an application upstream was followed."""

    def __init__(self, log: Log, as_id: AsId) -> None:
        self.log = log
        self._as_id = as_id

    def insert_tracking(self, tracking: Tracking) -> None:
        self.log.commit(Draft((), tracking=(tracking.application_name, tracking.notification_id)))

    def max_tracking_id(self, application_name: str) -> int | None:
        return self.log.tracked(application_name)


class LogProcessRecorder(LogTrackingRecorder, CommitRecorder, ProcessRecorder):
    """Records commits of a process, each with the position upstream that it answers."""


class LogSubscription(Subscription[ApplicationRecorder]):
    """Notifications as they are recorded, by this process or another."""

    def __init__(self, recorder: CommitRecorder, gt: int | None, topics: Sequence[str]) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._log = recorder.log
        self._after = gt or 0
        self._news = Flag()
        self._log.news.listen(self._news.set)
        self._found: Iterator[Notification] = iter(())

    def stop(self) -> None:
        super().stop()
        self._news.set()
        self._log.news.forget(self._news.set)

    def __next__(self) -> Notification:
        while not self._has_been_stopped:
            for notification in self._found:
                self._after = notification.id
                return notification
            self._news.clear()
            recorder = cast(CommitRecorder, self._recorder)
            found = recorder.select_notifications(self._after, AT_ONCE, topics=self._topics, inclusive_of_start=False)
            self._found = iter(found)
            if not found:
                self._news.wait(POLL)
        raise StopIteration


def draft_of(
    stored_events: Sequence[StoredEvent],
    *,
    reads: Mapping[str, int | None] | None = None,
    request: bytes | None = None,
    context: bytes = b"",
    tracking: Tracking | None = None,
    **_others: Any,
) -> Draft:
    """A commit of these events."""
    return Draft(
        [event_of(each) for each in stored_events],
        list((reads or {}).items()),
        request,
        context,
        None if tracking is None else (tracking.application_name, tracking.notification_id),
    )


def event_of(stored: StoredEvent) -> Event:
    return as_text(stored.originator_id), stored.originator_version, stored.topic, stored.state


def as_text(id: EntityId) -> str:
    return id.hex if isinstance(id, UUID) else id

"""Any persistence module of the `eventsourcing` library, ours among them, through its application recorder."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from eventsourcing.persistence import InfrastructureFactory, StoredEvent

from appending.jobs import Job
from appending.load import TOPIC, Commit, states


class Recorder:
    """The optimistic check is the recorder's own: a version of a stream is taken once."""

    def __init__(self, job: Job) -> None:
        self._factory = InfrastructureFactory.construct(dict(job.settings))
        self._recorder = self._factory.application_recorder()

    def writer(self, stream: str, events: int) -> Commit:
        version = 0
        payload = states(stream, events)

        def commit() -> None:
            nonlocal version
            batch = [StoredEvent(stream, version + ahead, TOPIC, state) for ahead, state in enumerate(payload, 1)]
            self._recorder.insert_events(batch)
            version += events

        return commit

    def head(self) -> int:
        return self._recorder.max_notification_id() or 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._factory.close()

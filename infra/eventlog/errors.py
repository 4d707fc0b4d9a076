"""What can come of a commit or an opening, besides success. Every message says what was expected, where, and what is.

The classes stand under those of `eventsourcing.persistence`, so that an application of that library understands them.
"""

from __future__ import annotations

from eventsourcing.persistence import DataError, IntegrityError, OperationalError

from infra.eventlog.values import Accepted


class VersionConflictError(IntegrityError):
    """The place that the commit takes in an entity's life is not the next one."""

    def __init__(self, entity: str, version: int, head: int | None) -> None:
        stands = "does not exist" if head is None else f"is at version {head}"
        super().__init__(f"{entity} {stands}; the commit writes version {version}")
        self.entity, self.version, self.head = entity, version, head


class ReadMovedError(IntegrityError):
    """An entity that the commit rests on has moved on since it was read."""

    def __init__(self, entity: str, read: int | None, head: int | None) -> None:
        was = "absent" if read is None else f"at version {read}"
        now = "absent" if head is None else f"at version {head}"
        super().__init__(f"{entity} was read {was} and is now {now}")
        self.entity, self.read, self.head = entity, read, head


class RequestRepeatedError(IntegrityError):
    """The request has an accepted commit already: `first`, which is its outcome."""

    def __init__(self, first: Accepted) -> None:
        super().__init__(f"the request was answered before, by the events {first.first} to {first.last}")
        self.first = first


class TrackingConflictError(IntegrityError):
    """The position of the upstream application is not above the last one that was tracked."""

    def __init__(self, application: str, position: int, last: int) -> None:
        super().__init__(f"{application} was tracked up to {last}; the commit tracks {position}")
        self.application, self.position, self.last = application, position, last


class CommitTooLargeError(DataError):
    """The commit is larger than one may be; nothing was sent."""


class NotRecordedError(OperationalError):
    """The commit certainly took no effect, for a reason that passes; it may be sent again."""


class OutcomeUnknownError(OperationalError):
    """The log went out of reach after the commit was sent. `settle(commit_id)` tells its outcome once it is back."""

    def __init__(self, commit_id: bytes, reason: str) -> None:
        super().__init__(f"the outcome of commit {commit_id.hex()} is not known yet ({reason}); ask again later")
        self.commit_id = commit_id


class LogOutOfReachError(OperationalError):
    """The log cannot be reached, or not in time; nothing was sent."""


class LogStoppedError(OperationalError):
    """This node goes no further, and what it holds was not touched: the log is not the one it knows, or newer."""


class IndexInUseError(OperationalError):
    """Another process has this index open for writing."""


class IndexUnusableError(OperationalError):
    """The file is no index of this kind, or of a form that this version does not know."""

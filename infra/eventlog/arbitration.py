"""The rule of the log: whether a commit is accepted. Pure: every node that reads the same log decides alike.

A commit is accepted if its id is new, its request has no accepted commit yet, its place is at most `window` records
beyond what its writer had read, every entity that it writes goes on from its head without a gap, every entity that it
read has still the head that was read, and its tracking position is above the last one. All else is rejected, and what
was rejected or cancelled is remembered for `window` records: later than that `base` alone rejects it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from eventsourcing.persistence import PersistenceError
from msgspec import UNSET

from infra.eventlog import errors
from infra.eventlog.envelope import Commit
from infra.eventlog.values import Accepted, Draft, Rules


class Memory(Protocol):
    """What the accepted commits before this one have left."""

    def head_of(self, entity: str) -> int | None:
        """The last version of an entity; None when it does not exist."""

    def first_of(self, request: bytes) -> Accepted | None:
        """The accepted commit of a request."""

    def tracked(self, application: str) -> int | None:
        """The last position of an upstream application."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why a commit was not accepted."""

    @property
    def name(self) -> str:
        """The reason in one word, for counting."""
        return type(self).__name__.lower()

    def error(self) -> PersistenceError:
        """The reason as its writer receives it."""
        return errors.NotRecordedError("the commit was not accepted; it took no effect and may be sent again")


@dataclass(frozen=True, slots=True)
class Conflict(Rejected):
    """A version that is not the next one of its entity."""

    entity: str
    version: int
    head: int | None

    def error(self) -> PersistenceError:
        return errors.VersionConflictError(self.entity, self.version, self.head)


@dataclass(frozen=True, slots=True)
class Moved(Rejected):
    """An entity that was read has another head now."""

    entity: str
    read: int | None
    head: int | None

    def error(self) -> PersistenceError:
        return errors.ReadMovedError(self.entity, self.read, self.head)


@dataclass(frozen=True, slots=True)
class Repeated(Rejected):
    """The request has its accepted commit."""

    first: int
    last: int

    def error(self) -> PersistenceError:
        return errors.RequestRepeatedError(Accepted(self.first, self.last))


@dataclass(frozen=True, slots=True)
class Tracked(Rejected):
    """The upstream position is not above the last one."""

    application: str
    position: int
    last: int

    def error(self) -> PersistenceError:
        return errors.TrackingConflictError(self.application, self.position, self.last)


@dataclass(frozen=True, slots=True)
class Late(Rejected):
    """The commit lies too far from what its writer had read, or before what it claims to have read."""

    offset: int
    base: int

    def error(self) -> PersistenceError:
        return errors.NotRecordedError(
            f"the commit arrived at record {self.offset}, too far from record {self.base} up to which its writer had "
            "read; it took no effect and may be sent again"
        )


@dataclass(frozen=True, slots=True)
class Cancelled(Rejected):
    """Its writer took it back before it arrived."""

    def error(self) -> PersistenceError:
        return errors.NotRecordedError(
            "the log did not answer in time; the commit was cancelled, took no effect and may be sent again"
        )


@dataclass(frozen=True, slots=True)
class Unruled(Rejected):
    """The log has no configuration yet."""


Verdict: TypeAlias = Accepted | Rejected

REASONS: dict[str, type[Rejected]] = {
    each.__name__: each for each in (Conflict, Moved, Repeated, Tracked, Late, Cancelled, Unruled)
}
"""Every reason there is, by its name."""


def rejection(commit: Commit, offset: int, rules: Rules | None, memory: Memory) -> Rejected | None:
    """Why a commit whose id is new is not accepted at this offset, or None when it is."""
    if rules is None:
        return Unruled()
    if commit.request is not None and (first := memory.first_of(commit.request)) is not None:
        return Repeated(first.first, first.last)
    if not 0 <= offset - commit.base <= rules.window:
        return Late(offset, commit.base)
    heads: dict[str, int] = {}
    for entity, version, _, _ in commit.events:
        head = heads[entity] if entity in heads else memory.head_of(entity)
        if version != (1 if head is None else head + 1) and not (head is None and version == rules.first_version):
            return Conflict(entity, version, head)
        heads[entity] = version
    for entity, read in commit.reads:
        if entity not in heads and (head := memory.head_of(entity)) != read:
            return Moved(entity, read, head)
    if commit.tracking is not UNSET:
        application, position = commit.tracking
        if (last := memory.tracked(application)) is not None and position <= last:
            return Tracked(application, position, last)
    return None


def certain_rejection(draft: Draft, memory: Memory) -> Rejected | None:
    """What rejects a commit whatever else is in the log already: heads only grow, and a request is answered for ever.

    A version that is beyond the next one is not certain: what lies between may be in the log, and not yet in memory.
    """
    if draft.request is not None and (first := memory.first_of(draft.request)) is not None:
        return Repeated(first.first, first.last)
    written = set()
    for entity, version, _, _ in draft.events:
        if entity not in written and (head := memory.head_of(entity)) is not None and head >= version:
            return Conflict(entity, version, head)
        written.add(entity)
    for entity, read in draft.reads:
        head = memory.head_of(entity)
        if entity not in written and head is not None and (read is None or head > read):
            return Moved(entity, read, head)
    return None

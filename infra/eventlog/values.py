"""What goes into the log, and what comes out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from msgspec import Struct

Event: TypeAlias = tuple[str, int, str, bytes]
"""An event: the entity, its version there, the topic, and the fact's bytes."""

Read: TypeAlias = tuple[str, int | None]
"""An entity that was read, and the head that it had: its last version, or None when it did not exist."""

FIRST_VERSIONS = (0, 1)


class Draft(Struct, frozen=True, gc=False):
    """A commit as its writer proposes it: all of one decision, accepted whole or not at all.

    `reads` are the entities that it rests on without writing them. `request` is the key that makes the request one of a
    kind: one commit is accepted for it, for ever. `tracking` names an upstream application and its position.
    """

    events: Sequence[Event]
    reads: Sequence[Read] = ()
    request: bytes | None = None
    context: bytes = b""
    tracking: tuple[str, int] | None = None


class Accepted(Struct, frozen=True, gc=False):
    """An accepted commit: the notification ids of its first and last event.

    A commit that only tracks has no event; then `last` is the one before `first`.
    """

    first: int
    last: int

    @property
    def ids(self) -> range:
        return range(self.first, self.last + 1)


class StoredCommit(Struct, frozen=True, gc=False):
    """A commit as it stands in the log: its events have the notification ids from `first` on."""

    first: int
    events: tuple[Event, ...]
    context: bytes
    request: bytes | None

    @property
    def last(self) -> int:
        return self.first + len(self.events) - 1


@dataclass(frozen=True, slots=True)
class Rules:
    """What the log's first configuration record sets for everybody.

    `window`: how many records may lie between what a commit's writer had read and the commit. `first_version`: the
    version at which an entity may begin, 1, or 0 beside it.
    """

    window: int = 100_000
    first_version: int = 1

    def __post_init__(self) -> None:
        if self.window < 1 or self.first_version not in FIRST_VERSIONS:
            raise ValueError(f"{self}: takes a window of at least 1 and a first version of 0 or 1")

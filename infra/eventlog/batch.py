"""What has been folded and not yet written to the index: a batch of rows, which lookups and readers see as well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from infra.eventlog.envelope import Commit, unpack
from infra.eventlog.values import Accepted, StoredCommit

Run = tuple[int, int, int]
"""Versions of one entity that follow each other in the log: the first version, its notification id, how many."""


class PackRow(NamedTuple):
    """A record with accepted events: those have the notification ids from `first` to `last`.

    `refused` lists the places of the commits in it that were not accepted.
    """

    first: int
    last: int
    offset: int
    refused: tuple[int, ...]
    data: bytes

    def accepted(self) -> Iterator[tuple[int, Commit]]:
        """The accepted commits, each with the notification id that its first event has."""
        next_id = self.first
        for place, entry in enumerate(unpack(self.data) or ()):
            if type(entry) is Commit and place not in self.refused:
                yield next_id, entry
                next_id += len(entry.events)

    def commits(self) -> list[StoredCommit]:
        """The accepted commits that have events."""
        return [
            StoredCommit(first, entry.events, entry.context, entry.request)
            for first, entry in self.accepted()
            if entry.events
        ]


@dataclass(slots=True)
class Batch:
    """Rows in the order in which they were folded.

    There is one here for each of thousands of commits. A tuple of plain values is left alone by the collector of
    garbage after its first look; lists it would go through again and again, a tenth of all that catching up takes. So
    an entity with one event has a tuple.
    """

    packs: list[PackRow] = field(default_factory=list)
    runs: dict[str, tuple[Run] | list[Run]] = field(default_factory=dict)
    ids: list[tuple[bytes, int, int, int]] = field(default_factory=list)
    requests: dict[bytes, Accepted] = field(default_factory=dict)
    refused: list[tuple[int, bytes, bytes]] = field(default_factory=list)
    tracking: dict[str, int] = field(default_factory=dict)
    size: int = 0

    def add(self, later: Batch) -> None:
        """Take in what was folded next. Readers may look meanwhile: a record is there before anything points to it."""
        self.packs += later.packs
        for entity, runs in later.runs.items():
            if entity in self.runs:
                self.growing(entity).extend(runs)
            else:
                self.runs[entity] = runs
        self.ids += later.ids
        self.requests |= later.requests
        self.refused += later.refused
        self.tracking |= later.tracking
        self.size += later.size

    def growing(self, entity: str) -> list[Run]:
        """The runs of an entity that is here, to be made longer."""
        if isinstance(runs := self.runs[entity], tuple):
            runs = self.runs[entity] = list(runs)
        return runs

    def head(self, entity: str) -> int | None:
        if (runs := self.runs.get(entity)) is None:
            return None
        version, _, length = runs[-1]
        return version + length - 1

    def highest(self, prefix: bytes) -> int:
        """The highest counter of the accepted ids with this prefix, -1 if there is none."""
        return max((last for each, _, last, _ in self.ids if each == prefix), default=-1)

    def pack_of(self, prefix: bytes, counter: int) -> int | None:
        """The first notification id of the record in which the commit of this id was accepted."""
        return next((pack for each, low, high, pack in self.ids if each == prefix and low <= counter <= high), None)

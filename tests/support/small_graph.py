"""A small network of its own: three nouns, every kind of change, and histories of any length, the same for a seed."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from domain.kernel.context import Context
from domain.kernel.facts import Fact
from domain.kernel.fields import Code, Line
from domain.kernel.history import Commit, Recorded
from domain.kernel.ids import derived_id
from projections.changes import Add, Change, Drop, Link, LinkType, NodeType, Put, Unlink
from projections.memory import Graph
from projections.projection import Projection

NOON = datetime(2026, 8, 10, 12, tzinfo=UTC)
PERSON = derived_id("person", "somebody")


class StationNamed(Fact, topic="small.station_named"):
    """A station is there, under this name."""

    name: Line


class NeedNoted(Fact, topic="small.need_noted"):
    """A station wrote a need down."""

    station: Code
    title: Line
    fields: tuple[Code, ...]


class NeedMoved(Fact, topic="small.need_moved"):
    """Another station looks after it from now on."""

    station: Code


class NeedShared(Fact, topic="small.need_shared"):
    """Another station sees it as well."""

    station: Code
    share: int


class NeedUnshared(Fact, topic="small.need_unshared"):
    """That station does not see it any more."""

    station: Code


class NeedClosed(Fact, topic="small.need_closed"):
    """Nobody looks after it any more; what it was about is forgotten."""


class NeedDropped(Fact, topic="small.need_dropped"):
    """It never was a need; nothing of it is left."""


class NeedCounted(Fact, topic="small.need_counted"):
    """Somebody asked for it so many times more."""

    times: int


class NeedBroken(Fact, topic="small.need_broken"):
    """The projection has a fault, and cannot apply this."""


class NeedOversized(Fact, topic="small.need_oversized"):
    """The projection accepts this, and the graph database does not: the number does not fit."""


STATION = NodeType("SmallStation", indexes=("name",))
NEED = NodeType("SmallNeed", counters=("asked",), goes=True)
CARED_BY = LinkType("SmallNeed", "SMALL_CARED_BY", "SmallStation")
SEEN_BY = LinkType("SmallNeed", "SMALL_SEEN_BY", "SmallStation")


def project(recorded: Recorded, context: Context) -> Iterator[Change]:
    """Every kind of change is among them."""
    id = recorded.entity_id
    match recorded.fact:
        case StationNamed(name=name):
            yield Put("SmallStation", id, {"name": name, "since": context.at, "open": True})
        case NeedNoted(station=station, title=title, fields=fields):
            day = context.at.date()
            yield Put("SmallNeed", id, {"title": title, "fields": list(fields), "on": day, "weight": 0.5, "n": 1})
            yield Link(CARED_BY, id, station, {"since": context.at})
        case NeedMoved(station=station):
            yield Unlink(CARED_BY, id)
            yield Link(CARED_BY, id, station, {"moved": True})
            yield Put("SmallNeed", id, {"n": recorded.version, "weight": None})
        case NeedShared(station=station, share=share):
            yield Link(SEEN_BY, id, station, {"share": share} if share else {})
        case NeedUnshared(station=station):
            yield Unlink(SEEN_BY, id, station)
        case NeedClosed():
            yield Unlink(CARED_BY, id)
            yield Put("SmallNeed", id, {"closed": context.at, "title": None, "fields": None})
        case NeedDropped():
            yield Drop("SmallNeed", id)
        case NeedCounted(times=times):
            yield Add("SmallNeed", id, "asked", times)
        case NeedBroken():
            raise ZeroDivisionError("a fault of the projection")
        case NeedOversized():
            yield Put("SmallNeed", id, {"n": 2**70})


SMALL = Projection("small", 1, (STATION, NEED), (CARED_BY, SEEN_BY), project)


@dataclass
class SmallLog:
    """A log in memory, as a projector reads one."""

    kept: list[Commit] = field(default_factory=list)
    skipped: set[int] = field(default_factory=set)

    def commits(self, after: int, limit: int) -> Sequence[Commit]:
        found: list[Commit] = []
        for commit in self.kept[self._index(after) :]:
            found.append(commit)
            limit -= len(commit.events)
            if limit <= 0:
                break
        return found

    def head(self) -> int:
        return self.kept[-1].position if self.kept else 0

    def chain(self, position: int) -> bytes | None:
        """A hash over all commits up to the one that ends there."""
        digest = hashlib.sha256()
        for commit in self.kept:
            digest.update(repr([(event.position, event.entity_id) for event in commit.events]).encode())
            if commit.position == position:
                return digest.digest()
        return None

    def skips(self, projection: str, version: int) -> frozenset[int]:
        return frozenset(self.skipped)

    def append(self, *facts: tuple[str, Fact]) -> Commit:
        """One more commit, of these facts by entity id."""
        return self.extend([commit_of(self.head(), facts)])

    def extend(self, commits: Sequence[Commit]) -> Commit:
        self.kept.extend(commits)
        return self.kept[-1]

    def _index(self, after: int) -> int:
        low, high = 0, len(self.kept)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self.kept[middle].position <= after else (low, middle)
        return low


def commit_of(after: int, facts: Sequence[tuple[str, Fact]]) -> Commit:
    """A commit of these facts that follows the position."""
    context = Context(actor=PERSON, request_id=str(after), at=NOON + timedelta(seconds=after, microseconds=after % 7))
    events = (Recorded(id, 1, after + number, fact) for number, (id, fact) in enumerate(facts, 1))
    return Commit(context, tuple(events))


def history(seed: int, commits: int, needs: int = 40, stations: int = 7) -> list[Commit]:
    """A history of this many commits of one to four facts each."""
    chance = random.Random(seed)
    found: list[Commit] = []
    for _ in range(commits):
        facts = [_fact(chance, needs, stations) for _ in range(chance.randint(1, 4))]
        found.append(commit_of(found[-1].position if found else 0, facts))
    return found


def graph_of(commits: Sequence[Commit]) -> Graph:
    """The graph that these commits make, one change after the other."""
    graph = Graph()
    graph.apply(SMALL.changes(commits))
    return graph


def _fact(chance: random.Random, needs: int, stations: int) -> tuple[str, Fact]:
    station = f"station_{chance.randrange(stations)}"
    need = f"need_{chance.randrange(needs)}"
    match chance.randrange(13):
        case 0:
            return station, StationNamed(name=f"驿站 {chance.randrange(99)}")
        case 1 | 2 | 3:
            fields = tuple(f"f{chance.randrange(5)}" for _ in range(chance.randrange(3)))
            return need, NeedNoted(station=station, title=f"需求 {chance.randrange(99)}", fields=fields)
        case 4 | 5:
            return need, NeedMoved(station=station)
        case 6 | 7:
            return need, NeedShared(station=station, share=chance.randrange(4))
        case 8:
            return need, NeedUnshared(station=station)
        case 9 | 10:
            return need, NeedCounted(times=chance.randrange(1, 4))
        case 11:
            return need, NeedDropped()
        case _:
            return need, NeedClosed()

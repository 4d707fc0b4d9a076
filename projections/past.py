"""The past: a record and its neighbours as they stood at a position, folded from their own facts alone.

It rests on two things that hold for every noun, and to which tests hold it. A fact changes the node of its own entity
and the links out of it, so a record with the links out of it is the fold of its own facts. And a link leads only to an
id that the fact names, so whoever pointed at a record then has named it before; whether they still did is seen by
folding each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from domain.kernel.fields import Sealed
from domain.kernel.history import Commit
from domain.kernel.ids import prefix_of
from projections.batch import Unprojectable
from projections.changes import LinkType
from projections.memory import Graph, Held
from projections.network import LABELS
from projections.projection import Projection

History: TypeAlias = Callable[[str, int], Iterable[Commit]]
"""What happened to an entity up to a position: of each commit only its own facts."""

Naming: TypeAlias = Callable[[str, int], Iterable[str]]
"""The entities that have named an id by a position: all of them, and others for all it matters."""


class Direction(StrEnum):
    """Which way a link leads, seen from the record that was asked for."""

    OUT = "out"
    IN = "in"


@dataclass(frozen=True, slots=True)
class PastLink:
    """A link as it was."""

    type: LinkType
    direction: Direction
    properties: Held


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A record as it was, with its links to the one that was asked for, and from it: at least one."""

    id: str
    label: str
    properties: Held
    links: tuple[PastLink, ...]


def unsealed(held: Held) -> Held:
    """Properties without those that are sealed."""
    return {name: value for name, value in held.items() if not isinstance(value, Sealed)}


@dataclass(slots=True)
class Past:
    """The network at a position where a commit ends. It belongs to one thread at a time.

    `graph` holds what was folded so far. Raises Unprojectable where a fact stops the projection.
    """

    projection: Projection
    position: int
    history: History
    naming: Naming
    graph: Graph = field(default_factory=Graph)
    _folded: set[str] = field(default_factory=set)

    def record(self, id: str) -> Held | None:
        """The properties of a record as they were; None where it had not come yet, or never did."""
        self._fold(id)
        return self.graph.node(LABELS.get(prefix_of(id), ""), id)

    def neighbours(self, id: str, after: str = "") -> Iterator[Neighbour]:
        """The neighbours of a record, by their ids, beyond this one; each is folded when it is asked for."""
        self._fold(id)
        label = LABELS.get(prefix_of(id), "")
        named = {target for type in self.projection.links for target in self.graph.targets(type, id)}
        for other in sorted(named.union(self.naming(id, self.position))):
            if other <= after or (there := LABELS.get(prefix_of(other))) is None:
                continue
            self._fold(other)
            if links := tuple(self._between(label, id, there, other)):
                yield Neighbour(other, there, self.graph.nodes[there, other], links)

    def _between(self, label: str, id: str, there: str, other: str) -> Iterator[PastLink]:
        for type in self.projection.links:
            if (type.source, type.target) == (label, there):
                held = self.graph.targets(type, id).get(other)
                if held is not None:
                    yield PastLink(type, Direction.OUT, held)
            if (type.source, type.target) == (there, label):
                held = self.graph.targets(type, other).get(id)
                if held is not None:
                    yield PastLink(type, Direction.IN, held)

    def _fold(self, id: str) -> None:
        if id not in self._folded:
            self._folded.add(id)
            for commit in self.history(id, self.position):
                for recorded in commit.events:
                    try:
                        self.graph.apply(self.projection.project(recorded, commit.context))
                    except Exception as cause:
                        raise Unprojectable(recorded, cause) from cause

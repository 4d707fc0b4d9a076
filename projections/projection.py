"""A projection: a name, a version, and a pure function from facts to changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from domain.kernel.context import Context
from domain.kernel.history import Commit, Recorded
from projections.changes import Change, LinkType, NodeType

Projecting: TypeAlias = Callable[[Recorded, Context], Iterable[Change]]


@dataclass(frozen=True, slots=True)
class Projection:
    """What one read model is made of. A change to what it writes is a new version, and builds the graph anew."""

    name: str
    version: int
    nodes: tuple[NodeType, ...]
    links: tuple[LinkType, ...]
    project: Projecting

    def changes(self, commits: Iterable[Commit]) -> Iterator[Change]:
        """The changes of these commits, in their order."""
        for commit in commits:
            for recorded in commit.events:
                yield from self.project(recorded, commit.context)

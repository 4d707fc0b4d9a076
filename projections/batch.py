"""A batch: the changes of whole commits, folded into what they come to, in the shape in which a graph takes them.

Whatever the batches, the graph is the one that the changes make one by one. A batch says per node and per link what it
ends as, so its parts may be written in this order: links out of a node removed, single links removed, nodes put, links
put. The two ends of a link exist from the link on, as nodes with nothing but their id until something is put on them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import TypeAlias

from domain.kernel.history import Commit, Recorded
from projections.changes import Change, Link, LinkType, NodeType, Property, Put
from projections.projection import Projection

Values: TypeAlias = dict[str, Property | None]
"""Properties as a batch writes them; None takes one away."""

Row: TypeAlias = dict[str, str | Values]
"""A node `{id, p}`, a link `{s, t, p}`, a link to remove `{s, t}`, or a node to remove the links out of `{s}`."""


class Unprojectable(Exception):
    """A fact that its projection cannot apply: a fault of the projection, never of the fact."""

    def __init__(self, recorded: Recorded, cause: Exception) -> None:
        super().__init__(recorded, cause)
        self.position = recorded.position
        self.explanation = (
            f"{recorded.fact.stored_as()} of {recorded.entity_id} at position {recorded.position}: "
            f"{type(cause).__name__}: {cause}"
        )

    def __str__(self) -> str:
        return self.explanation


class Verb(Enum):
    """What is done with the rows of a shape."""

    CLEAR = "clear"
    UNLINK = "unlink"
    PUT = "put"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Shape:
    """Rows that one part of a statement writes: nodes of a label, or links of a type."""

    verb: Verb
    of: NodeType | LinkType


def shapes(projection: Projection) -> tuple[Shape, ...]:
    """Every shape that a batch of the projection can have, in the order in which they are to be written."""
    return (
        *(Shape(Verb.CLEAR, link) for link in projection.links),
        *(Shape(Verb.UNLINK, link) for link in projection.links),
        *(Shape(Verb.PUT, node) for node in projection.nodes),
        *(Shape(Verb.LINK, link) for link in projection.links),
    )


@dataclass(slots=True)
class Batch:
    """What a run of changes comes to.

    `nodes` is by label and id; `links` by type, source and target, with None where the link ends; `cleared` holds the
    sources whose links of that type were all removed before those in `links` were put.
    """

    nodes: dict[str, dict[str, Values]] = field(default_factory=dict)
    links: dict[LinkType, dict[str, dict[str, Values | None]]] = field(default_factory=dict)
    cleared: dict[LinkType, set[str]] = field(default_factory=dict)

    def add(self, change: Change) -> None:
        """Fold one more change in."""
        if isinstance(change, Put):
            self._node(change.label, change.id).update(written(change))
        elif isinstance(change, Link):
            self._node(change.type.source, change.source)
            self._node(change.type.target, change.target)
            self._links(change.type, change.source)[change.target] = written(change)
        elif change.target is None:
            self._links(change.type, change.source).clear()
            self.cleared.setdefault(change.type, set()).add(change.source)
        else:
            self._links(change.type, change.source)[change.target] = None

    def rows(self, shape: Shape) -> list[Row]:
        """What this shape has to write, sorted by id."""
        kind = shape.of
        if isinstance(kind, NodeType):
            return [{"id": id, "p": values} for id, values in sorted(self.nodes.get(kind.label, {}).items())]
        if shape.verb is Verb.CLEAR:
            return [{"s": source} for source in sorted(self.cleared.get(kind, ()))]
        pairs = (
            (source, target, values)
            for source, targets in sorted(self.links.get(kind, {}).items())
            for target, values in sorted(targets.items())
        )
        if shape.verb is Verb.UNLINK:
            return [{"s": source, "t": target} for source, target, values in pairs if values is None]
        return [{"s": source, "t": target, "p": values} for source, target, values in pairs if values is not None]

    def parameters(self, shapes: Iterable[Shape]) -> dict[str, list[Row]]:
        """The rows by the name that the statement has for them: `r0` for the first shape, and so on."""
        return {f"r{number}": self.rows(shape) for number, shape in enumerate(shapes)}

    def _node(self, label: str, id: str) -> Values:
        return self.nodes.setdefault(label, {}).setdefault(id, {})

    def _links(self, kind: LinkType, source: str) -> dict[str, Values | None]:
        return self.links.setdefault(kind, {}).setdefault(source, {})


def fold(projection: Projection, commits: Iterable[Commit]) -> Batch:
    """The batch of these commits. Raises Unprojectable for the first fact that the projection cannot apply."""
    declared: set[str | LinkType] = {node.label for node in projection.nodes} | set(projection.links)
    batch = Batch()
    for commit in commits:
        for recorded in commit.events:
            try:
                for change in projection.project(recorded, commit.context):
                    kind = change.label if isinstance(change, Put) else change.type
                    if kind not in declared:
                        raise LookupError(f"{projection.name} declares no {kind}")
                    batch.add(change)
            except Exception as cause:
                raise Unprojectable(recorded, cause) from cause
    return batch


def written(change: Put | Link) -> Values:
    """The properties as every graph takes them: what goes is None, times are in UTC.

    Raises ValueError for what graphs do not hold alike: a missing value, a time without a zone, another id.
    """
    values: Values = {name: _value(name, value) for name, value in change.set.items()}
    if isinstance(change, Put):
        values.update(dict.fromkeys(change.remove))
        if values.pop("id", change.id) != change.id:
            raise ValueError(f"the id of {change.label} {change.id} is not a property to change")
    return values


def _value(name: str, value: Property | None) -> Property:
    if value is None:
        raise ValueError(f"{name} is set to nothing; a property that goes is named in `remove`")
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"the time in {name} has no time zone")
        return value.astimezone(UTC)
    return value

"""A batch: the changes of whole commits, folded into what they come to, in the shape in which a graph takes them.

Whatever the batches, the graph is the one that the changes make one by one. A batch says per node and per link what it
ends as, so its parts may be written in this order: nodes removed, links out of a node removed, single links removed,
nodes put, numbers added to, links put. A node that is removed and put again is written as both. The two ends of a link
exist from the link on, as nodes with nothing but their id until something is put on them.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import TypeAlias

from domain.kernel.history import Commit, Recorded
from projections.changes import Add, Change, Drop, Link, LinkType, NodeType, Property, Put, Unlink
from projections.projection import Projection

Values: TypeAlias = dict[str, Property | None]
"""Properties as a batch writes them; None takes one away."""

Row: TypeAlias = dict[str, str | int | Values]
"""A node `{id, p}`, a number `{id, by}`, a link `{s, t, p}`; to remove: a link `{s, t}`, the links out of a node `{s}`,
a node `{id}`."""


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

    DROP = "drop"
    CLEAR = "clear"
    UNLINK = "unlink"
    PUT = "put"
    ADD = "add"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Shape:
    """Rows that one part of a statement writes: nodes of a label, a number in them, or links of a type."""

    verb: Verb
    of: NodeType | LinkType
    counter: str = ""


def shapes(projection: Projection) -> tuple[Shape, ...]:
    """Every shape that a batch of the projection can have, in the order in which they are to be written."""
    return (
        *(Shape(Verb.DROP, node) for node in projection.nodes if node.goes),
        *(Shape(Verb.CLEAR, link) for link in projection.links),
        *(Shape(Verb.UNLINK, link) for link in projection.links),
        *(Shape(Verb.PUT, node) for node in projection.nodes),
        *(Shape(Verb.ADD, node, counter) for node in projection.nodes for counter in node.counters),
        *(Shape(Verb.LINK, link) for link in projection.links),
    )


@dataclass(slots=True)
class Batch:
    """What a run of changes comes to.

    `nodes` is by label and id, `added` by label, property and id; `links` by type, source and target, with None where
    the link ends; `cleared` holds the sources whose links of that type were all removed before those in `links` were
    put, and `dropped`, by label, the nodes that were removed before all that.
    """

    nodes: dict[str, dict[str, Values]] = field(default_factory=dict)
    added: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    dropped: dict[str, set[str]] = field(default_factory=dict)
    links: dict[LinkType, dict[str, dict[str, Values | None]]] = field(default_factory=dict)
    cleared: dict[LinkType, set[str]] = field(default_factory=dict)

    def add(self, change: Change) -> None:
        """Fold one more change in."""
        if isinstance(change, Put):
            self._put(change)
        elif isinstance(change, Link):
            self._node(change.type.source, change.source)
            self._node(change.type.target, change.target)
            self._links(change.type, change.source)[change.target] = written(change)
        elif isinstance(change, Unlink):
            self._unlink(change)
        elif isinstance(change, Add):
            self._add(change)
        else:
            self._drop(change)

    def rows(self, shape: Shape) -> list[Row]:
        """What this shape has to write, sorted by id."""
        kind = shape.of
        if isinstance(kind, NodeType):
            return self._node_rows(shape.verb, kind.label, shape.counter)
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

    def _node_rows(self, verb: Verb, label: str, counter: str) -> list[Row]:
        if verb is Verb.PUT:
            return [{"id": id, "p": values} for id, values in sorted(self.nodes.get(label, {}).items())]
        if verb is Verb.ADD:
            return [{"id": id, "by": by} for id, by in sorted(self.added.get(label, {}).get(counter, {}).items())]
        return [{"id": id} for id in sorted(self.dropped.get(label, ()))]

    def _put(self, change: Put) -> None:
        values = written(change)
        self._node(change.label, change.id).update(values)
        for counter, numbers in self.added.get(change.label, {}).items():
            if counter in values:
                numbers.pop(change.id, None)

    def _add(self, change: Add) -> None:
        values = self._node(change.label, change.id)
        if (name := change.property) in values:
            values[name] = number(values[name]) + change.by
        else:
            numbers = self.added.setdefault(change.label, {}).setdefault(name, {})
            numbers[change.id] = numbers.get(change.id, 0) + change.by

    def _unlink(self, change: Unlink) -> None:
        targets = self._links(change.type, change.source)
        if change.target is None:
            targets.clear()
            self.cleared.setdefault(change.type, set()).add(change.source)
        else:
            targets[change.target] = None

    def _drop(self, change: Drop) -> None:
        """What was said about the node in this batch counts no more; what was there before is dropped with it."""
        label, id = change.label, change.id
        self.dropped.setdefault(label, set()).add(id)
        self.nodes.get(label, {}).pop(id, None)
        for numbers in self.added.get(label, {}).values():
            numbers.pop(id, None)
        for kind, by_source in self.links.items():
            if kind.source == label:
                by_source.pop(id, None)
                self.cleared.get(kind, set()).discard(id)
            if kind.target == label:
                for targets in by_source.values():
                    targets.pop(id, None)

    def _node(self, label: str, id: str) -> Values:
        return self.nodes.setdefault(label, {}).setdefault(id, {})

    def _links(self, kind: LinkType, source: str) -> dict[str, Values | None]:
        return self.links.setdefault(kind, {}).setdefault(source, {})


def fold(projection: Projection, commits: Iterable[Commit], without: Container[int] = ()) -> Batch:
    """The batch of these commits, but for the events at the positions `without`.

    Raises Unprojectable for the first fact that the projection cannot apply.
    """
    declared = _declared(projection)
    counted = {node.label: set(node.counters) for node in projection.nodes if node.counters}
    batch = Batch()
    for commit in commits:
        for recorded in commit.events:
            if recorded.position in without:
                continue
            try:
                for change in projection.project(recorded, commit.context):
                    if (kind := _kind(change)) not in declared:
                        raise LookupError(f"{projection.name} declares no {kind}")
                    if isinstance(change, Put) and (counters := counted.get(change.label)):
                        for name in counters & change.set.keys():
                            number(change.set[name])
                    batch.add(change)
            except Exception as cause:
                raise Unprojectable(recorded, cause) from cause
    return batch


def inapplicable(projection: Projection, commit: Commit) -> frozenset[int]:
    """The positions of its events that cannot be applied."""
    without: frozenset[int] = frozenset()
    while True:
        try:
            fold(projection, [commit], without)
        except Unprojectable as broken:
            without |= {broken.position}
        else:
            return without


Declared: TypeAlias = str | LinkType | tuple[str, str]
"""What a projection declares: labels, kinds of link, and by label what else is done with such nodes."""


def _declared(projection: Projection) -> set[Declared]:
    return {
        *(node.label for node in projection.nodes),
        *((node.label, counter) for node in projection.nodes for counter in node.counters),
        *((node.label, "going") for node in projection.nodes if node.goes),
        *projection.links,
    }


def _kind(change: Change) -> Declared:
    if isinstance(change, Put):
        return change.label
    if isinstance(change, Add):
        return change.label, change.property
    if isinstance(change, Drop):
        return change.label, "going"
    return change.type


def number(value: Property | None) -> int:
    """A counter's value, where what is not there counts as 0. Raises TypeError for what is no whole number."""
    if value is None:
        return 0
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is no whole number to add to")
    return value


def written(change: Put | Link) -> Values:
    """The properties as every graph takes them: what goes is None, times are in UTC.

    Raises ValueError for what graphs do not hold alike: a missing value, a time without a zone, another id.
    """
    values: Values = dict(change.set)
    for name, value in values.items():
        if value is None or isinstance(value, datetime):
            values[name] = _value(name, value)
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

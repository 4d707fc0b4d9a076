"""Rows: a batch in the shapes in which a graph database takes it, each shape one statement.

Their order is the one in which they are written: nodes removed, links out of a node removed, single links removed,
nodes put with their links, numbers added to. A node that is removed and put again is written as both.

A link is written with the node that it leads out of, which is at hand then, and makes its other end if need be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from projections.batch import Batch
from projections.changes import LinkType, NodeType
from projections.projection import Projection
from projections.values import Values, Written

End: TypeAlias = dict[str, str | Written]
"""One link of a node: `{t, p}`, the id of its target and its properties."""

Row: TypeAlias = dict[str, str | int | Values | list[End]]
"""A node `{id, p}`, with its links of the first type that leads out of such nodes under `l0`, and so on; a number
`{id, by}`; to remove: a link `{s, t}`, the links out of a node `{s}`, a node `{id}`."""


class Verb(Enum):
    """What is done with the rows of a shape."""

    DROP = "drop"
    CLEAR = "clear"
    UNLINK = "unlink"
    PUT = "put"
    ADD = "add"


@dataclass(frozen=True, slots=True)
class Shape:
    """Rows that one statement writes: nodes of a label and the links out of them, a number in them, or links to go."""

    verb: Verb
    of: NodeType | LinkType
    counter: str = ""
    links: tuple[LinkType, ...] = ()


def shapes(projection: Projection) -> tuple[Shape, ...]:
    """Every shape that a batch of the projection can have, in the order in which they are to be written."""
    return (
        *(Shape(Verb.DROP, node) for node in projection.nodes if node.goes),
        *(Shape(Verb.CLEAR, link) for link in projection.links),
        *(Shape(Verb.UNLINK, link) for link in projection.links),
        *(
            Shape(Verb.PUT, node, links=tuple(link for link in projection.links if link.source == node.label))
            for node in projection.nodes
        ),
        *(Shape(Verb.ADD, node, counter) for node in projection.nodes for counter in node.counters),
    )


def all_rows(batch: Batch, shapes: Iterable[Shape]) -> dict[Shape, list[Row]]:
    """The rows of every shape that has any."""
    found = ((shape, rows(batch, shape)) for shape in shapes)
    return {shape: some for shape, some in found if some}


def rows(batch: Batch, shape: Shape) -> list[Row]:
    """What a batch has to write in this shape, sorted by id."""
    kind, verb = shape.of, shape.verb
    if isinstance(kind, LinkType):
        if verb is Verb.CLEAR:
            return [{"s": source} for source in sorted(batch.cleared.get(kind, ()))]
        gone = (
            (source, target)
            for source, targets in batch.links.get(kind, {}).items()
            for target, values in targets.items()
            if values is None
        )
        return [{"s": source, "t": target} for source, target in sorted(gone)]
    if verb is Verb.PUT:
        return list(_nodes(batch, kind, shape.links))
    if verb is Verb.ADD:
        numbers = batch.added.get(kind.label, {}).get(shape.counter, {})
        return [{"id": id, "by": by} for id, by in sorted(numbers.items())]
    return [{"id": id} for id in sorted(batch.dropped.get(kind.label, ()))]


def _nodes(batch: Batch, node: NodeType, links: tuple[LinkType, ...]) -> Iterator[Row]:
    """The nodes with their links, but for those of which nothing is said and which a link makes."""
    out = [(f"l{number}", batch.links.get(link, {})) for number, link in enumerate(links)]
    made = {
        target
        for kind, by_source in batch.links.items()
        if kind.target == node.label
        for targets in by_source.values()
        for target, values in targets.items()
        if values is not None
    }
    for id, values in sorted(batch.nodes.get(node.label, {}).items()):
        row: Row = {"id": id, "p": values}
        for name, by_source in out:
            if ends := _ends(by_source.get(id, {})):
                row[name] = ends
        if values or len(row) > 2 or id not in made:
            yield row


def _ends(targets: Mapping[str, Written | None]) -> list[End]:
    return [{"t": target, "p": values} for target, values in sorted(targets.items()) if values is not None]

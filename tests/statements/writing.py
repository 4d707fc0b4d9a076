"""Whatever the writer of a projection may write, written on both engines over the same graph, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeAlias

from small_graph import NOON

from infra.graphdb.generation import Generation
from infra.graphdb.writer import statement
from projections.changes import LinkType, NodeType
from projections.rows import End, Row, Shape, Verb, shapes
from projections.values import Values
from tests.statements.sides import Sides

Ids: TypeAlias = Callable[[str], list[str]]
ORDER = (Verb.PUT, Verb.ADD, Verb.UNLINK, Verb.CLEAR, Verb.DROP)
"""In this order each one finds something to do."""


def write_all(sides: Sides, generation: Generation, ids: Ids) -> Sides:
    """Write every shape of the projection, each kind of node with its links in a transaction that is taken back.

    `ids` gives the ids of some nodes that are there.
    """
    found = Sides(sides.one, sides.other)
    projection = generation.projection
    for node in projection.nodes:
        links = [link for link in projection.links if link.source == node.label]
        mine = [each for each in shapes(projection) if each.of == node or each.of in links]
        with found.together() as both:
            for shape in sorted(mine, key=lambda one: ORDER.index(one.verb)):
                both.run(statement(shape, generation), {"p": {"rows": rows(shape, ids)}})
                both.hold(node)
                for link in links:
                    both.hold(link)
    return found


def rows(shape: Shape, ids_of: Ids) -> list[Row]:
    """Rows of this shape over what is there and over what is not: for each property that a graph can hold one value."""
    kind = shape.of
    values: Values = {"text": "高速", "whole": 2**40, "part": 0.25, "yes": True, "words": ["a", "轴"], "none": []}
    values |= {"day": date(2026, 2, 28), "at": NOON + timedelta(microseconds=123456), "created": None}
    if isinstance(kind, NodeType):
        ids = [*ids_of(kind.label), "new"]
        if shape.verb is Verb.PUT:
            return [{"id": id, "p": values, **_links(shape.links, ids_of, values)} for id in ids]
        if shape.verb is Verb.ADD:
            return [{"id": id, "by": 2} for id in ids]
        return [{"id": id} for id in ids]
    sources, targets = ids_of(kind.source), ids_of(kind.target)
    if shape.verb is Verb.UNLINK:
        return [{"s": source, "t": target} for source in sources for target in targets[:1]]
    return [{"s": source} for source in (*sources[:1], "nobody")]


def _links(links: tuple[LinkType, ...], ids_of: Ids, values: Values) -> dict[str, list[End]]:
    """Links of every type to some that are there, and to one that is not."""
    return {
        f"l{number}": [{"t": target, "p": values} for target in (*ids_of(link.target), "new")]
        for number, link in enumerate(links)
    }

"""Pages in a plan: what is read for a connection of Relay, and what it is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import FieldNode, GraphQLObjectType

from gateway.paging import Order, Place, cursor_of, page_size
from gateway.planning.catalogue import Wanted
from gateway.planning.compilation import Compilation, Parameters, UnplannableError, object_type
from gateway.planning.completing import Items, Members, Typed
from gateway.planning.facets import Tables
from gateway.planning.scopes import Scope
from gateway.seeing import Predicate

PAGE_INFO = {
    "has_next_page": "r.more",
    "has_previous_page": "r.previous",
    "start_cursor": "r.start",
    "end_cursor": "r.end",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """The nodes of a scope in pages: which they are, their order, and how a page of them is asked for.

    `slot` and `prefix` are of the binder that calls `bound`; `further` says that the page begins after another one.
    `without` are the predicates that hold for facets whose own filter is given.
    """

    scope: Scope
    pattern: str
    predicate: Predicate
    order: Order
    slot: int
    prefix: str
    further: bool
    without: Mapping[str, Predicate] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """How many records a page holds at most, and whether it begins after another one."""

    size: int
    further: bool


def bound(arguments: Mapping[str, Any], prefix: str, parameters: Parameters) -> Asked:
    """Fill in what `first` and `after` say. Raises GatewayError."""
    size, after = page_size(arguments.get("first")), arguments.get("after")
    parameters[f"{prefix}limit"] = size + 1
    if after is not None:
        place = Place.parse(after)
        parameters[f"{prefix}value"], parameters[f"{prefix}after"] = place.value, place.id
    return Asked(size, after is not None)


class Page:
    """A connection, of rows in which these places hold the sort value and the id."""

    __slots__ = ("_id", "_place", "edges", "more", "previous", "tables", "total")

    def __init__(
        self,
        edges: Sequence[Any],
        place: int,
        id: int,
        total: int | None,
        *,
        more: bool,
        previous: bool,
        tables: Sequence[Any] = (),
    ) -> None:
        self.edges = edges
        self.more = more
        self.previous = previous
        self.total = total
        self.tables = tables
        self._place = place
        self._id = id

    @property
    def start(self) -> str | None:
        return cursor(self.edges[0], self._place, self._id) if self.edges else None

    @property
    def end(self) -> str | None:
        return cursor(self.edges[-1], self._place, self._id) if self.edges else None


def listed_page(
    rows: Sequence[Any], asked: Asked, place: int, id: int, total: int | None, tables: Sequence[Any]
) -> Page:
    """The page of a list, of which one row more was read than it shows."""
    more = len(rows) > asked.size
    return Page(rows[: asked.size], place, id, total, more=more, previous=asked.further, tables=tables)


def page_info(c: Compilation, field: Wanted, nodes: list[FieldNode]) -> tuple[Typed, str]:
    """What is wanted of the `pageInfo` of a `Page`."""

    def info(field: Wanted, nodes: list[FieldNode]) -> tuple[Typed, str]:
        return c.value(field.definition.type, nodes), PAGE_INFO[field.attribute]

    return Typed(c.members(object_type(field.definition.type), nodes, info), True), "r"


def cursor(row: Sequence[Any], place: int, id: int) -> str:
    """The cursor of a record, by the places of its sort value and its id."""
    return cursor_of(row[place], row[id])


def connection(
    c: Compilation,
    listed: Listed,
    kind: GraphQLObjectType,
    nodes: list[FieldNode],
    record: Callable[[Compilation, list[FieldNode], Scope], Members],
    read: Callable[[str], int],
) -> tuple[Typed, str]:
    """A connection of these nodes, of which `record` says what is wanted.

    `read` gives the place of a subquery in what is read around it.
    """
    scope, order = listed.scope, listed.order
    tables = Tables(c, listed.pattern, listed.predicate, listed.without)
    asked: set[str] = set()

    def make(field: Wanted, nodes: list[FieldNode]) -> tuple[Typed, str]:
        asked.add(field.attribute)
        kind = field.definition.type
        match field.attribute:
            case "edges":
                edges = c.members(object_type(kind), nodes, edge)
                return Typed(Items(Typed(edges, False)), True), "r.edges"
            case "page_info":
                return page_info(c, field, nodes)
            case "facets" if scope.depth:
                raise UnplannableError("facets of neighbours")
            case "facets":
                return Typed(c.members(object_type(kind), nodes, tables.make), True), "r.tables"
        return c.value(kind, nodes), "r.total"

    def edge(field: Wanted, nodes: list[FieldNode]) -> tuple[Typed, str]:
        if field.attribute == "node":
            return Typed(record(c, nodes, scope), False), "r"
        places = f"{scope.property(order.property)}, {scope.property('id')}"
        return c.value(field.definition.type, nodes), f"{c.source.name(cursor)}(r, {places})"

    members = c.members(kind, nodes, make)
    counted, total = tables.read(read, "total_count" in asked)
    places, rows = "0, 0", "()"
    if asked & {"edges", "page_info"}:
        places = f"{scope.property(order.property)}, {scope.property('id')}"
        if listed.further:
            value, after = f"{listed.prefix}value", f"{listed.prefix}after"
            listed.predicate.add(order.beyond(value, after, scope.node))
        elif not scope.depth:
            listed.predicate.add(order.anywhere())
        rest = f"WITH {scope.node} {order.clause(scope.node)} LIMIT ${listed.prefix}limit"
        rows = f"r[{read(scope.collected(listed.pattern, listed.predicate.where(), rest))}]"
    page = f"{c.source.name(listed_page)}({rows}, c.slots[{listed.slot}], {places}, {total}, {counted})"
    return Typed(members, True), page

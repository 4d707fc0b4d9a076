"""A search in a plan: the index says which records and in which order, and the statement reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql import FieldNode, GraphQLField

from gateway.context import Request
from gateway.indexing import searched
from gateway.planning.catalogue import Wanted
from gateway.planning.compilation import Compilation, Parameters, Variables, object_type, varies
from gateway.planning.completing import Either, Items, Typed
from gateway.planning.pages import Page, cursor, page_info
from gateway.planning.records import record
from gateway.planning.scopes import Scope
from gateway.roots.search import Sought, kinds, sought

SCORE, ID, RECORD = 0, 1, 2
"""The places in a result."""


def results(found: Sought, rows: Mapping[str, Sequence[Any]], ids: Mapping[str, int]) -> Page:
    """The page of a search: of the hits those whose records are there, each with its score, its id and its record."""
    records = {row[ids[label]]: (label, row) for label, of_label in rows.items() for row in of_label}
    edges = [(hit.score, hit.id, records[hit.id]) for hit in found.hits if hit.id in records]
    return Page(edges, SCORE, ID, found.total, more=found.more, previous=found.previous)


def search(
    c: Compilation, definition: GraphQLField, nodes: list[FieldNode], read: Callable[[str], int]
) -> tuple[Typed, str]:
    """The connection of a search; `read` gives the place of a subquery in the record."""
    arguments, prefix = c.arguments(definition, nodes[0]), c.prefix()
    labels = list(searched()) if varies(nodes[0], "among") else kinds(arguments(c.variables))
    scopes = {label: Scope(label, 0) for label in labels}
    asked: set[str] = set()

    def bind(request: Request, variables: Variables, parameters: Parameters) -> Sought:
        page = sought(request, arguments(variables))
        for label in labels:
            parameters[f"{prefix}{label}"] = [hit.id for hit in page.hits if hit.kind == label]
        return page

    def make(field: Wanted, nodes: list[FieldNode]) -> tuple[Typed, str]:
        asked.add(field.attribute)
        kind = field.definition.type
        match field.attribute:
            case "edges":
                return Typed(Items(Typed(c.members(object_type(kind), nodes, edge), True)), True), "r.edges"
            case "page_info":
                return page_info(c, field, nodes)
        return c.value(kind, nodes), "r.total"

    def edge(field: Wanted, nodes: list[FieldNode]) -> tuple[Typed, str]:
        match field.attribute:
            case "node":
                options = {label: record(c, nodes, scope) for label, scope in scopes.items()}
                return Typed(Either(options), True), f"r[{RECORD}]"
            case "score":
                return c.value(field.definition.type, nodes), f"r[{SCORE}]"
        return c.value(field.definition.type, nodes), f"{c.source.name(cursor)}(r, {SCORE}, {ID})"

    slot = c.slot(bind)
    c.searches = True
    members = c.members(object_type(definition.type), nodes, make)
    rows, ids = [], {}
    if asked & {"edges", "page_info"}:
        for label, scope in scopes.items():
            ids[label] = scope.property("id")
            predicate = c.seen(scope)
            predicate.add(f"n.id IN ${prefix}{label}")
            found = scope.collected(f"(n:{label})", predicate.where(), "WITH n ORDER BY n.id")
            rows.append(f"{label!r}: r[{read(found)}]")
    made = f"{c.source.name(results)}(c.slots[{slot}], {{{', '.join(rows)}}}, {c.source.name(ids)})"
    return Typed(members, True), made

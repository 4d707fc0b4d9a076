"""Records in a plan: what is read of a node, of its neighbours, and of the links to them."""

from __future__ import annotations

from functools import partial

from graphql import FieldNode, GraphQLField, GraphQLOutputType

from gateway.context import Request
from gateway.loading import Neighbours, answering, may_answer
from gateway.made import Links, Many, One, Own
from gateway.paging import MOST, NEWEST
from gateway.planning.catalogue import Wanted, node_type
from gateway.planning.compilation import (
    Compilation,
    Parameters,
    UnplannableError,
    Variables,
    object_type,
)
from gateway.planning.completing import Items, Members, Typed
from gateway.planning.pages import Asked, Listed, bound, connection
from gateway.planning.scopes import Scope


def record(c: Compilation, nodes: list[FieldNode], scope: Scope) -> Members:
    """What is wanted of the nodes of a scope."""
    return c.members(node_type(scope.label), nodes, partial(_field, c, scope))


def _field(c: Compilation, scope: Scope, field: Wanted, nodes: list[FieldNode]) -> tuple[Typed, str]:
    kind = field.definition.type
    match field.made:
        case One(neighbours):
            return _neighbour(c, scope, neighbours, nodes)
        case Many(neighbours):
            return _neighbours(c, scope, neighbours, field.definition, nodes)
        case Links() as links:
            return _links(c, scope, links, kind, nodes)
        case Own() as own:
            return c.value(kind, nodes), _own(c, scope, own)
        case None:
            return c.value(kind, nodes), c.or_default(f"r[{scope.property(field.attribute)}]", field)
    raise UnplannableError(field.attribute)


def _own(c: Compilation, scope: Scope, own: Own) -> str:
    values = "".join(f", r[{scope.property(name)}]" for name in own.properties)
    made = f"{c.source.name(own.make)}(c.request{values})"
    if not own.guarded:
        return made
    conditions = [f"r[{scope.property(own.public_if)}]"] if own.public_if else []
    if may_answer(c.request, scope.label):
        conditions.append(f"r[{scope.read(answering(scope.label, scope.node))}]")
    return f"{made} if {' or '.join(conditions)} else None" if conditions else "None"


def _neighbour(c: Compilation, scope: Scope, neighbours: Neighbours, nodes: list[FieldNode]) -> tuple[Typed, str]:
    there = scope.below(neighbours.there)
    members = record(c, nodes, there)
    rest = f"WITH {there.node} {NEWEST.clause(there.node)} LIMIT 1"
    place = scope.read(there.collected(_pattern(scope, neighbours, there), c.seen(there).where(), rest))
    return Typed(members, False), first(place)


def _neighbours(
    c: Compilation, scope: Scope, neighbours: Neighbours, definition: GraphQLField, nodes: list[FieldNode]
) -> tuple[Typed, str]:
    arguments, prefix = c.arguments(definition, nodes[0]), c.prefix()

    def bind(_request: Request, variables: Variables, parameters: Parameters) -> Asked:
        return bound(arguments(variables), prefix, parameters)

    slot = c.slot(bind)
    there = scope.below(neighbours.there)
    further = arguments(c.variables).get("after") is not None
    pattern = _pattern(scope, neighbours, there)
    listed = Listed(there, pattern, c.seen(there), NEWEST, slot, prefix, further)
    return connection(c, listed, object_type(definition.type), nodes, record, scope.read)


def _links(
    c: Compilation, scope: Scope, links: Links, kind: GraphQLOutputType, nodes: list[FieldNode]
) -> tuple[Typed, str]:
    there = scope.below(links.neighbours.there)
    there.property("id")

    def make(field: Wanted, nodes: list[FieldNode]) -> tuple[Typed, str]:
        if field.attribute == links.end:
            return Typed(record(c, nodes, there), True), "r"
        place = there.read(f"{there.link}.{field.attribute}")
        return c.value(field.definition.type, nodes), c.or_default(f"r[{place}]", field)

    members = c.members(object_type(kind), nodes, make)
    rest = f"WITH {there.node}, {there.link} {NEWEST.clause(there.node)} LIMIT {MOST}"
    place = scope.read(there.collected(_pattern(scope, links.neighbours, there), c.seen(there).where(), rest))
    return Typed(Items(Typed(members, True)), True), f"r[{place}]"


def _pattern(scope: Scope, neighbours: Neighbours, there: Scope) -> str:
    return neighbours.between(scope.node, there.node, there.link)


def first(place: int) -> str:
    """The source of the only row of a list, or of nothing."""
    return f"r[{place}][0] if r[{place}] else None"

"""Compiling: an operation becomes one statement, which gives one record of nested arrays, and what reads the record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import FieldNode, FragmentDefinitionNode, GraphQLField, GraphQLObjectType, OperationDefinitionNode
from graphql.execution.collect_fields import collect_fields

from domain.kernel.ids import prefix_of
from gateway.context import Request
from gateway.listing import Noun, narrow
from gateway.loading import labels_by_prefix
from gateway.planning.catalogue import lists, look_ups
from gateway.planning.compilation import (
    TYPENAME,
    Asking,
    Binder,
    Compilation,
    Parameters,
    UnplannableError,
    Variables,
    object_type,
)
from gateway.planning.completing import Members, Selected, Source, Typed, quick
from gateway.planning.pages import Asked, Listed, bound, connection
from gateway.planning.ranked import search
from gateway.planning.records import first, record
from gateway.planning.scopes import Reads, Scope
from gateway.planning.together import statement
from gateway.schema import schema
from gateway.seeing import Predicate


@dataclass(frozen=True, slots=True)
class Plan:
    """A statement, what fills its parameters, and the members of the answer, made of the only record that it gives.

    It holds for all who see the same, and for all variables of the same shape. Without a statement there is nothing to
    read. One that `searches` asks the index of words, too.
    """

    statement: str | None
    constants: Parameters
    binders: Sequence[Binder]
    members: Members
    source: Source
    build: Callable[[Any, Asking], dict[str, Any]]
    searches: bool

    def bound(self, request: Request, variables: Variables) -> tuple[Parameters, Asking]:
        """The parameters of the statement, and what the answer takes. Raises GatewayError for what cannot be asked."""
        parameters = {**self.constants, "viewer_station": request.viewer.station_id}
        return parameters, Asking(request, [bind(request, variables, parameters) for bind in self.binders])


def compiled(
    operation: OperationDefinitionNode,
    fragments: dict[str, FragmentDefinitionNode],
    request: Request,
    variables: dict[str, Any],
) -> Plan:
    """The plan of a query of a valid document, for those who see what this viewer sees, and variables of this shape.

    Raises UnplannableError, and GatewayError for what cannot be asked.
    """
    return _Roots(Compilation(fragments, request, variables)).plan(operation)


@dataclass
class _Roots:
    """The fields of the query root; each subquery is a column of the record."""

    c: Compilation
    columns: Reads = field(default_factory=Reads)

    def plan(self, operation: OperationDefinitionNode) -> Plan:
        root, c = schema().query_type, self.c
        assert root is not None
        found = collect_fields(schema(), c.fragments, c.variables, root, operation.selection_set)
        members = Members([self._selected(root, key, nodes) for key, nodes in found.items()])
        asked = statement(c.calls, expressions) if (expressions := self.columns.expressions) else None
        return Plan(asked, c.constants, c.binders, members, c.source, quick(c.source, members), c.searches)

    def _selected(self, root: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> Selected:
        name = nodes[0].name.value
        place = f"{root.name}.{name}"
        if name == "__typename":
            return Selected(key, nodes, place, TYPENAME, repr(root.name))
        if name in lists():
            typed, source = self._list(lists()[name], root.fields[name], nodes)
        elif name == "search":
            typed, source = search(self.c, root.fields[name], nodes, self.columns.read)
        elif name == "node" or name in look_ups():
            typed, source = self._look_up(look_ups().get(name), root.fields[name], nodes)
        else:
            raise UnplannableError(name)
        return Selected(key, nodes, place, typed, source)

    def _list(self, noun: Noun, definition: GraphQLField, nodes: list[FieldNode]) -> tuple[Typed, str]:
        arguments, prefix = self.c.arguments(definition, nodes[0]), self.c.prefix()
        given = arguments(self.c.variables)
        order, scope = noun.order(given.get("order_by")), Scope(noun.label, 0)
        filter = given.get("filter") or {}

        def kept(without: str | None = None) -> Predicate:
            return narrow(self.c.seen(scope), noun, self.c.request, filter, prefix, without=without)

        def bind(request: Request, variables: Variables, parameters: Parameters) -> Asked:
            asked = arguments(variables)
            parameters.update(narrow(Predicate(), noun, request, asked.get("filter"), prefix).parameters)
            return bound(asked, prefix, parameters)

        slot, further = self.c.slot(bind), given.get("after") is not None
        without = {name: kept(without=name) for name, value in filter.items() if value is not None}
        listed = Listed(scope, f"(n:{noun.label})", kept(), order, slot, prefix, further, without)
        return connection(self.c, listed, object_type(definition.type), nodes, record, self.columns.read)

    def _look_up(self, noun: Noun | None, definition: GraphQLField, nodes: list[FieldNode]) -> tuple[Typed, str]:
        """The record with an id, of this noun or of any."""
        arguments, parameter = self.c.arguments(definition, nodes[0]), f"{self.c.prefix()}id"
        kind = prefix_of(arguments(self.c.variables)["id"])
        label = labels_by_prefix().get(kind)
        if label is None or (noun is not None and kind != noun.prefix):
            return Typed(Members([]), False), "None"

        def bind(_request: Request, variables: Variables, parameters: Parameters) -> None:
            parameters[parameter] = arguments(variables)["id"]

        self.c.slot(bind)
        scope = Scope(label, 0)
        members = record(self.c, nodes, scope)
        predicate = self.c.seen(scope)
        predicate.add(f"n.id = ${parameter}")
        return Typed(members, False), first(self.columns.read(scope.collected(f"(n:{label})", predicate.where())))

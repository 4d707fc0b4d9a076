"""A compilation: what is gathered while an operation becomes a plan, and what all its fields have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLString,
    VariableNode,
    Visitor,
    get_named_type,
    visit,
)
from graphql.execution.collect_fields import collect_sub_fields
from graphql.execution.values import get_argument_values

from gateway.context import Request
from gateway.loading import visible
from gateway.made import Part
from gateway.planning.catalogue import Wanted, wanted
from gateway.planning.completing import Items, Leaf, Members, Selected, Source, Typed
from gateway.planning.scopes import Scope
from gateway.schema import schema
from gateway.seeing import Predicate

Variables: TypeAlias = Mapping[str, Any]
Parameters: TypeAlias = dict[str, Any]
Arguments: TypeAlias = Callable[[Variables], dict[str, Any]]
Binder: TypeAlias = Callable[[Request, Variables, Parameters], Any]
"""What is different in each asking: it fills parameters in, and gives what the answer takes."""
Maker: TypeAlias = Callable[[Wanted, list[FieldNode]], tuple[Typed, str]]
"""How a field of an object is made: its type, and the source of its value."""

TYPENAME = Typed(Leaf(GraphQLString), True)


class UnplannableError(Exception):
    """The operation asks for something that is not read from the graph in one statement."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One asking for the answer of a plan: the request, and what the binders gave."""

    request: Request
    slots: Sequence[Any]


@dataclass
class Compilation:
    """One compilation, for those who see what this viewer sees, and for variables of the shape of these."""

    fragments: dict[str, FragmentDefinitionNode]
    request: Request
    variables: dict[str, Any]
    source: Source = field(default_factory=Source)
    constants: Parameters = field(default_factory=dict)
    binders: list[Binder] = field(default_factory=list)
    searches: bool = False
    calls: dict[str, str] = field(default_factory=dict)

    # -- fields ------------------------------------------------------------------------

    def members(self, kind: GraphQLObjectType, nodes: list[FieldNode], make: Maker) -> Members:
        """The fields that are wanted of an object, each made so."""
        found = collect_sub_fields(schema(), self.fragments, self.variables, kind, nodes)
        return Members([self._selected(kind, key, of_key, make) for key, of_key in found.items()])

    def _selected(self, kind: GraphQLObjectType, key: str, nodes: list[FieldNode], make: Maker) -> Selected:
        name = nodes[0].name.value
        place = f"{kind.name}.{name}"
        if name == "__typename":
            return Selected(key, nodes, place, TYPENAME, repr(kind.name))
        typed, source = make(wanted(kind.name)[name], nodes)
        return Selected(key, nodes, place, typed, source)

    def value(self, kind: GraphQLOutputType, nodes: list[FieldNode]) -> Typed:
        """The type of a value that is no node, with what is wanted of it."""
        if isinstance(kind, GraphQLNonNull):
            return Typed(self.value(kind.of_type, nodes).kind, True)
        if isinstance(kind, GraphQLList):
            return Typed(Items(self.value(kind.of_type, nodes)), False)
        if isinstance(kind, GraphQLScalarType | GraphQLEnumType):
            return Typed(Leaf(kind), False)
        assert isinstance(kind, GraphQLObjectType)
        return Typed(self.members(kind, nodes, self._part), False)

    def _part(self, field: Wanted, nodes: list[FieldNode]) -> tuple[Typed, str]:
        """A field of an object that is no node."""
        if isinstance(field.made, Part):
            given = self._given(field.definition, nodes[0])
            source = f"{self.source.name(field.made.make)}(c.request, r{given})"
        elif field.made is None:
            source = self.or_default(f"r.get({field.attribute!r})", field)
        else:
            raise UnplannableError(field.attribute)
        return self.value(field.definition.type, nodes), source

    def or_default(self, source: str, field: Wanted) -> str:
        """The value, or what the field says instead of null."""
        if field.default is None:
            return source
        return f"{self.source.name(_or_default)}({source}, {self.source.name(field.default)})"

    # -- arguments and conditions ------------------------------------------------------

    def arguments(self, definition: GraphQLField, node: FieldNode) -> Arguments:
        """The arguments of a field, for the variables of an asking."""
        if varies(node):
            return lambda variables: get_argument_values(definition, node, dict(variables))
        constant = get_argument_values(definition, node, {})
        return lambda _variables: constant

    def _given(self, definition: GraphQLField, node: FieldNode) -> str:
        """The arguments as they are given to a function."""
        arguments = self.arguments(definition, node)
        if varies(node):
            return f", **c.slots[{self.slot(lambda _request, variables, _parameters: arguments(variables))}]"
        constant = arguments({})
        return f", **{self.source.name(constant)}" if constant else ""

    def slot(self, binder: Binder) -> int:
        """Where an asking holds what this binder gives."""
        self.binders.append(binder)
        return len(self.binders) - 1

    def called(self, clauses: str, value: str) -> str:
        """The name of the only value that these clauses come to, in a subquery that stands before all that is read.

        What groups has to stand there: Neo4j takes it for a grouping of what stands around it otherwise.
        """
        return self.calls.setdefault(f"{clauses} RETURN {value}", f"called{len(self.calls)}")

    def prefix(self) -> str:
        """What the names of parameters begin with that the next binder fills in."""
        return f"p{len(self.binders)}_"

    def seen(self, scope: Scope) -> Predicate:
        """What the nodes of a scope must fulfil so that the viewer sees them."""
        predicate = visible(self.request, scope.label, scope.node)
        self.constants.update(predicate.parameters)
        return predicate


def object_type(kind: GraphQLOutputType) -> GraphQLObjectType:
    """The type of an object, or of those in a list."""
    named = get_named_type(kind)
    assert isinstance(named, GraphQLObjectType)
    return named


def varies(node: FieldNode, *names: str) -> bool:
    """Whether the arguments of a field, or of these names, depend on variables."""
    found: list[VariableNode] = []

    class Variables(Visitor):
        def enter_variable(self, variable: VariableNode, *_: Any) -> None:
            found.append(variable)

    for argument in node.arguments:
        if not names or argument.name.value in names:
            visit(argument, Variables())
    return bool(found)


def _or_default(value: Any, default: Any) -> Any:
    return default if value is None else value

"""Documents at random: what hypothesis-graphql makes of the schema, brought to life with what the graph holds.

hypothesis-graphql says which fields are asked for, within each other; it writes all else as plain values that no record
has. So the arguments are chosen anew, mostly such that something is found, and much of what GraphQL lets one write is
put in: variables with and without defaults, fragments with and without names, names of the sender's own, conditions.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLInputObjectType,
    GraphQLNonNull,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    parse,
)
from hypothesis import assume
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

from chance.known import Known
from chance.values import Place, Values, literal, named
from gateway.operations import DocumentError, operation
from gateway.planning.catalogue import lists, look_ups
from gateway.schema import sdl

DEEPEST = 9
"""Levels of fields: a page of pages of pages."""
MOST = 8
"""Members of one selection."""
ODDS = {"after": 3, "first": 6, "filter": 6, "orderBy": 5}
"""In how many of ten cases an argument is given that need not be; half of them for others."""
SCALARS = {
    "Position": st.integers(0, 1000).map(nodes.Int),
    "Date": st.dates().map(lambda day: nodes.String(day.isoformat())),
    "DateTime": st.datetimes().map(lambda moment: nodes.String(moment.isoformat())),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A document and its variables."""

    text: str
    variables: dict[str, Any]


def planned_roots() -> tuple[str, ...]:
    """The roots of the query that are read by a plan."""
    return ("node", *lists(), *look_ups())


@cache
def _selections(fields: tuple[str, ...] | None) -> st.SearchStrategy[str]:
    """What hypothesis-graphql asks for, of these roots or of all."""
    made: st.SearchStrategy[str] = queries(sdl(), fields=fields, custom_scalars=SCALARS)
    return made


@st.composite
def questions(draw: st.DrawFn, known: Known, fields: Collection[str] | None = None) -> Question:
    """A valid question within the limits, of these roots; of the planned ones in most cases where none are named."""
    roots = tuple(fields) if fields is not None else planned_roots() if draw(st.integers(0, 9)) < 8 else None
    made = parse(draw(_selections(roots))).definitions[0]
    assert isinstance(made, OperationDefinitionNode)
    question = _Writing(Values(draw, known)).question(made)
    assume(_is_within_limits(question))
    return question


def _is_within_limits(question: Question) -> bool:
    """Whether it is not too much. Raises DocumentError where it is not even valid: that was written wrongly."""
    try:
        operation(question.text, None).variables(question.variables)
    except DocumentError as error:
        if all((each.extensions or {}).get("code") == "TOO_MUCH" for each in error.errors):
            return False
        raise
    return True


@dataclass(slots=True)
class _Writing:
    """A question that is being written."""

    values: Values
    variables: dict[str, Any] = field(default_factory=dict)
    declared: list[str] = field(default_factory=list)
    fragments: list[str] = field(default_factory=list)
    numbers: Any = field(default_factory=count)

    def question(self, made: OperationDefinitionNode) -> Question:
        body = self._selection(made.selection_set.selections, named("Query"), DEEPEST)
        head = f"query ({', '.join(self.declared)}) " if self.declared else ""
        return Question("\n".join([f"{head}{body}", *self.fragments]), self.variables)

    # -- selections -------------------------------------------------------------------

    def _selection(self, selections: Sequence[SelectionNode], kind: Any, depth: int) -> str:
        members = [text for each in selections[:MOST] if (text := self._member(each, kind, depth))]
        if not members or self.values.chance(1):
            members.append("__typename")
        body = f"{{ {' '.join(members)} }}"
        if kind.name == "Query" or not self.values.chance(1):
            return body
        if self.values.chance(5):
            return f"{{ ... on {kind.name}{self._condition()} {body} __typename }}"
        name = f"f{next(self.numbers)}"
        self.fragments.append(f"fragment {name} on {kind.name} {body}")
        return f"{{ ...{name}{self._condition()} again: __typename }}"

    def _member(self, member: SelectionNode, kind: Any, depth: int) -> str:
        if isinstance(member, InlineFragmentNode):
            assert member.type_condition is not None
            narrower = named(member.type_condition.name.value)
            return f"... on {narrower.name} {self._selection(member.selection_set.selections, narrower, depth)}"
        assert isinstance(member, FieldNode)
        name = member.name.value
        if name == "__typename":
            return name
        definition = kind.fields[name]
        inner = get_named_type(definition.type)
        if not is_leaf_type(inner) and depth <= 1:
            return ""
        given = [
            f"{argument}: {self._given(Place(kind.name, name, argument), each)}"
            for argument, each in definition.args.items()
            if is_required_argument(each) or self.values.chance(ODDS.get(argument, 5))
        ]
        alias = member.alias.value if member.alias else f"a{next(self.numbers)}" if self.values.chance(2) else ""
        arguments = f"({', '.join(given)})" if given else ""
        said = f"{f'{alias}: ' if alias else ''}{name}{arguments}{self._condition()}"
        below = member.selection_set
        return f"{said} {self._selection(below.selections, inner, depth - 1)}" if below else said

    def _condition(self) -> str:
        """Now and then a directive that leaves a selection out, or does not."""
        if not self.values.chance(1):
            return ""
        value = self.values.one_of((True, True, False))
        return f" @{self.values.one_of(('include', 'skip'))}(if: {self._variable('Boolean!', value, named('Boolean'))})"

    # -- arguments --------------------------------------------------------------------

    def _given(self, place: Place, argument: GraphQLArgument) -> str:
        """The value of an argument: as it is, or by a variable; in an object, any of its members by a variable."""
        value = self.values.value(place, argument.type)
        if self.values.chance(2):
            return self._variable(str(argument.type), value, argument.type)
        kind: Any = argument.type.of_type if isinstance(argument.type, GraphQLNonNull) else argument.type
        if not isinstance(kind, GraphQLInputObjectType):
            return literal(value, kind)
        members = [
            f"{name}: {self._variable(str(each), held, each) if self.values.chance(2) else literal(held, each)}"
            for name, held in value.items()
            for each in (kind.fields[name].type,)
        ]
        return f"{{{', '.join(members)}}}"

    def _variable(self, type: str, value: Any, kind: Any) -> str:
        """A new variable that has this value, given or by default; one that may be null is left out now and then."""
        name = f"v{next(self.numbers)}"
        may_be_null = not (isinstance(kind, GraphQLNonNull) or type.endswith("!"))
        match self.values.one_of(("given", "given", "default", "both", "neither", "null")):
            case "default":
                self.declared.append(f"${name}: {type} = {literal(value, kind)}")
            case "both":
                self.declared.append(f"${name}: {type} = {literal(value, kind)}")
                self.variables[name] = value
            case "neither" if may_be_null:
                self.declared.append(f"${name}: {type}")
            case "null" if may_be_null:
                self.declared.append(f"${name}: {type}")
                self.variables[name] = None
            case _:
                self.declared.append(f"${name}: {type}")
                self.variables[name] = value
        return f"${name}"

"""Values at random for the arguments of a question: mostly such as the graph knows, now and then any at all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    is_required_input_field,
)
from hypothesis import strategies as st

from chance.known import Known
from gateway.planning.catalogue import look_ups
from gateway.schema import schema

WORDS = ("", "膜", "x", "330000", "NL", "zh", "en", "2026-08-10", "%", "\\", "'", "{", "\u0000", "😀" * 9, "WzEsIiJd")
LABELS_OF = {"counterparts": ("Need", "Achievement", "Profile")}
"""Of what records a root is asked about; others take any."""
MOST_FILTERS = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value is wanted: the type and the field that take the argument, and the argument."""

    type: str
    field: str
    argument: str


@dataclass(frozen=True, slots=True)
class Values:
    """Draws values as JSON has them; members of enumerations are their names."""

    draw: st.DrawFn
    known: Known

    def chance(self, of_ten: int) -> bool:
        """True in about so many of ten cases."""
        return self.draw(st.integers(0, 9)) < of_ten

    def one_of(self, values: Sequence[Any]) -> Any:
        return self.draw(st.sampled_from(values))

    def value(self, place: Place, kind: Any) -> Any:
        """A value of an input type for this argument."""
        if isinstance(kind, GraphQLNonNull):
            return self.value(place, kind.of_type)
        if isinstance(kind, GraphQLInputObjectType):
            return self._members(place, kind)
        if isinstance(kind, GraphQLList):
            return [self.value(place, kind.of_type) for _ in range(self.one_of((0, 1, 1, 1, 2)))]
        if (known := self._known(place)) and self.chance(9):
            return self.one_of(known)
        return self.any(kind)

    def any(self, kind: Any) -> Any:
        """Any value of a scalar or an enumeration, whatever the graph knows."""
        if isinstance(kind, GraphQLEnumType):
            return self.one_of(sorted(kind.values))
        match kind.name:
            case "Int":
                return self.one_of((1, 2, 3, 5, 20, 0, 100, 101, -1, 2**31 - 1))
            case "Boolean":
                return self.one_of((True, False))
            case "Position":
                return self.one_of((0, 1, self.known.head // 2, self.known.head, self.known.head + 1, 10**17))
            case "Date":
                return self.draw(st.dates()).isoformat()
            case "DateTime":
                moment = self.draw(st.datetimes()).isoformat(timespec="milliseconds")
                return moment + self.one_of(("", "Z", "+08:00", "-12:00", "+14:00"))
            case "ID":
                return self.one_of((*self.known.every, *WORDS))
            case _:
                return self.one_of(WORDS)

    def _members(self, place: Place, kind: GraphQLInputObjectType) -> dict[str, Any]:
        required = [name for name, each in kind.fields.items() if is_required_input_field(each)]
        names = self.draw(st.lists(st.sampled_from(sorted(kind.fields)), max_size=MOST_FILTERS, unique=True))
        wanted = dict.fromkeys([*required, *names])
        return {name: self.value(Place(place.type, place.field, name), kind.fields[name].type) for name in wanted}

    def _known(self, place: Place) -> Sequence[Any]:
        """What the graph has for this argument."""
        known = self.known
        match place.argument:
            case "first":
                return (1, 2, 3, 5)
            case "after":
                return known.cursors.get(f"{place.type}.{place.field}", ())
            case "id" if place.field in look_ups():
                return known.ids.get(look_ups()[place.field].label, ())
            case "of":
                labels = LABELS_OF.get(place.field, tuple(known.ids))
                return [id for label in labels for id in known.ids.get(label, ())]
            case "position" | "asOf":
                return range(max(1, known.head // 3), known.head + 1)
            case "countries":
                return ("NL", "DE", "FR")
            case "lang":
                return ("zh", "en")
            case "id" | "from" | "to":
                return known.every
        return known.values.get((place.field, place.argument), ())


def literal(value: Any, kind: Any) -> str:
    """The value as it stands in a document."""
    if isinstance(kind, GraphQLNonNull):
        return literal(value, kind.of_type)
    if value is None:
        return "null"
    if isinstance(kind, GraphQLList):
        return f"[{', '.join(literal(each, kind.of_type) for each in value)}]"
    if isinstance(kind, GraphQLInputObjectType):
        return f"{{{', '.join(f'{name}: {literal(each, kind.fields[name].type)}' for name, each in value.items())}}}"
    return str(value) if isinstance(kind, GraphQLEnumType) else json.dumps(value)


def named(name: str) -> Any:
    """The type of this name in the schema."""
    return get_named_type(schema().type_map[name])

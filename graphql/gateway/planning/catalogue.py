"""The schema as plans read it: what each field of a type is made of, and what the fields of the query root look for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from graphene.utils.str_converters import to_camel_case
from graphql import GraphQLField, GraphQLObjectType

from gateway.listing import Noun
from gateway.made import Field, Made
from gateway.nouns import nouns
from gateway.schema import schema


@dataclass(frozen=True, slots=True)
class Wanted:
    """A field of a type: its definition, what it is called in Python, how it is made, and what stands for a null.

    It is the property, or the part, of its own name where nothing says how it is made.
    """

    definition: GraphQLField
    attribute: str
    made: Made | None
    default: Any


@cache
def wanted(type: str) -> dict[str, Wanted]:
    """The fields of an object type by their names in the schema."""
    kind = schema().type_map[type]
    assert isinstance(kind, GraphQLObjectType)
    found = {}
    made_from: Any = kind.graphene_type  # type: ignore[attr-defined]  # graphene's own
    for attribute, field in made_from._meta.fields.items():
        name = field.name or to_camel_case(attribute)
        made = field.made if isinstance(field, Field) else None
        found[name] = Wanted(kind.fields[name], attribute, made, field.default_value)
    return found


@cache
def lists() -> dict[str, Noun]:
    """The fields of the query root that list the records of a noun."""
    return {to_camel_case(noun.plural): noun for noun in nouns()}


@cache
def look_ups() -> dict[str, Noun]:
    """Those that look one up."""
    return {to_camel_case(noun.singular): noun for noun in nouns()}


@cache
def node_type(label: str) -> GraphQLObjectType:
    """The type of the nodes with this label."""
    kind = schema().type_map[label]
    assert isinstance(kind, GraphQLObjectType)
    return kind

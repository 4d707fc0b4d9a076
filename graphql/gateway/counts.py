"""Counts by facet in GraphQL: a type for each kind of value, and the facets of a list by the filters that take them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from functools import cache
from typing import Any

import graphene

from domain.reference.countries import country
from domain.reference.keywords import KeywordTree
from domain.reference.languages import language_name
from domain.reference.regions import region
from gateway.enums import enum_type
from gateway.facets import Facet
from gateway.fields import Bilingual
from gateway.made import Field
from projections.changes import LinkType


def _count_type(name: str, of: Any, words: str, *, named: bool = False) -> Any:
    """A type for a value of this kind with its count."""
    members: dict[str, Any] = {
        "__doc__": words,
        "value": graphene.Field(of, description="As the filter takes it; null stands for the records that have none."),
    }
    if named:
        members["name"] = graphene.Field(Bilingual, description="What the value stands for, where the lists know it.")
    members["count"] = graphene.Int(description="How many; null where that is not told.")
    members["suppressed"] = graphene.Boolean(
        required=True, description="Whether the count is not told, so that no small one can be told from the others."
    )
    return type(name, (graphene.ObjectType,), members)


CodeCount = _count_type("CodeCount", graphene.String, "How many records of a list have a code.", named=True)
BooleanCount = _count_type("BooleanCount", graphene.Boolean, "How many records of a list are so, or are not.")


@cache
def _counted(enum: type[Enum]) -> Any:
    kind = enum_type(enum)
    name = kind._meta.name
    return _count_type(f"{name}Count", kind, f"How many records of a list have a value of {name}.")


def _spelled(enum: type[Enum]) -> Callable[[Any], str]:
    """How a value of an enumeration is spelled in an answer."""
    names = {each.value: each.name for each in enum}
    return lambda value: names.get(value, str(value))


def by_choice(filter: str, enum: type[Enum], *, several: bool = False) -> Facet:
    """By the values of an enumeration."""
    return Facet(filter, filter, _counted(enum), several, spelled=_spelled(enum))


def by_yes_or_no(filter: str) -> Facet:
    """By whether something is so."""
    return Facet(filter, filter, BooleanCount)


def by_country() -> Facet:
    """By the country, ISO 3166-1."""

    def named(code: str) -> dict[str, str | None] | None:
        found = country(code)
        return {"zh": found.zh, "en": found.en} if found else None

    return Facet("country", "country", CodeCount, named=named)


def by_region(link: LinkType | None = None) -> Facet:
    """By the province of the record, or of the one that this link leads to: its code of GB/T 2260."""

    def named(code: str) -> dict[str, str | None] | None:
        found = region(code)
        return {"zh": found.province, "en": found.province_en} if found else None

    return Facet("region", "province", CodeCount, link=link, named=named)


def by_keyword(filter: str, tree: Callable[[], KeywordTree]) -> Facet:
    """By the keywords of a tree of the Enterprise Europe Network."""

    def named(code: str) -> dict[str, str | None] | None:
        found = tree().get(code)
        return {"zh": found.zh, "en": found.label} if found else None

    return Facet(filter, filter, CodeCount, several=True, named=named)


def by_language() -> Facet:
    """By languages, ISO 639-1."""

    def named(code: str) -> dict[str, str | None] | None:
        name = language_name(code)
        return {"zh": None, "en": name} if name else None

    return Facet("languages", "languages", CodeCount, several=True, named=named)


def facets_type(noun: str, facets: Sequence[Facet]) -> Any:
    """The type that holds the facets of a list of this noun."""
    members: dict[str, Any] = {
        facet.filter: Field(
            graphene.List(graphene.NonNull(facet.counted)),
            facet,
            first=graphene.Int(),
            description=(
                f"How many there are of each value of the filter `{facet.filter}`, whatever that filter says itself; "
                "null where there are too few to tell anything."
            ),
        )
        for facet in facets
    }
    members["__doc__"] = f"The records of a list of type {noun}, on all its pages, counted by their properties."
    return type(f"{noun}Facets", (graphene.ObjectType,), members)

"""What facets are to count, written down once more by hand, and what the public is to be told of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from graphql import GraphQLEnumType, get_named_type
from small_links import LABELS
from small_model import Model

from gateway.schema import schema

Values: TypeAlias = Callable[[Model, str, str], set[Any]]
"""The values for which a record counts, by its label and its id; None for one that says nothing."""


def one(name: str) -> Values:
    return lambda model, label, id: {model.node(label, id).get(name)}


def several(name: str) -> Values:
    return lambda model, label, id: set(model.node(label, id).get(name) or ()) or {None}


def of_station(link: str, name: str) -> Values:
    def values(model: Model, label: str, id: str) -> set[Any]:
        stations = {
            target
            for (type, source), held in model.graph.links.items()
            if (type.source, type.name, source) == (label, link, id)
            for target in held
        }
        return {model.node("Station", station).get(name) for station in stations} or {None}

    return values


FACETS: Mapping[str, Mapping[str, Values]] = {
    "stations": {"tier": one("tier"), "region": one("province"), "international": one("international")},
    "organisations": {
        **{name: one(name) for name in ("kind", "industry", "country", "verified")},
        "region": one("province"),
    },
    "partners": {"kind": one("kind"), "country": one("country")},
    "experts": {
        **{name: several(name) for name in ("fields", "libraries", "languages")},
        "listed": one("listed"),
    },
    "brokers": {"stage": one("stage")},
    "needs": {
        "stage": one("stage"),
        "fields": several("fields"),
        "region": of_station("NEED_RECORDED_BY", "province"),
    },
    "achievements": {
        "stage": one("stage"),
        "fields": several("fields"),
        "maturity": one("maturity"),
        "region": of_station("ACHIEVEMENT_REGISTERED_BY", "province"),
    },
    "profiles": {
        **{name: one(name) for name in ("type", "origin", "stage", "country")},
        "technologyKeywords": several("technology_keywords"),
        "marketKeywords": several("market_keywords"),
    },
    "matches": {"stage": one("stage")},
    "cooperations": {"stage": one("stage")},
    "deals": {"stage": one("stage"), "contractClass": one("contract_class")},
    "appointments": {},
}
"""By the names of the lists and of their facets."""

Told: TypeAlias = list[tuple[Any, int | None]] | None


def counted(model: Model, plural: str, facet: str, ids: Iterable[str]) -> Counter[Any]:
    """How many of these records there are of each value, as GraphQL spells values."""
    values, spelled = FACETS[plural][facet], spelling(plural, facet)
    return Counter(spelled(value) for id in ids for value in values(model, LABELS[plural], id))


def told(counts: Mapping[Any, int], *, publicly: bool) -> Told:
    """The values in the order in which they are to be told, each with its count or a gap."""
    gaps = set()
    if publicly and any(count < 5 for count in counts.values()):
        large = sorted(count for count in counts.values() if count >= 5)
        gaps = {value for value, count in counts.items() if count < 5 or count == large[0]}
        if len(gaps) == len(counts):
            return None
    shown = sorted(counts, key=lambda value: (value in gaps, 0 if value in gaps else -counts[value], text(value)))
    return [(value, None if value in gaps else counts[value]) for value in shown]


def text(value: Any) -> tuple[bool, str]:
    """By what values of equal counts are ordered; records that say nothing come last."""
    return value is None, str(value)


def asked(plural: str, *, first: int = 100) -> str:
    """All facets of a list, as they are asked for."""
    members = [f"{name}(first: {first}) {{ value count suppressed }}" for name in FACETS[plural]]
    return f"facets {{ {' '.join(members)} }}" if members else ""


def answered(facets: Mapping[str, Any]) -> dict[str, Told]:
    """What an answer says of each facet; a gap is one that calls itself so, and nothing else is."""
    found: dict[str, Told] = {}
    for name, values in facets.items():
        assert all(each["suppressed"] is (each["count"] is None) for each in values or ())
        found[name] = None if values is None else [(each["value"], each["count"]) for each in values]
    return found


def spelling(plural: str, facet: str) -> Callable[[Any], Any]:
    """How a value of the graph is spelled in an answer."""
    kind = value_type(plural, facet)
    if not isinstance(kind, GraphQLEnumType):
        return lambda each: each
    names = {str(getattr(member.value, "value", member.value)): name for name, member in kind.values.items()}
    return lambda each: None if each is None else names[each]


def value_type(plural: str, facet: str) -> Any:
    """The type of the values of a facet."""
    facets: Any = schema().type_map[f"{LABELS[plural]}Facets"]
    counted: Any = get_named_type(facets.fields[facet].type)
    return get_named_type(counted.fields["value"].type)


def literal(plural: str, facet: str, value: Any) -> str:
    """A value of a facet as it is written in a document."""
    return str(value) if isinstance(value_type(plural, facet), GraphQLEnumType) else json.dumps(value)

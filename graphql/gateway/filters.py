"""Filters of lists: what may be asked of a property, and how that is said in Cypher."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Protocol

import graphene

from gateway.context import Request
from gateway.enums import enum_type
from gateway.errors import GatewayError
from gateway.loading import answering_links
from gateway.seeing import Predicate, seen_by
from projections.changes import LinkType
from projections.nouns import timestamp


class Filter(Protocol):
    """One field of a filter."""

    def field(self) -> Any:
        """Its GraphQL input field."""
        ...

    def apply(self, value: Any, name: str, predicate: Predicate, request: Request) -> None:
        """Add the condition that the node `n` has to fulfil for this request; `name` is free for a parameter."""
        ...


@dataclass(frozen=True, slots=True)
class OneOf:
    """The property is one of these values of an enumeration."""

    property: str
    enum: type[Enum]

    def field(self) -> Any:
        return graphene.List(graphene.NonNull(enum_type(self.enum)))

    def apply(self, value: Any, name: str, predicate: Predicate, request: Request) -> None:
        predicate.add(f"n.{self.property} IN ${name}", **{name: [each.value for each in value]})


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The list in the property holds at least one of these values."""

    property: str
    enum: type[Enum] | None = None

    def field(self) -> Any:
        return graphene.List(graphene.NonNull(enum_type(self.enum) if self.enum else graphene.String))

    def apply(self, value: Any, name: str, predicate: Predicate, request: Request) -> None:
        values = [each.value if isinstance(each, Enum) else each for each in value]
        predicate.add(f"any(v IN n.{self.property} WHERE v IN ${name})", **{name: values})


@dataclass(frozen=True, slots=True)
class Is:
    """The property is exactly this."""

    property: str
    type: Any = graphene.String

    def field(self) -> Any:
        return self.type()

    def apply(self, value: Any, name: str, predicate: Predicate, request: Request) -> None:
        predicate.add(f"n.{self.property} = ${name}", **{name: value})


@dataclass(frozen=True, slots=True)
class Within:
    """The region lies in this one: a province (330000 or 33), a city or a county, by GB/T 2260.

    It is that of the node itself, or of the node that the link leads to and that the viewer sees.
    """

    property: str = "region"
    link: LinkType | None = None

    def field(self) -> Any:
        return graphene.String(
            description="A region code of GB/T 2260, or its beginning: a province, a city, a county."
        )

    def apply(self, value: Any, name: str, predicate: Predicate, request: Request) -> None:
        beginning = value
        while beginning.endswith("00") and len(beginning) > 2:
            beginning = beginning[:-2]
        if self.link is None:
            predicate.add(f"n.{self.property} STARTS WITH ${name}", **{name: beginning})
        else:
            _there(self.link, f"o.{self.property} STARTS WITH ${name}", predicate, request)
            predicate.parameters[name] = beginning


@dataclass(frozen=True, slots=True)
class Linked:
    """There is a link of this kind from it to the node with this id, and the viewer sees that node."""

    link: LinkType

    def field(self) -> Any:
        return graphene.ID()

    def apply(self, value: Any, name: str, predicate: Predicate, request: Request) -> None:
        _there(self.link, f"o.id = ${name}", predicate, request)
        predicate.parameters[name] = value


@dataclass(frozen=True, slots=True)
class Containing:
    """One of the properties contains this text; letters match whatever their case."""

    properties: tuple[str, ...]

    def field(self) -> Any:
        return graphene.String(description="Words or characters that stand in the text exactly so.")

    def apply(self, value: Any, name: str, predicate: Predicate, request: Request) -> None:
        options = [f"toLower(coalesce(n.{each}, '')) CONTAINS ${name}" for each in self.properties]
        predicate.add(f"({' OR '.join(options)})", **{name: value.lower()})


@dataclass(frozen=True, slots=True)
class Since:
    """The moment in the property is this one or later; `Until` is its twin."""

    property: str
    comparison: str = ">="

    def field(self) -> Any:
        return graphene.DateTime(description="ISO 8601; without an offset it is UTC.")

    def apply(self, value: datetime, name: str, predicate: Predicate, request: Request) -> None:
        try:
            moment = timestamp(value if value.tzinfo else value.replace(tzinfo=UTC))
        except OverflowError:
            raise GatewayError("BAD_INPUT", "takes a moment within the years 1 to 9999 of UTC") from None
        predicate.add(f"n.{self.property} {self.comparison} ${name}", **{name: moment})


def until(property: str) -> Since:
    """The moment in the property is before this one."""
    return Since(property, "<")


def _there(link: LinkType, condition: str, predicate: Predicate, request: Request) -> None:
    """Add that the link leads from the node `n` to one that the viewer sees and that fulfils this, by the name `o`."""
    seen = seen_by(request.viewer, link.target, "o", answering_links())
    conditions = " AND ".join([condition, *seen.conditions])
    pattern = f"(n)-[:{link.name}]->(o:{link.target})"
    predicate.add(f"EXISTS {{ MATCH {pattern} WHERE {conditions} }}", **seen.parameters)

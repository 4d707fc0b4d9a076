"""How a field of a node is made: from properties of the node itself, or of the nodes that a link leads to.

It is said once, and read twice: by the resolvers here, which follow a query field by field, and by the plans, which
read all of it in one statement.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import graphene

from gateway.context import Request
from gateway.facets import Facet
from gateway.loading import Neighbours, answers_for, load_neighbour, load_neighbours
from gateway.paging import MOST, page_size

Resolver: TypeAlias = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Own:
    """Made of these properties of the node: `make(request, *values)`, where what the node lacks is None.

    A guarded one is made for those who answer for the record, and for everybody where the property `public_if` holds;
    for others it is null.
    """

    properties: tuple[str, ...]
    make: Callable[..., Any]
    guarded: bool = False
    public_if: str | None = None

    def resolver(self) -> Resolver:
        def resolve(node: dict[str, Any], info: Any) -> Any:
            return self.make(info.context, *map(node.get, self.properties))

        async def resolve_guarded(node: dict[str, Any], info: Any) -> Any:
            agreed = self.public_if is not None and bool(node.get(self.public_if))
            return resolve(node, info) if agreed or await answers_for(info.context, node["id"]) else None

        return resolve_guarded if self.guarded else resolve


@dataclass(frozen=True, slots=True)
class Part:
    """Made of the value that the field stands on, which is no node: `make(request, value, **arguments)`."""

    make: Callable[..., Any]

    def resolver(self) -> Resolver:
        def resolve(value: Any, info: Any, **arguments: Any) -> Any:
            return self.make(info.context, value, **arguments)

        return resolve


@dataclass(frozen=True, slots=True)
class One:
    """The neighbour by a link of which there is at most one; of several, the newest."""

    neighbours: Neighbours

    def resolver(self) -> Resolver:
        async def resolve(node: dict[str, Any], info: Any) -> dict[str, Any] | None:
            return await load_neighbour(info.context, self.neighbours, node["id"])

        return resolve


@dataclass(frozen=True, slots=True)
class Many:
    """The neighbours by a link, newest first, in pages."""

    neighbours: Neighbours

    def resolver(self) -> Resolver:
        async def resolve(
            node: dict[str, Any], info: Any, first: int | None = None, after: str | None = None
        ) -> dict[str, Any]:
            return await load_neighbours(info.context, self.neighbours, node["id"], page_size(first), after)

        return resolve


@dataclass(frozen=True, slots=True)
class Links:
    """The links of a kind themselves, each with its properties and, in the field `end`, the node that it leads to.

    They are few: the first 100, newest node first, are all that is given.
    """

    neighbours: Neighbours
    end: str

    def resolver(self) -> Resolver:
        async def resolve(node: dict[str, Any], info: Any) -> list[dict[str, Any]]:
            request: Request = info.context
            page = await load_neighbours(request, self.neighbours, node["id"], MOST, None)
            return [{self.end: edge.node, **edge.node["link"]} for edge in page["edges"]]

        return resolve


Made: TypeAlias = Own | Part | One | Many | Links | Facet


class Field(graphene.Field):
    """A field that says how it is made."""

    def __init__(self, type: Any, made: Made, **more: Any) -> None:
        super().__init__(type, resolver=made.resolver(), **more)
        self.made = made


def own(type: Any, properties: tuple[str, ...], make: Callable[..., Any], **more: Any) -> Field:
    """A field made of properties of its node."""
    return Field(type, Own(properties, make), **more)


def guarded_fields(type: Any) -> dict[str, Own]:
    """The fields of a type of the graph that are for those who answer for the record."""
    made = {name: each.made for name, each in type._meta.fields.items() if isinstance(each, Field)}
    return {name: each for name, each in made.items() if isinstance(each, Own) and each.guarded}


def guarded(type: Any) -> frozenset[str]:
    """The properties that these fields are made of, and that nobody else is to read."""
    fields = guarded_fields(type).values()
    return frozenset(name for own in fields for name in own.properties if name not in ("id", own.public_if))

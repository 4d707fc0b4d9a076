"""Nouns of the graph as lists and look-ups: `needs(filter, orderBy, first, after)` and `need(id)`, all the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import graphene

from domain.kernel.ids import prefix_of
from gateway.context import Request
from gateway.counts import facets_type
from gateway.facets import Facet
from gateway.filters import Filter
from gateway.loading import load_node, visible
from gateway.paging import NEWEST, OLDEST, Order, Place, connection, page_size
from gateway.seeing import Predicate


class Node(graphene.Interface):
    """A record of the network: anything that has an id."""

    id = graphene.ID(required=True)
    created = graphene.Field(
        "gateway.scalars.Position", required=True, description="The position of the log at which it came."
    )
    recorded_at = graphene.String(required=True, description="When it was first recorded: ISO 8601, UTC.")


@dataclass(frozen=True)
class Noun:
    """A type of the graph with its list: what it may be filtered by, and in which orders it may be asked for.

    `texts` are the properties by whose words it is searched for, each with how much a word in it counts.
    """

    type: Any
    connection: Any
    prefix: str
    plural: str
    texts: Mapping[str, int] = field(default_factory=dict)
    filters: Mapping[str, Filter] = field(default_factory=dict)
    orders: Mapping[str, Order] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The label of its nodes: a type of the graph has the name of its label."""
        return str(self.type._meta.name)

    @property
    def singular(self) -> str:
        return self.label[0].lower() + self.label[1:]

    def all_orders(self) -> dict[str, Order]:
        return {"NEWEST": NEWEST, "OLDEST": OLDEST, **self.orders}

    def order(self, asked: Any) -> Order:
        """The order that is asked for; the newest first when nothing is said."""
        return self.all_orders()[getattr(asked, "value", asked) or "NEWEST"]


def connection_type(node: Any, *facets: Facet) -> Any:
    """The Relay connection of a type, with a total and facets that are counted only when they are asked for."""
    noun = node._meta.name
    total = graphene.Int(required=True, description="How many there are on all pages, of those that the reader sees.")

    def resolve_total_count(page: dict[str, Any], _info: Any) -> Any:
        return page["count"]()

    def resolve_facets(page: dict[str, Any], _info: Any) -> Any:
        return page

    members = {
        "Meta": type("Meta", (), {"node": node, "name": f"{noun}Connection"}),
        "__doc__": f"A page of a list of type {noun}.",
        "total_count": total,
        "resolve_total_count": staticmethod(resolve_total_count),
    }
    if facets:
        words = "How many there are of what, on all pages, of those that the reader sees."
        members["facets"] = graphene.Field(facets_type(noun, facets), required=True, description=words)
        members["resolve_facets"] = staticmethod(resolve_facets)
    return type(f"{noun}Connection", (graphene.relay.Connection,), members)


def list_fields(noun: Noun) -> dict[str, Any]:
    """The fields of the query root for a noun: the list, and the look-up by id."""
    name = noun.label
    order_type = graphene.Enum(f"{name}Order", [(each, each) for each in noun.all_orders()])
    arguments: dict[str, Any] = {
        "order_by": graphene.Argument(order_type, default_value="NEWEST"),
        "first": graphene.Int(),
        "after": graphene.String(),
    }
    if noun.filters:
        members = {key: each.field() for key, each in noun.filters.items()}
        members["__doc__"] = f"What a record of type {name} must fulfil: all that is said here."
        arguments["filter"] = graphene.Argument(type(f"{name}Filter", (graphene.InputObjectType,), members))

    async def resolve_list(_root: Any, info: Any, **asked: Any) -> dict[str, Any]:
        return await listed(noun, info.context, **asked)

    async def resolve_one(_root: Any, info: Any, id: str) -> dict[str, Any] | None:
        return await load_node(info.context, id) if prefix_of(id) == noun.prefix else None

    plural = graphene.Field(
        noun.connection, resolver=resolve_list, required=True, description=noun.type.__doc__, **arguments
    )
    single = graphene.Field(noun.type, resolver=resolve_one, id=graphene.ID(required=True))
    return {noun.plural: plural, noun.singular: single}


def narrow(
    predicate: Predicate,
    noun: Noun,
    request: Request,
    filter: Mapping[str, Any] | None,
    prefix: str = "f",
    *,
    without: str | None = None,
) -> Predicate:
    """Add what the filter says of the nodes `n` of a list, under parameters with this prefix; gives the predicate.

    What it says under the name `without` is left out, and all parameters are called as they are with it.
    """
    for number, (key, value) in enumerate((filter or {}).items()):
        if value is not None and key != without:
            noun.filters[key].apply(value, f"{prefix}{number}", predicate, request)
    return predicate


async def listed(
    noun: Noun,
    request: Request,
    order_by: Any = None,
    first: int | None = None,
    after: str | None = None,
    filter: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A page of the records that the viewer sees and the filter keeps."""
    size, order = page_size(first), noun.order(order_by)
    predicate = narrow(visible(request, noun.label), noun, request, filter)
    everything = Predicate(list(predicate.conditions), dict(predicate.parameters))
    if after is not None:
        place = Place.parse(after)
        predicate.add(order.beyond("value", "after"), value=place.value, after=place.id)
    else:
        predicate.add(order.anywhere())
    statement = f"MATCH (n:{noun.label}) {predicate.where()} WITH n {order.clause()} LIMIT $limit RETURN properties(n)"
    rows = await request.rows(statement, {**predicate.parameters, "limit": size + 1})
    places = [(Place(node[order.property], node["id"]), node) for (node,) in rows]

    async def count() -> int:
        statement = f"MATCH (n:{noun.label}) {everything.where()} RETURN count(n)"
        return int((await request.rows(statement, everything.parameters))[0][0])

    async def table(facet: Facet) -> Sequence[Sequence[Any]]:
        predicate = narrow(visible(request, noun.label), noun, request, filter, without=facet.filter)
        there = facet.there(request)
        found = f"MATCH (n:{noun.label}) {predicate.where()} {facet.led_to('n', there)}"
        statement = f"{found} UNWIND {facet.values('n')} AS value RETURN value, count(DISTINCT n)"
        return await request.rows(statement, {**predicate.parameters, **there.parameters})

    return connection(places, size, after, count=count, table=table)

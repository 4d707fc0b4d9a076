"""As of: a record and its neighbours as they stood at a position or a time, read from the log.

Looking back must not be a way around the rules of who sees what. A record is shown if the reader, being who they are
today, sees it as it stands now and would have seen it as it stood then. The state now counts, because what was
withdrawn, or made secret, was taken from these readers on purpose, and is not to be had by asking for the day before.
The state then counts, because what is published today was a draft, which these readers were not shown, and its text of
that day may say what was taken out before it was published. A neighbour is held to the same; a link is shown with both
its ends. What is sealed, and what only those who answer for a record read, is left out for everybody: who answered
then may not answer now. Those who are shown the past at all are those who are shown histories.
"""

from __future__ import annotations

from asyncio import gather
from functools import cache
from itertools import islice
from typing import Any

import anyio.to_thread
import graphene

from domain.kernel.ids import prefix_of
from domain.kernel.moments import AsOf
from gateway.context import Request
from gateway.enums import enum_type
from gateway.errors import GatewayError
from gateway.loading import answering_links, labels_by_prefix, load_node
from gateway.made import guarded
from gateway.moments import meant, time_argument, within_the_log
from gateway.nouns import nouns
from gateway.paging import Place, connection, page_size
from gateway.scalars import JSON, Position
from gateway.seeing import sees
from projections.memory import Held
from projections.past import Direction, Neighbour, Past, unsealed


class PastLink(graphene.ObjectType):
    """A link as it was between the record that was asked for and a neighbour."""

    name = graphene.String(required=True, description="The kind of link.")
    direction = graphene.Field(enum_type(Direction), required=True)
    properties = graphene.NonNull(JSON, description="What stood on the link.")


class PastNeighbour(graphene.ObjectType):
    """A neighbour as it was."""

    id = graphene.ID(required=True)
    label = graphene.String(required=True, description="What it is: Station.")
    properties = graphene.NonNull(JSON, description="What stood on it, as for the record itself.")
    links = graphene.List(graphene.NonNull(PastLink), required=True)


class PastNeighbourEdge(graphene.ObjectType):
    """A neighbour on a page."""

    node = graphene.Field(PastNeighbour, required=True)
    cursor = graphene.String(required=True)


class PastNeighbourConnection(graphene.ObjectType):
    """A page of neighbours, by their ids."""

    edges = graphene.List(graphene.NonNull(PastNeighbourEdge), required=True)
    page_info = graphene.Field(graphene.relay.PageInfo, required=True)


async def _neighbours(
    record: dict[str, Any], info: Any, first: int | None = None, after: str | None = None
) -> dict[str, Any]:
    request: Request = info.context
    size = page_size(first)
    begin = Place.parse(after).id if after is not None else ""
    past = await anyio.to_thread.run_sync(request.services.pasts.at, record["position"])
    coming = past.neighbours(record["id"], begin)
    found: list[Neighbour] = []
    while len(found) <= size and (some := await anyio.to_thread.run_sync(list, islice(coming, size + 1))):
        now = await gather(*(load_node(request, each.id) for each in some))
        found += [each for each, node in zip(some, now, strict=True) if node and _seen(request, past, each.id)]
    return connection([(Place(0, each.id), _shown(each)) for each in found[: size + 1]], size, after)


class PastRecord(graphene.ObjectType):
    """A record as it stood in the log at a position."""

    id = graphene.ID(required=True)
    label = graphene.String(required=True, description="What it is: Need.")
    position = graphene.NonNull(Position, description="The position that was meant: the end of a commit.")
    properties = graphene.NonNull(
        JSON,
        description="What stood on it, under the names that the graph has for it; what is sealed, and what only those "
        "who answer for the record read, is left out.",
    )
    neighbours = graphene.Field(
        PastNeighbourConnection,
        first=graphene.Int(),
        after=graphene.String(),
        required=True,
        resolver=_neighbours,
        description="The records that it was linked with.",
    )


async def _resolve(
    _root: Any, info: Any, of: str, position: int | None = None, time: str | None = None
) -> dict[str, Any]:
    request: Request = info.context
    if not request.viewer.member:
        raise GatewayError("FORBIDDEN", "the past is read by those who act for a station, and by auditors")
    as_of = meant(("position", position), ("time", time))
    if as_of is None:
        raise GatewayError("BAD_INPUT", "position, time: takes one of the two")
    if await load_node(request, of) is None:
        raise GatewayError("NOT_FOUND", f"there is no {of}")
    past, held = await anyio.to_thread.run_sync(_at, request, as_of, of)
    if held is None or not _seen(request, past, of):
        raise GatewayError("NOT_FOUND", f"as of {past.position} there was no {of} for you to see")
    label = labels_by_prefix()[prefix_of(of)]
    return {"id": of, "label": label, "position": past.position, "properties": _open(label, held)}


def _at(request: Request, as_of: AsOf, id: str) -> tuple[Past, Held | None]:
    with within_the_log():
        past = request.services.pasts.at(as_of)
    return past, past.record(id)


def _seen(request: Request, past: Past, id: str) -> bool:
    """Whether the viewer sees a record, that has been folded, as it stood then."""
    label = labels_by_prefix()[prefix_of(id)]
    stations = {station for link in answering_links()[label] for station in past.graph.targets(link, id)}
    return sees(request.viewer, label, past.graph.nodes[label, id], stations)


@cache
def _guarded() -> dict[str, frozenset[str]]:
    """For each label, the properties that only those who answer for a record read."""
    return {noun.label: guarded(noun.type) for noun in nouns()}


def _open(label: str, held: Held) -> Held:
    """What everybody reads who sees the record."""
    return {name: value for name, value in unsealed(held).items() if name not in _guarded()[label]}


def _shown(neighbour: Neighbour) -> dict[str, Any]:
    links = [
        {"name": link.type.name, "direction": link.direction, "properties": unsealed(link.properties)}
        for link in neighbour.links
    ]
    properties = _open(neighbour.label, neighbour.properties)
    return {"id": neighbour.id, "label": neighbour.label, "properties": properties, "links": links}


def fields() -> dict[str, Any]:
    return {
        "as_of": graphene.Field(
            PastRecord,
            of=graphene.ID(required=True),
            position=graphene.Argument(Position, description="A position of the log; instead of it, a time."),
            time=time_argument(),
            required=True,
            resolver=_resolve,
            description="A record and its neighbours as they stood then.",
        )
    }

"""The history of an entity: who did what, when, for which station, in the words of its facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import anyio.to_thread
import graphene

from domain.kernel.history import Commit
from domain.kernel.ids import prefix_of
from gateway.context import Request
from gateway.errors import GatewayError
from gateway.loading import labels_by_prefix, load_node
from gateway.moments import meant, time_argument, within_the_log
from gateway.paging import Place, connection, page_size
from gateway.scalars import JSON, Position
from gateway.seeing import sees_whatever_it_says
from gateway.telling import LONGEST, event, told, unsealed


class Event(graphene.ObjectType):
    """Something that happened to an entity."""

    id = graphene.ID(required=True, description="The entity and the version that the event gave it.")
    position = graphene.NonNull(Position, description="Its place in the log of the whole network.")
    version = graphene.Int(required=True, description="Its place in the life of the entity, from 1.")
    topic = graphene.String(required=True, description="What happened: need.published.")
    happened_at = graphene.String(required=True, description="When it was done: ISO 8601, UTC.")
    recorded_at = graphene.String(description="When it was written down.")
    actor = graphene.ID(required=True, description="The person who did it.")
    station = graphene.ID(description="The station that the person acted for.")
    appointment = graphene.ID(description="The appointment that entitled to it.")
    command = graphene.String(required=True, description="What was asked for.")
    request_id = graphene.ID(required=True, description="The request that it answers.")
    data = graphene.NonNull(JSON, description="The fact, without what is personal, secret, or not for the reader.")


class EventEdge(graphene.ObjectType):
    """An event on a page."""

    node = graphene.Field(Event, required=True)
    cursor = graphene.String(required=True)


class EventConnection(graphene.ObjectType):
    """A page of a history, oldest first."""

    edges = graphene.List(graphene.NonNull(EventEdge), required=True)
    page_info = graphene.Field(graphene.relay.PageInfo, required=True)


async def _resolve(
    _root: Any,
    info: Any,
    of: str,
    as_of: int | None = None,
    as_of_time: str | None = None,
    first: int | None = None,
    after: str | None = None,
) -> dict[str, Any]:
    request: Request = info.context
    if not request.viewer.member:
        raise GatewayError("FORBIDDEN", "history is read by those who act for a station, and by auditors")
    wanted = meant(("asOf", as_of), ("asOfTime", as_of_time))
    if await load_node(request, of) is None:
        raise GatewayError("NOT_FOUND", f"there is no {of}")
    until = None
    if wanted is not None:
        with within_the_log():
            until = await anyio.to_thread.run_sync(request.services.pasts.position, wanted)
    size, version = page_size(first), int(Place.parse(after).value) if after is not None else 0
    every = sees_whatever_it_says(request.viewer, labels_by_prefix()[prefix_of(of)])
    most = size + 1 if every else LONGEST
    commits = await anyio.to_thread.run_sync(partial(request.services.history.history, of, version, most))
    found = [each for each in await told(request, commits) if until is None or each["position"] <= until]
    return connection([(Place(each["version"], each["id"]), each) for each in found[: size + 1]], size, after)


def events(commits: Iterable[Commit]) -> Iterator[dict[str, Any]]:
    """The facts of these commits with their context, flat, without what is sealed in them: for those who run it."""
    for commit in commits:
        for recorded in commit.events:
            yield event(recorded, commit.context, unsealed(recorded.fact))


def fields() -> dict[str, Any]:
    return {
        "history": graphene.Field(
            EventConnection,
            of=graphene.ID(required=True),
            as_of=graphene.Argument(Position, description="Only what stood in the log at this position."),
            as_of_time=time_argument(),
            first=graphene.Int(),
            after=graphene.String(),
            required=True,
            resolver=_resolve,
            description="What happened to an entity, oldest first.",
        )
    }

"""Subscriptions: what is told as it happens, of a record, of the matches of a station, and of the graph itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from functools import partial
from inspect import getdoc
from typing import Any, Final

import graphene
from msgspec.structs import replace

from domain.kernel.acting import ALL_SEEING
from domain.kernel.history import Commit, Recorded
from domain.kernel.ids import prefix_of
from domain.matches import MatchProposed
from gateway.context import Request
from gateway.errors import GatewayError
from gateway.listing import Node
from gateway.loading import Properties, answers_for, load_node
from gateway.made import guarded
from gateway.nouns import noun_of
from gateway.ports import History
from gateway.roots.history import Event
from gateway.roots.standing import Standing
from gateway.scalars import Position
from gateway.telling import told
from gateway.types.matches import NOUN as MATCHES
from gateway.types.matches import Match

EVERY: Final = 1.0
"""Seconds between two looks at how far the graph is."""
TOGETHER: Final = 100
"""So many commits of a record are read from the log together."""
SCANNED: Final = 1_000
"""About how many events of the whole log are looked through together."""
FURTHEST: Final = 100_000
"""So many events are looked through for what a reader has missed."""


class NodeChange(graphene.ObjectType):
    """That something was recorded of a record."""

    position = graphene.NonNull(Position, description="Where it stands in the log; one goes on from here.")
    node = graphene.Field(Node, description="The record as it is now; null where the reader sees it no more.")
    events = graphene.List(
        graphene.NonNull(Event), description="What was recorded, for those who act for a station; else null."
    )


class MatchesChange(graphene.ObjectType):
    """That a match of a station was proposed or decided on."""

    position = graphene.NonNull(Position, description="Where it stands in the log; one goes on from here.")
    matches = graphene.List(graphene.NonNull(Match), required=True, description="The matches as they are now.")
    events = graphene.List(graphene.NonNull(Event), required=True, description="What was recorded of them.")


def concerned(history: History, commit: Commit) -> Iterator[tuple[str, Commit]]:
    """Whom a commit concerns, and what of it: each entity its own facts, and stations that decide on its matches."""
    of_entity: dict[str, list[Recorded]] = {}
    for recorded in commit.events:
        of_entity.setdefault(recorded.entity_id, []).append(recorded)
    of_station: dict[str, list[Recorded]] = {}
    for id, facts in of_entity.items():
        yield id, replace(commit, events=tuple(facts))
        if prefix_of(id) == MATCHES.prefix:
            for station in _deciding(history, id, facts[0]):
                of_station.setdefault(_matches_of(station), []).extend(facts)
    for subject, facts in of_station.items():
        yield subject, replace(commit, events=tuple(facts))


def _deciding(history: History, match: str, recorded: Recorded) -> Sequence[str]:
    """The stations that may decide on a match: its first fact says so."""
    fact = recorded.fact if recorded.version == 1 else history.history(match, 0, 1)[0].events[0].fact
    assert isinstance(fact, MatchProposed)
    return fact.answering_ids


def _matches_of(station: str) -> str:
    return f"{station}/matches"


# -- of a record -------------------------------------------------------------


class _OfEntity:
    """What the log holds of an entity, read on from where it was left."""

    def __init__(self, history: History, id: str) -> None:
        self._history = history
        self._id = id
        self._version = 0

    def __call__(self, position: int, until: int) -> Sequence[Commit]:
        while commits := self._history.history(self._id, self._version, TOGETHER):
            commits = [commit for commit in commits if commit.position <= until]
            if not commits:
                break
            self._version = commits[-1].events[-1].version
            if wanted := [commit for commit in commits if commit.position > position]:
                return wanted
        return ()


async def node_changed(_root: Any, info: Any, id: str, after: int | None = None) -> AsyncIterator[dict[str, Any]]:
    """Each time that something is recorded of a record, until the reader sees the record no more.

    Who does not act for a station hears of what it can see only: how the record is, where it begins from a position,
    and then each time that it looks different.
    """
    request: Request = info.context
    node = await load_node(request, id)
    if node is None:
        raise GatewayError("NOT_FOUND", f"there is no {id}")
    return _node_changes(request, node, after)


async def _node_changes(request: Request, node: Properties, after: int | None) -> AsyncIterator[dict[str, Any]]:
    id, services, seen = node["id"], request.services, await _seen(request, node)
    if after is not None and not request.viewer.member:
        after = max(after, request.position or 0)
        yield {"position": after, "node": node, "events": None}
    async for commit in services.feed.happened(id, after, _OfEntity(services.history, id)):
        later = await _later(request)
        now = await load_node(later, id)
        before, seen = seen, await _seen(later, now)
        found = await told(later, [commit]) if later.viewer.member and now else None
        if found != [] if later.viewer.member else seen != before:
            yield {"position": commit.position, "node": now, "events": found}
        if now is None:
            return


async def _seen(request: Request, node: Properties | None) -> Properties | None:
    """Of a record what the reader can see."""
    if node is None or await answers_for(request, node["id"]):
        return node
    hidden = guarded(noun_of(node["id"]).type)
    return {name: value for name, value in node.items() if name not in hidden}


# -- of the matches of a station ---------------------------------------------


async def matches_changed(
    _root: Any, info: Any, station: str | None = None, after: int | None = None
) -> AsyncIterator[dict[str, Any]]:
    """Each time that a match is proposed or decided on which a station may decide; that of the reader by default."""
    request: Request = info.context
    wanted = _own_station(request, station)
    if after is not None and request.services.history.head() - after > FURTHEST:
        message = f"takes a position at most {FURTHEST:,} events back; read `matches` and begin from there"
        raise GatewayError("TOO_FAR", message)
    return _matches_changes(request, wanted, after)


async def _matches_changes(request: Request, wanted: str, after: int | None) -> AsyncIterator[dict[str, Any]]:
    services = request.services
    missed = partial(_missed, services.history, _matches_of(wanted))
    async for commit in services.feed.happened(_matches_of(wanted), after, missed):
        now = await _later(request)
        _own_station(now, wanted)
        ids = dict.fromkeys(recorded.entity_id for recorded in commit.events)
        nodes = await asyncio.gather(*(load_node(now, id) for id in ids))
        matches = [node for node in nodes if node is not None]
        yield {"position": commit.position, "matches": matches, "events": await told(now, [commit])}


def _own_station(request: Request, station: str | None) -> str:
    """The station whose matches are wanted, if they are the reader's to follow."""
    viewer = request.viewer
    wanted = station or viewer.station_id
    sees_all = not viewer.roles.isdisjoint(ALL_SEEING)
    if wanted is None or not viewer.member or not (sees_all or wanted == viewer.station_id):
        raise GatewayError("FORBIDDEN", "the matches of a station are followed by those who act for it")
    return wanted


def _missed(history: History, subject: str, position: int, until: int) -> Sequence[Commit]:
    """What the log holds for a subject beyond a position, as far as it is found in the next part of the log."""
    while position < until and (commits := history.commits(position, SCANNED)):
        position = commits[-1].position
        told = (each for commit in commits if commit.position <= until for each in concerned(history, commit))
        if wanted := [commit for found, commit in told if found == subject]:
            return wanted
    return ()


# -- of the graph ------------------------------------------------------------


async def standing(_root: Any, info: Any) -> AsyncIterator[dict[str, Any]]:
    """How far the graph is behind the log, each time that it has changed, at most once a second."""
    request: Request = info.context
    progress, history = request.services.progress, request.services.history
    before: tuple[int, int] | None = None
    while True:
        position = progress.position()
        head = max(position, history.head())
        if (position, head) != before:
            before = position, head
            seconds = await progress.waiting() if head > position else 0.0
            yield {"position": position, "head": head, "lag": head - position, "lag_seconds": seconds}
        await asyncio.sleep(EVERY)


# -- the root ----------------------------------------------------------------


async def _later(request: Request) -> Request:
    """The same request as of now: roles and tokens end."""
    assert request.again is not None
    return await request.again()


def _itself(event: Any, _info: Any, **_arguments: Any) -> Any:
    return event


def subscription_type() -> Any:
    """The subscription root."""
    after = graphene.Argument(Position, description="Begin beyond this position; from now on if it is left out.")
    sources: dict[str, Any] = {"node_changed": node_changed, "matches_changed": matches_changed, "standing": standing}
    members: dict[str, Any] = {
        "__doc__": "What can be followed as it happens.",
        "node_changed": graphene.Field(
            NodeChange, id=graphene.ID(required=True), after=after, required=True, resolver=_itself
        ),
        "matches_changed": graphene.Field(
            MatchesChange, station=graphene.ID(), after=after, required=True, resolver=_itself
        ),
        "standing": graphene.Field(Standing, required=True, resolver=_itself),
    }
    for name, source in sources.items():
        members[f"subscribe_{name}"] = staticmethod(source)
        members[name].description = (getdoc(source) or "").partition("\n\n")[0]
    return type("Subscription", (graphene.ObjectType,), members)

"""A network of two open stations and one that has not opened, with an organisation; lives told there; their graphs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from scenario import Story, given, id_of

from domain.kernel.acting import Role
from domain.kernel.commands import Command
from domain.kernel.context import Context
from domain.kernel.facts import Fact
from domain.kernel.history import Commit, Recorded
from domain.organisations import OrganisationDetails, OrganisationKind, OrganisationRecorded
from domain.stations import StationFounded, StationOpened, Tier
from domain.values import Bilingual
from projections.memory import Graph
from projections.network import network as projection

SHAOXING, HANGZHOU, UNOPENED = id_of("station", "绍兴"), id_of("station", "杭州"), id_of("station", "未开")
UNIVERSITY, NOBODY = id_of("organisation", "大学"), id_of("organisation", "nobody")
NOON = datetime(2026, 8, 10, 12, tzinfo=UTC)
CONTEXT = Context(actor=id_of("person"), request_id="1", at=NOON, recorded_at=NOON)
BASE = StationFounded(tier=Tier.BASE, name=Bilingual(zh="站"), region="330600")


def two_stations() -> Story:
    """Somebody works at the station in Shaoxing as an adviser."""
    opened = StationOpened(on=date(2026, 1, 1))
    details = OrganisationDetails(name=Bilingual(zh="某大学"), kind=OrganisationKind.UNIVERSITY)
    story = given(SHAOXING, BASE, opened).and_given(HANGZHOU, BASE, opened).and_given(UNOPENED, BASE)
    story = story.and_given(UNIVERSITY, OrganisationRecorded(station_id=SHAOXING, details=details))
    return story.acting(Role.ADVISER, at=SHAOXING)


def at(station: str, story: Story) -> Story:
    """The same, with an adviser of this station acting."""
    return story.acting(Role.ADVISER, at=station)


def lived(story: Story, id: str, moves: Iterable[tuple[str, Command]]) -> Iterator[tuple[str, Any, Command, Any]]:
    """Each move that was not refused: at which station, the entity before it, the command, the entity after it."""
    for station, command in moves:
        told = at(station, story).when(command)
        if told.proposal is None:
            continue
        before = story.state(id)
        story = story.and_given(id, *(each.fact for each in told.proposal.facts if each.entity_id == id))
        yield station, before, command, story.state(id)


def graph_of(id: str, *facts: Fact) -> Graph:
    """The graph that these facts of one entity make; the first one stands at position 7."""
    events = tuple(Recorded(id, number, 6 + number, fact) for number, fact in enumerate(facts, start=1))
    graph = Graph()
    graph.apply(projection().changes([Commit(CONTEXT, events)]))
    return graph

"""A history in which records have neighbours: stations, organisations, needs, and what was proposed for each need."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import count, islice

from domain.kernel.ids import derived_id
from domain.matches import MatchAccepted, MatchProposed
from domain.needs import NeedPublished
from domain.organisations import OrganisationDetails, OrganisationKind, OrganisationRecorded
from domain.stations import StationFounded, StationOpened, Tier
from domain.values import Bilingual
from graphing.lives import NOON, ORGANISATIONS, STATIONS, Event, lives

MATCHES = 3
"""What is proposed for one need, each with an expert."""
EXPERTS = 400


def neighbourhoods(events: int, seed: int = 1) -> Iterator[Event]:
    """So many events, in the order in which they happen."""
    return islice(_all(events, seed), events)


def _all(events: int, seed: int) -> Iterator[Event]:
    chance, matches = random.Random(seed), count()
    yield from _ground()
    for event in lives(events, seed):
        yield event
        if isinstance(event[2], NeedPublished):
            for _ in range(MATCHES):
                yield from _match(str(next(matches)), event[0], chance)


def _ground() -> Iterator[Event]:
    for number in range(STATIONS):
        id = derived_id("station", str(number))
        yield id, 1, StationFounded(tier=Tier.BASE, name=Bilingual(zh=f"站 {number}"), region="330600")
        yield id, 2, StationOpened(on=NOON.date())
    for number in range(ORGANISATIONS):
        details = OrganisationDetails(name=Bilingual(zh=f"企业 {number}"), kind=OrganisationKind.ENTERPRISE)
        station = derived_id("station", str(number % STATIONS))
        yield derived_id("organisation", str(number)), 1, OrganisationRecorded(station_id=station, details=details)


def _match(name: str, need: str, chance: random.Random) -> Iterator[Event]:
    id, station = derived_id("match", name), derived_id("station", str(chance.randrange(STATIONS)))
    expert = derived_id("expert", str(chance.randrange(EXPERTS)))
    yield id, 1, MatchProposed(station_id=station, answering_ids=(station,), need_id=need, expert_id=expert)
    if chance.random() < 0.5:
        yield id, 2, MatchAccepted()

"""The history that is projected: needs that are recorded, amended, checked and published, many at a time."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from domain.kernel.context import Context
from domain.kernel.facts import Fact
from domain.kernel.ids import derived_id
from domain.needs import CooperationMode, NeedAmended, NeedChecked, NeedDetails, NeedPublished, NeedRecorded
from domain.values import Bilingual, Contact, Money
from infra.application import Network
from infra.mapper import FactEvent, stored_context

LIFE = 4
"""Events of one need."""
OPEN = 200
"""Needs that are under way at once."""
STATIONS, ORGANISATIONS, PEOPLE = 300, 2_000, 500
NOON = datetime(2026, 8, 10, 12, tzinfo=UTC)
HANDS = 16
"""Threads that record."""

Event = tuple[str, int, Fact]
"""An entity, its version, and what happened."""


def lives(events: int, seed: int = 1, life: int = LIFE) -> Iterator[Event]:
    """So many events, in the order in which they happen, `life` of them for each need."""
    chance = random.Random(seed)
    born, under_way = 0, list[tuple[str, list[Fact]]]()
    for _ in range(events):
        if len(under_way) < OPEN:
            born += 1
            under_way.append((need_id(born, seed), _facts(born, chance)[:life]))
            place = len(under_way) - 1
        else:
            place = chance.randrange(OPEN)
        id, facts = under_way[place]
        yield id, life - len(facts) + 1, facts.pop(0)
        if not facts:
            under_way.pop(place)


def need_id(number: int, seed: int = 1) -> str:
    """The id of the need that was born as the one of this number."""
    return derived_id("need", f"{seed}/{number}")


def record(network: Network, events: Iterable[Event]) -> None:
    """Record these events, each a commit of its own with a context as commands leave it."""
    parts: list[list[tuple[int, Event]]] = [[] for _ in range(HANDS)]
    for number, event in enumerate(events):
        parts[hash(event[0]) % HANDS].append((number, event))

    def by_hand(part: list[tuple[int, Event]]) -> None:
        for number, event in part:
            record_one(network, number, event)

    with ThreadPoolExecutor(HANDS) as hands:
        list(hands.map(by_hand, parts))


def record_one(network: Network, number: int, event: Event, at: datetime | None = None) -> None:
    """Record an event; `number` stands for who did it, and for when unless that is told."""
    at = at or NOON + timedelta(seconds=number)
    station = derived_id("station", str(number % STATIONS))
    context = Context(
        actor=derived_id("person", str(number % PEOPLE)),
        station_id=station,
        request_id=str(number),
        at=at,
        recorded_at=at + timedelta(milliseconds=5),
        appointment_id=derived_id("appointment", str(number % PEOPLE)),
        command=type(event[2]).__name__,
        input_hash="0" * 64,
    )
    stored = network.mapper.to_stored_event(FactEvent(*event))
    network.recorder.insert_events([stored], context=stored_context(context))


def _facts(number: int, chance: random.Random) -> list[Fact]:
    station = derived_id("station", str(chance.randrange(STATIONS)))
    organisation = derived_id("organisation", str(chance.randrange(ORGANISATIONS)))
    person = Contact(person_id=derived_id("person", f"contact {chance.randrange(PEOPLE)}"), phone="0575-00000000")
    return [
        NeedRecorded(
            station_id=station, organisation_id=organisation, details=_details(number, chance), contact=person
        ),
        NeedAmended(details=_details(number, chance)),
        NeedChecked(),
        NeedPublished(),
    ]


def _details(number: int, chance: random.Random) -> NeedDetails:
    share = chance.randrange(1, 20)
    return NeedDetails(
        title=Bilingual(zh=f"冷链运输用相变蓄冷材料 {number}", en=f"Phase change material {number}"),
        description=Bilingual(zh=f"需要零下十八度附近的相变蓄冷材料，循环两千次后潜热衰减不超过百分之{share}。"),
        keywords=("相变材料", "冷链", f"k{share}"),
        mode=chance.choice(list(CooperationMode)),
        budget=Money(amount=share * 10_000),
        countries=("DE", "FR")[: chance.randrange(3)],
    )

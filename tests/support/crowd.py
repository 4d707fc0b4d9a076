"""A crowd: a graph of so many records that counts are large and small, made by chance, the same for a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeVar

from asking import Asking
from both_ways import BothWays
from direct import Owner, run
from neo4j import Driver
from small_model import Model

from domain.achievements import AchievementStage
from domain.brokers import BrokerStage
from domain.cooperation import CooperationStage
from domain.deals import DealStage
from domain.experts import ExpertLibrary
from domain.matches import MatchStage
from domain.needs import CooperationMode, NeedStage
from domain.organisations import OrganisationKind
from domain.partners import PartnerKind
from domain.profiles import Origin, ProfileStage
from domain.reference.achievements import Maturity, Secrecy
from domain.reference.contracts import ContractClass
from domain.reference.een import ProfileType
from domain.reference.fields import TechnologyField
from domain.reference.industries import Industry
from domain.stations import Tier
from infra.graphdb.engines.interface import GraphEngine
from infra.graphdb.generation import Generation
from projections import achievements, brokers, cooperation, deals, experts, matches, needs, partners, profiles, stations
from projections.batch import Batch
from projections.changes import Change, Link, LinkType, Put
from projections.memory import Graph
from projections.organisations import SERVED_BY
from projections.regions import placed

Chance = random.Random
T = TypeVar("T")

REGIONS = ("330600", "330100", "440300", "440100", "310000", "110108")
COUNTRIES = ("NL", "DE", "ES", "IT", "PL")
LANGUAGES = ("zh", "en", "de", "fr")
KEYWORDS = ("11001", "08005", "10003", "99999999")

SIZES = {
    "Station": 6,
    "Organisation": 60,
    "Partner": 25,
    "Expert": 40,
    "Broker": 12,
    "Need": 90,
    "Achievement": 80,
    "Profile": 70,
    "Match": 30,
    "Cooperation": 20,
    "Deal": 25,
}
TO_STATION: Mapping[str, LinkType] = {
    "Station": stations.ANSWERS_TO,
    "Organisation": SERVED_BY,
    "Partner": partners.ENGAGED_BY,
    "Expert": experts.IN_TEAM_OF,
    "Broker": brokers.SIGNED_BY,
    "Need": needs.RECORDED_BY,
    "Achievement": achievements.REGISTERED_BY,
    "Profile": profiles.IMPORTED_BY,
    "Match": matches.DECIDED_BY,
    "Cooperation": cooperation.ASKED_BY,
    "Deal": deals.BROKERED_BY,
}
"""One link of each record to a station."""


def unevenly(chance: Chance, values: Iterable[T]) -> T:
    """One of these; the first ones are likelier."""
    several = list(values)
    return chance.choices(several, [2.0**-place for place in range(len(several))])[0]


def some(chance: Chance, values: Iterable[Any]) -> list[str]:
    """None of these, or some, a few of them twice: a fact may say the same twice."""
    return [str(plain(unevenly(chance, values))) for _ in range(chance.choice((0, 1, 1, 2, 3)))]


def plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


PROPERTIES: Mapping[str, Callable[[Chance], dict[str, Any]]] = {
    "Station": lambda chance: {
        "tier": unevenly(chance, reversed(Tier)),
        "international": chance.random() < 0.4,
        **placed(chance.choice(REGIONS)),
    },
    "Organisation": lambda chance: {
        "kind": unevenly(chance, OrganisationKind),
        "industry": unevenly(chance, (*list(Industry)[:5], None)),
        "country": unevenly(chance, ("CN", *COUNTRIES)),
        "verified": chance.random() < 0.3,
        **placed(unevenly(chance, (*REGIONS[:4], None))),
    },
    "Partner": lambda chance: {"kind": unevenly(chance, PartnerKind), "country": unevenly(chance, COUNTRIES)},
    "Expert": lambda chance: {
        "fields": some(chance, TechnologyField),
        "libraries": some(chance, ExpertLibrary),
        "languages": some(chance, LANGUAGES),
        "listed": chance.random() < 0.9,
    },
    "Broker": lambda chance: {"stage": unevenly(chance, BrokerStage)},
    "Need": lambda chance: {
        "stage": unevenly(chance, (NeedStage.PUBLISHED, NeedStage.SOLVED, *NeedStage)),
        "fields": some(chance, TechnologyField),
        "mode": unevenly(chance, CooperationMode),
    },
    "Achievement": lambda chance: {
        "stage": unevenly(chance, (AchievementStage.PUBLISHED, *AchievementStage)),
        "secrecy": unevenly(chance, (Secrecy.OPEN, *Secrecy)),
        "fields": some(chance, TechnologyField),
        "maturity": unevenly(chance, (None, *Maturity)),
    },
    "Profile": lambda chance: {
        "type": unevenly(chance, ProfileType),
        "origin": unevenly(chance, Origin),
        "stage": unevenly(chance, (ProfileStage.PUBLISHED, *ProfileStage)),
        "country": unevenly(chance, (*COUNTRIES, None)),
        "technology_keywords": some(chance, KEYWORDS),
        "market_keywords": some(chance, KEYWORDS),
    },
    "Match": lambda chance: {"stage": unevenly(chance, MatchStage)},
    "Cooperation": lambda chance: {"stage": unevenly(chance, CooperationStage)},
    "Deal": lambda chance: {"stage": unevenly(chance, DealStage), "contract_class": unevenly(chance, ContractClass)},
}


def recorded(chance: Chance, label: str, number: int, there: Sequence[str]) -> Iterator[Change]:
    """A record of this label, by its number, linked to one of the stations that are there."""
    id = f"{label.lower()}_{number:026d}"
    values = {name: plain(value) for name, value in PROPERTIES[label](chance).items()}
    about: dict[str, Any] = {"created": number, "recorded_at": "2026-08-10T12:00:00.000000Z"}
    yield Put(label, id, {**about, **{name: value for name, value in values.items() if value is not None}})
    if there:
        yield Link(TO_STATION[label], id, chance.choice(there))


def crowd(seed: int, station: str) -> list[Change]:
    """The records of a crowd. The first of its stations has this id, for somebody who acts for it."""
    chance, numbers = Chance(seed), iter(range(1, 10_000))
    first = Put("Station", station, {"created": 0, "recorded_at": "", **_station(chance)})
    found: list[Change] = [first]
    there = [station]
    for label, size in SIZES.items():
        for _ in range(size):
            found += recorded(chance, label, next(numbers), there)
        if label == "Station":
            there += [each.id for each in found if isinstance(each, Put)][1:]
    return found


def _station(chance: Chance) -> dict[str, Any]:
    return {name: plain(value) for name, value in PROPERTIES["Station"](chance).items()}


@dataclass
class Crowd:
    """A crowd in a generation of its own, with the model of it, asked both ways."""

    engine: GraphEngine
    driver: Driver
    generation: Generation
    ways: BothWays
    changes: list[Change]
    owner: Owner = field(init=False)
    bare: Model = field(init=False)

    def __post_init__(self) -> None:
        graph = Graph()
        graph.apply(self.changes)
        self.bare = Model(graph)
        # Neo4j takes long to plan what it writes first.
        self.owner = Owner(self.engine, self.driver, self.generation, timeout=60)
        self.write(self.changes)

    def model(self, *more: Change) -> Model:
        """What there is to count, with these changes."""
        if not more:
            return self.bare
        graph = Graph()
        graph.apply([*self.changes, *more])
        return Model(graph)

    def write(self, changes: Iterable[Change]) -> None:
        batch = Batch()
        for each in changes:
            batch.add(each)
        self.owner.bring(batch, self.owner.position() + 1)

    def forget(self, changes: Iterable[Change]) -> None:
        """Take the records away again that these changes brought."""
        for each in changes:
            if isinstance(each, Put):
                run(self.driver, self.generation, f"MATCH (n:{each.label}) WHERE n.id = '{each.id}' DETACH DELETE n")

    def station(self, who: str | None) -> str | None:
        asking: Asking = self.ways.asking
        return asking.made.people[who].station_id if who else None

"""Stations in the graph."""

from __future__ import annotations

from datetime import date

from scenario import id_of
from two_stations import CONTEXT, graph_of

from domain.kernel.claims import ClaimReleased
from domain.kernel.history import Recorded
from domain.stations import StationDesignatedInternational, StationFounded, StationHosted, StationOpened, Tier
from domain.values import Bilingual
from projections.stations import ANSWERS_TO, HOSTED_BY, project

STATION, PARENT = id_of("station"), id_of("station", "parent")
INSTITUTE, OTHER = id_of("organisation", "a"), id_of("organisation", "b")
FOUNDED = StationFounded(
    tier=Tier.BASE, name=Bilingual(zh="绍兴站", en="Shaoxing"), region="330600", parent_id=PARENT, host_id=INSTITUTE
)


def test_a_founded_station_stands_in_its_region_under_its_parent_and_with_its_institution() -> None:
    graph = graph_of(STATION, FOUNDED)
    assert graph.node("Station", STATION) == {
        "created": 7,
        "recorded_at": "2026-08-10T12:00:00.000000Z",
        "tier": "base",
        "name_zh": "绍兴站",
        "name_en": "Shaoxing",
        "international": False,
        "region": "330600",
        "province": "330000",
    }
    assert graph.targets(ANSWERS_TO, STATION) == {PARENT: {}}
    assert graph.targets(HOSTED_BY, STATION) == {INSTITUTE: {}}


def test_the_national_station_answers_to_nobody() -> None:
    graph = graph_of(STATION, StationFounded(tier=Tier.NATIONAL, name=Bilingual(zh="国家站"), region="110000"))
    assert graph.links == {}
    node = graph.node("Station", STATION)
    assert node is not None
    assert "name_en" not in node


def test_a_station_has_one_institution_the_latest() -> None:
    graph = graph_of(STATION, FOUNDED, StationHosted(host_id=OTHER))
    assert graph.targets(HOSTED_BY, STATION) == {OTHER: {}}
    assert graph.targets(ANSWERS_TO, STATION) == {PARENT: {}}


def test_opening_and_designation_are_dated_and_leave_the_rest() -> None:
    facts = StationOpened(on=date(2026, 1, 1)), StationDesignatedInternational(on=date(2026, 3, 1))
    before, after = graph_of(STATION, FOUNDED).node("Station", STATION), graph_of(STATION, FOUNDED, *facts)
    assert before is not None
    assert after.node("Station", STATION) == {
        **before,
        "opened_on": "2026-01-01",
        "international": True,
        "international_since": "2026-03-01",
    }


def test_a_fact_of_another_noun_says_nothing_of_stations() -> None:
    assert list(project(Recorded(STATION, 1, 7, ClaimReleased()), CONTEXT)) == []

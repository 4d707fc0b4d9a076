"""Stations: three tiers, one national station, a host, an opening, a designation."""

from __future__ import annotations

from datetime import date

import pytest
from scenario import Story, given, id_of

from domain.kernel.acting import Role
from domain.kernel.commands import Command
from domain.kernel.facts import Fact
from domain.organisations import OrganisationDetails, OrganisationKind, OrganisationRecorded
from domain.stations import (
    NATIONAL_STATION,
    DesignateInternational,
    FoundStation,
    HostStation,
    OpenStation,
    Station,
    StationDesignatedInternational,
    StationFounded,
    StationHosted,
    StationOpened,
    Tier,
)
from domain.values import Bilingual

REGIONAL, BASE, INSTITUTE = id_of("station", "浙江"), id_of("station", "绍兴"), id_of("organisation", "研究院")
NAME, DAY = Bilingual(zh="绍兴站"), date(2026, 1, 1)


def founded(tier: Tier, parent: str | None = None) -> StationFounded:
    return StationFounded(tier=tier, name=NAME, region="330600", parent_id=parent)


def network() -> Story:
    details = OrganisationDetails(name=Bilingual(zh="研究院"), kind=OrganisationKind.INSTITUTE)
    return (
        given(NATIONAL_STATION, founded(Tier.NATIONAL))
        .and_given(REGIONAL, founded(Tier.REGIONAL, NATIONAL_STATION))
        .and_given(BASE, founded(Tier.BASE, REGIONAL))
        .and_given(INSTITUTE, OrganisationRecorded(station_id=REGIONAL, details=details))
    )


def found(tier: Tier, parent: str, region: str = "330600", host: str | None = None) -> FoundStation:
    return FoundStation(tier=tier, name=NAME, region=region, parent_id=parent, host_id=host)


@pytest.mark.parametrize(
    ("tier", "parent"), [(Tier.REGIONAL, NATIONAL_STATION), (Tier.BASE, REGIONAL), (Tier.BASE, NATIONAL_STATION)]
)
def test_a_station_answers_to_one_of_the_tier_above(tier: Tier, parent: str) -> None:
    network().when(found(tier, parent)).then(founded(tier, parent))


@pytest.mark.parametrize(("tier", "parent"), [(Tier.REGIONAL, REGIONAL), (Tier.BASE, BASE), (Tier.REGIONAL, BASE)])
def test_a_station_answers_to_none_of_its_own_tier_or_below(tier: Tier, parent: str) -> None:
    refusal = network().when(found(tier, parent)).then_refused("station.parent_tier")
    assert "national" in refusal.explanation


def test_there_is_one_national_station() -> None:
    network().when(found(Tier.NATIONAL, NATIONAL_STATION)).then_refused("station.national_exists")


def test_a_station_is_founded_once() -> None:
    command = found(Tier.BASE, REGIONAL)
    first = network().when(command).then(founded(Tier.BASE, REGIONAL))
    network().and_given(first.entity_id, founded(Tier.BASE, REGIONAL)).when(command).then_refused("station.exists")


def test_a_station_answers_to_one_that_is_there_and_lies_in_a_region_that_is() -> None:
    network().when(found(Tier.BASE, id_of("station", "nowhere"))).then_refused("station.unknown")
    network().when(found(Tier.BASE, REGIONAL, region="999999")).then_refused("region.unknown")


def test_a_station_may_be_founded_with_an_institution_that_is_known() -> None:
    told = network().when(found(Tier.BASE, REGIONAL, host=INSTITUTE))
    told.then(founded(Tier.BASE, REGIONAL).model_copy(update={"host_id": INSTITUTE}))
    told.then_reads(INSTITUTE, REGIONAL)
    nobody = id_of("organisation", "nobody")
    network().when(found(Tier.BASE, REGIONAL, host=nobody)).then_refused("organisation.unknown")


def test_a_station_without_an_institution_does_not_rest_on_that_of_its_parent() -> None:
    story = network().and_given(REGIONAL, StationHosted(host_id=INSTITUTE))
    assert INSTITUTE not in story.when(found(Tier.BASE, REGIONAL)).then(founded(Tier.BASE, REGIONAL)).reads


def test_another_institution_may_take_a_station_over_and_the_same_one_may_not() -> None:
    network().when(HostStation(station_id=BASE, host_id=INSTITUTE)).then(StationHosted(host_id=INSTITUTE))
    hosted = network().and_given(BASE, StationHosted(host_id=INSTITUTE))
    hosted.when(HostStation(station_id=BASE, host_id=INSTITUTE)).then_refused("station.hosted_already")
    network().when(HostStation(station_id=BASE, host_id=id_of("organisation"))).then_refused("organisation.unknown")


def test_a_station_opens_once() -> None:
    network().when(OpenStation(station_id=BASE, on=DAY)).then(StationOpened(on=DAY))
    opened = network().and_given(BASE, StationOpened(on=DAY))
    opened.when(OpenStation(station_id=BASE, on=date(2026, 2, 1))).then_refused("station.open")


def test_the_national_and_regional_stations_may_be_designated_international_once() -> None:
    for station in (NATIONAL_STATION, REGIONAL):
        command = DesignateInternational(station_id=station, on=DAY)
        network().when(command).then(StationDesignatedInternational(on=DAY))
        designated = network().and_given(station, StationDesignatedInternational(on=DAY))
        designated.when(command).then_refused("station.international")


def test_a_base_station_does_not_serve_abroad() -> None:
    network().when(DesignateInternational(station_id=BASE, on=DAY)).then_refused("station.base_abroad")


@pytest.mark.parametrize(
    "command",
    [
        found(Tier.BASE, REGIONAL),
        HostStation(station_id=BASE, host_id=INSTITUTE),
        OpenStation(station_id=BASE, on=DAY),
        DesignateInternational(station_id=REGIONAL, on=DAY),
    ],
    ids=lambda command: type(command).__name__,
)
def test_only_an_administrator_looks_after_the_stations(command: Command) -> None:
    network().acting(Role.MANAGER, at=BASE).when(command).then_refused("authority.role")


@pytest.mark.parametrize(
    "command",
    [
        HostStation(station_id=id_of("station", "no"), host_id=INSTITUTE),
        OpenStation(station_id=id_of("station", "no"), on=DAY),
        DesignateInternational(station_id=id_of("station", "no"), on=DAY),
    ],
    ids=lambda command: type(command).__name__,
)
def test_a_station_that_is_not_there_cannot_change(command: Command) -> None:
    network().when(command).then_refused("station.unknown")


def test_a_station_is_what_its_facts_made_of_it() -> None:
    facts: tuple[Fact, ...] = (
        StationHosted(host_id=INSTITUTE),
        StationOpened(on=DAY),
        StationDesignatedInternational(on=DAY),
    )
    assert network().and_given(REGIONAL, *facts).state(REGIONAL) == Station(Tier.REGIONAL, INSTITUTE, DAY, True)

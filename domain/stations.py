"""Stations (驿站站点): national, regional and base ones, some of them designated international."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.kernel.acting import ADMINISTRATORS
from domain.kernel.commands import Command
from domain.kernel.deciding import Slice
from domain.kernel.facts import Fact
from domain.kernel.ids import derived_id
from domain.kernel.refusals import ensure
from domain.organisations import Organisation
from domain.reference.checks import ensure_region
from domain.references import OrganisationId, StationId
from domain.values import Bilingual, RegionCode


class Tier(StrEnum):
    NATIONAL = "national"
    """国家站点: screens state programmes' results and looks after the network."""
    REGIONAL = "regional"
    """区域站点: a province's or city's centre, with services for the base stations."""
    BASE = "base"
    """基层站点: the network's nodes, close to the enterprises."""


PARENTS = {Tier.REGIONAL: (Tier.NATIONAL,), Tier.BASE: (Tier.REGIONAL, Tier.NATIONAL)}
"""Which tiers a station may answer to."""

NATIONAL_STATION = derived_id("station", "national")
"""The id of the network's national station: there is one."""


# -- facts -------------------------------------------------------------------


class StationFounded(Fact, topic="station.founded"):
    """The station belongs to the network; it works from its opening on."""

    tier: Tier
    name: Bilingual
    region: RegionCode
    parent_id: StationId | None = None
    host_id: OrganisationId | None = None


class StationHosted(Fact, topic="station.hosted"):
    """The institution carries the station from now on (依托单位)."""

    host_id: OrganisationId


class StationOpened(Fact, topic="station.opened"):
    """The station took up its work on this day."""

    on: date


class StationDesignatedInternational(Fact, topic="station.designated_international"):
    """The station serves as an international one (国际站点) from this day on."""

    on: date


StationFact: TypeAlias = StationFounded | StationHosted | StationOpened | StationDesignatedInternational


# -- state -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Station:
    tier: Tier
    host_id: str | None = None
    opened_on: date | None = None
    international: bool = False


def evolve(station: Station | None, fact: StationFact) -> Station:
    if isinstance(fact, StationFounded):
        return Station(fact.tier, fact.host_id)
    assert station is not None, "history starts with StationFounded"
    match fact:
        case StationHosted(host_id=host_id):
            return replace(station, host_id=host_id)
        case StationOpened(on=on):
            return replace(station, opened_on=on)
        case StationDesignatedInternational():
            return replace(station, international=True)
        case _:
            assert_never(fact)


# -- decisions ---------------------------------------------------------------


class FoundStation(Command, roles=ADMINISTRATORS):
    tier: Tier
    name: Bilingual
    region: RegionCode
    parent_id: StationId
    host_id: OrganisationId | None = None


class HostStation(Command, roles=ADMINISTRATORS):
    station_id: StationId
    host_id: OrganisationId


class OpenStation(Command, roles=ADMINISTRATORS):
    station_id: StationId
    on: date


class DesignateInternational(Command, roles=ADMINISTRATORS):
    station_id: StationId
    on: date


def found(station: Station | None, parent: Station, host: Organisation | None, command: FoundStation) -> StationFounded:
    """A regional station answers to the national one, a base station to a regional one; there is one national one."""
    ensure(station is None, "station.exists", "the station has been founded already")
    ensure(
        command.tier is not Tier.NATIONAL,
        "station.national_exists",
        "the national station was founded at installation; takes regional or base",
    )
    ensure(
        parent.tier in PARENTS[command.tier],
        "station.parent_tier",
        f"a {command.tier} station answers to a {' or '.join(PARENTS[command.tier])} one; this parent is {parent.tier}",
    )
    ensure(
        command.host_id is None or host is not None,
        "organisation.unknown",
        f"there is no organisation {command.host_id}",
    )
    ensure_region(command.region)
    return StationFounded(**dict(command))


def host(station: Station, host: Organisation, command: HostStation) -> StationHosted:
    """A station is carried by one institution at a time; another one may take over."""
    ensure(station.host_id != command.host_id, "station.hosted_already", "this institution carries the station already")
    return StationHosted(host_id=command.host_id)


def open_(station: Station, command: OpenStation) -> StationOpened:
    """A station opens once."""
    ensure(station.opened_on is None, "station.open", f"the station has been open since {station.opened_on}")
    return StationOpened(on=command.on)


def designate_international(station: Station, command: DesignateInternational) -> StationDesignatedInternational:
    """Some of the regional stations serve abroad, and the national one may."""
    ensure(station.tier is not Tier.BASE, "station.base_abroad", "a regional or the national station may be designated")
    ensure(not station.international, "station.international", "the station is designated international already")
    return StationDesignatedInternational(on=command.on)


SLICE = Slice(
    "station",
    Station,
    (StationFounded, StationHosted, StationOpened, StationDesignatedInternational),
    evolve,
    (found, host, open_, designate_international),
)

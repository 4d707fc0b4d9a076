"""Partners (合作伙伴): organisations that stations work with, the contact points of the EEN abroad among them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.kernel.acting import Acting
from domain.kernel.authority import entitle
from domain.kernel.commands import Command
from domain.kernel.deciding import Slice
from domain.kernel.facts import Fact, Value
from domain.kernel.fields import Code
from domain.kernel.refusals import Refusal, ensure
from domain.organisations import Organisation
from domain.reference.checks import ensure_country
from domain.references import OrganisationId, PartnerId, StationId
from domain.stations import Station
from domain.values import Bilingual, Contact, CountryCode, Source

EEN_PARTNER_ID = re.compile(r"[A-Z]{2}[0-9]{5}")
"""How the Enterprise Europe Network numbers its members, for instance NL00000."""


class PartnerKind(StrEnum):
    EEN_CONTACT_POINT = "een_contact_point"
    """A member of the Enterprise Europe Network."""
    ENTERPRISE = "enterprise"
    UNIVERSITY = "university"
    INSTITUTE = "institute"
    ASSOCIATION = "association"
    INTERMEDIARY = "intermediary"
    """中介机构: transfer agencies, incubators, law and finance firms."""
    AUTHORITY = "authority"
    OTHER = "other"


class Purpose(StrEnum):
    """What a station works with a partner for."""

    MATCHING = "matching"
    """供需对接"""
    RESEARCH = "research"
    """联合研发"""
    PILOT = "pilot"
    """中试"""
    INCUBATION = "incubation"
    """孵化"""
    TRAINING = "training"
    """培训"""
    FINANCE = "finance"
    """投融资"""
    LEGAL = "legal"
    """法律服务"""
    PROMOTION = "promotion"
    """市场推介"""
    OTHER = "other"


class PartnerDetails(Value):
    """What is known of a partner and may be corrected."""

    name: Bilingual
    kind: PartnerKind
    country: CountryCode = "CN"
    een_partner_id: Code | None = None
    organisation_id: OrganisationId | None = None
    """The organisation that it is, when the network has recorded that."""


# -- facts -------------------------------------------------------------------


class PartnerRecorded(Fact, topic="partner.recorded"):
    """A station wrote the partner down."""

    station_id: StationId
    details: PartnerDetails
    contact: Contact | None = None
    source: Source | None = None


class PartnerAmended(Fact, topic="partner.amended"):
    """What is known of it is now this; a contact that is not named stays who it was."""

    details: PartnerDetails
    contact: Contact | None = None


class PartnerEngaged(Fact, topic="partner.engaged"):
    """The station works with the partner from this day on; said again while it does, it replaces what was said."""

    station_id: StationId
    since: date
    purposes: tuple[Purpose, ...] = ()


class PartnerDisengaged(Fact, topic="partner.disengaged"):
    """The station worked with the partner from a day until a day, both included, and works with it no longer."""

    station_id: StationId
    since: date
    until: date
    purposes: tuple[Purpose, ...] = ()


PartnerFact: TypeAlias = PartnerRecorded | PartnerAmended | PartnerEngaged | PartnerDisengaged


# -- state -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Engagement:
    """A station's work with the partner, from a day on; over when `until` is known."""

    since: date
    purposes: tuple[Purpose, ...]
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Partner:
    """Any station may engage a partner, whichever recorded it: so each decision says who answers."""

    recorded_by: str
    details: PartnerDetails
    contact: Contact | None = None
    engagements: Mapping[str, Engagement] = field(default_factory=dict)
    """The latest engagement of each station that ever had one, by the station's id."""

    def engagement(self, station_id: str) -> Engagement | None:
        """The engagement of this station that is not over."""
        latest = self.engagements.get(station_id)
        return latest if latest and latest.until is None else None

    @property
    def engaged_by(self) -> frozenset[str]:
        """The stations that work with the partner."""
        return frozenset(id for id in self.engagements if self.engagement(id))


def evolve(partner: Partner | None, fact: PartnerFact) -> Partner:
    if isinstance(fact, PartnerRecorded):
        return Partner(fact.station_id, fact.details, fact.contact)
    assert partner is not None, "history starts with PartnerRecorded"
    match fact:
        case PartnerAmended(details=details, contact=contact):
            return replace(partner, details=details, contact=contact or partner.contact)
        case PartnerEngaged(station_id=station, since=since, purposes=purposes):
            return replace(partner, engagements={**partner.engagements, station: Engagement(since, purposes)})
        case PartnerDisengaged(station_id=station, since=since, until=until, purposes=purposes):
            over = Engagement(since, purposes, until)
            return replace(partner, engagements={**partner.engagements, station: over})
        case _:
            assert_never(fact)


# -- decisions ---------------------------------------------------------------


def een_source(details: PartnerDetails) -> Source | None:
    """What names a partner in the Enterprise Europe Network: its number there, or its country and name.

    None for a partner that is not in that network.
    """
    if details.een_partner_id:
        return Source(system="een", reference=details.een_partner_id)
    if details.kind is not PartnerKind.EEN_CONTACT_POINT:
        return None
    name = details.name.en or details.name.zh or ""
    return Source(system="een", reference=" ".join((details.country, *name.casefold().split()))[:1_200])


class RecordPartner(Command):
    """With `since`, the station that records the partner works with it from that day on."""

    station_id: StationId
    details: PartnerDetails
    contact: Contact | None = None
    source: Source | None = None
    since: date | None = None
    purposes: tuple[Purpose, ...] = ()

    @property
    def organisation_id(self) -> str | None:
        return self.details.organisation_id

    def derives_from(self) -> tuple[str, ...]:
        source = self.source or een_source(self.details)
        return (source.system, source.reference) if source else ()


class AmendPartner(Command):
    partner_id: PartnerId
    details: PartnerDetails
    contact: Contact | None = None

    @property
    def organisation_id(self) -> str | None:
        return self.details.organisation_id


class EngagePartner(Command):
    partner_id: PartnerId
    station_id: StationId
    since: date
    purposes: tuple[Purpose, ...] = ()


class DisengagePartner(Command):
    partner_id: PartnerId
    station_id: StationId
    until: date


def record(
    partner: Partner | None, station: Station, organisation: Organisation | None, command: RecordPartner
) -> tuple[PartnerRecorded] | tuple[PartnerRecorded, PartnerEngaged]:
    """An open station records a partner once, and may engage it in the same commit."""
    ensure(partner is None, "partner.exists", "the partner is recorded already; amend or engage it")
    ensure(station.opened_on is not None, "station.not_open", "takes a station that has opened")
    ensure_details(command.details, organisation)
    recorded = PartnerRecorded(
        station_id=command.station_id, details=command.details, contact=command.contact, source=command.source
    )
    if command.since is None:
        ensure(not command.purposes, "partner.since_missing", "purposes go with the day since which the two work")
        return (recorded,)
    engaged = PartnerEngaged(station_id=command.station_id, since=command.since, purposes=command.purposes)
    return recorded, engaged


def amend(
    partner: Partner, organisation: Organisation | None, command: AmendPartner, acting: Acting
) -> PartnerAmended | tuple[()]:
    """The station that recorded a partner and those that work with it correct what is known of it."""
    entitle(acting, command, {partner.recorded_by, *partner.engaged_by})
    ensure_details(command.details, organisation)
    changes = command.details != partner.details or command.contact is not None
    return PartnerAmended(details=command.details, contact=command.contact) if changes else ()


def engage(partner: Partner, station: Station, command: EngagePartner, acting: Acting) -> PartnerEngaged | tuple[()]:
    """An open station engages any partner, for itself; once more with other purposes or another day corrects it."""
    entitle(acting, command, (command.station_id,))
    ensure(station.opened_on is not None, "station.not_open", "takes a station that has opened")
    latest = partner.engagements.get(command.station_id)
    over = latest.until if latest else None
    ensure(
        over is None or command.since > over,
        "partner.overlap",
        f"the station worked with the partner until {over}; takes a later day",
    )
    if latest == Engagement(command.since, command.purposes):
        return ()
    return PartnerEngaged(station_id=command.station_id, since=command.since, purposes=command.purposes)


def disengage(partner: Partner, command: DisengagePartner, acting: Acting) -> PartnerDisengaged:
    """A station ends its own work with a partner; others go on."""
    entitle(acting, command, (command.station_id,))
    engagement = partner.engagement(command.station_id)
    if engagement is None:
        raise Refusal("partner.not_engaged", f"{command.station_id} does not work with the partner")
    ensure(command.until >= engagement.since, "partner.dates", f"takes an end that is not before {engagement.since}")
    return PartnerDisengaged(
        station_id=command.station_id, since=engagement.since, until=command.until, purposes=engagement.purposes
    )


def ensure_details(details: PartnerDetails, organisation: Organisation | None) -> None:
    """The country and the organisation exist; a number of the EEN has its form."""
    ensure_country(details.country)
    ensure(
        details.een_partner_id is None or EEN_PARTNER_ID.fullmatch(details.een_partner_id) is not None,
        "partner.een_id",
        f"{details.een_partner_id} is no partner number of the EEN; takes two letters and five digits such as NL00000",
    )
    ensure(
        details.organisation_id is None or organisation is not None,
        "organisation.unknown",
        f"there is no organisation {details.organisation_id}",
    )


SLICE = Slice(
    "partner",
    Partner,
    (PartnerRecorded, PartnerAmended, PartnerEngaged, PartnerDisengaged),
    evolve,
    (record, amend, engage, disengage),
)

"""Organisations: enterprises, universities, institutes, associations and others that need or make technology."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.kernel.claims import ClaimKey, Claims
from domain.kernel.commands import Command
from domain.kernel.deciding import Decision, Slice
from domain.kernel.facts import Fact, Value
from domain.kernel.fields import Code, Prose
from domain.kernel.refusals import ensure
from domain.reference.checks import ensure_country, ensure_credit_code, ensure_region
from domain.reference.industries import Industry
from domain.references import OrganisationId, StationId
from domain.values import Bilingual, CountryCode, RegionCode, Source


class OrganisationKind(StrEnum):
    ENTERPRISE = "enterprise"
    """企业"""
    UNIVERSITY = "university"
    """高等院校"""
    INSTITUTE = "institute"
    """科研机构"""
    ASSOCIATION = "association"
    """行业协会"""
    INTERMEDIARY = "intermediary"
    """中介机构: transfer agencies, incubators, productivity centres."""
    AUTHORITY = "authority"
    """行政部门"""
    OTHER = "other"


class OrganisationDetails(Value):
    """What is known of an organisation and may be corrected."""

    name: Bilingual
    kind: OrganisationKind
    country: CountryCode = "CN"
    region: RegionCode | None = None
    industry: Industry | None = None
    address: Prose | None = None


# -- facts -------------------------------------------------------------------


class OrganisationRecorded(Fact, topic="organisation.recorded"):
    """A station wrote the organisation down. It is verified if it came with a credit code that checks."""

    station_id: StationId
    details: OrganisationDetails
    credit_code: Code | None = None
    source: Source | None = None


class OrganisationAmended(Fact, topic="organisation.amended"):
    """What is known of it is now this."""

    details: OrganisationDetails


class OrganisationVerified(Fact, topic="organisation.verified"):
    """Its unified social credit code (统一社会信用代码) became known, or changed."""

    credit_code: Code


OrganisationFact: TypeAlias = OrganisationRecorded | OrganisationAmended | OrganisationVerified


# -- state -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Organisation:
    station_id: str
    details: OrganisationDetails
    credit_code: str | None = None


def evolve(organisation: Organisation | None, fact: OrganisationFact) -> Organisation:
    if isinstance(fact, OrganisationRecorded):
        return Organisation(fact.station_id, fact.details, fact.credit_code)
    assert organisation is not None, "history starts with OrganisationRecorded"
    match fact:
        case OrganisationAmended(details=details):
            return replace(organisation, details=details)
        case OrganisationVerified(credit_code=credit_code):
            return replace(organisation, credit_code=credit_code)
        case _:
            assert_never(fact)


# -- decisions ---------------------------------------------------------------


def credit_code_claim(code: str) -> ClaimKey:
    """A credit code belongs to one organisation at a time."""
    return ClaimKey("credit_code", code)


class RecordOrganisation(Command):
    station_id: StationId
    details: OrganisationDetails
    credit_code: Code | None = None
    source: Source | None = None

    def derives_from(self) -> tuple[str, ...]:
        return (self.source.system, self.source.reference) if self.source else ()

    def claims(self) -> tuple[ClaimKey, ...]:
        return (credit_code_claim(self.credit_code),) if self.credit_code else ()


class AmendOrganisation(Command):
    organisation_id: OrganisationId
    details: OrganisationDetails


class VerifyOrganisation(Command):
    organisation_id: OrganisationId
    credit_code: Code
    former: Code | None = None

    def claims(self) -> tuple[ClaimKey, ...]:
        return tuple(credit_code_claim(code) for code in (self.credit_code, self.former) if code)


def record(organisation: Organisation | None, claims: Claims, command: RecordOrganisation) -> Decision:
    """An organisation is recorded once; a credit code that is given belongs to no other one."""
    ensure(organisation is None, "organisation.exists", "the organisation is recorded already; amend it")
    ensure_details(command.details)
    ensure_credit_code(command.credit_code)
    return Decision((OrganisationRecorded(**dict(command)),), claims.taken(*command.claims()))


def amend(organisation: Organisation, command: AmendOrganisation) -> OrganisationAmended | tuple[()]:
    """An amendment that changes nothing records nothing."""
    ensure_details(command.details)
    return OrganisationAmended(details=command.details) if command.details != organisation.details else ()


def verify(organisation: Organisation, claims: Claims, command: VerifyOrganisation) -> Decision:
    """A changed code is taken, and the former one let go, in the same commit."""
    ensure_credit_code(command.credit_code)
    ensure(
        organisation.credit_code in (None, command.former),
        "organisation.former_code",
        f"the code in force is {organisation.credit_code}; name it as the former one",
    )
    ensure(organisation.credit_code != command.credit_code, "organisation.verified", "this code is recorded already")
    former = (credit_code_claim(command.former),) if command.former else ()
    taken = claims.taken(credit_code_claim(command.credit_code))
    return Decision((OrganisationVerified(credit_code=command.credit_code),), {**taken, **claims.released(*former)})


def ensure_details(details: OrganisationDetails) -> None:
    """Region and country exist; a region of China belongs to an organisation in China."""
    ensure_country(details.country)
    ensure_region(details.region)
    ensure(
        details.region is None or details.country == "CN",
        "organisation.region_abroad",
        f"a region of GB/T 2260 goes with country CN, not with {details.country}",
    )


SLICE = Slice(
    "organisation",
    Organisation,
    (OrganisationRecorded, OrganisationAmended, OrganisationVerified),
    evolve,
    (record, amend, verify),
)

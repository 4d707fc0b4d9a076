"""The code lists of the Enterprise Europe Network (EEN): profile types, stages, rights, partnerships, partners.

Labels are those of EEN's Partnering Profile Quality Guidelines 1.2 (2024). What files and pages say is read tolerantly:
"&" for "and", any case, any blanks and dashes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Self, TypeVar

from domain.kernel.refusals import Refusal, ensure
from domain.reference.countries import country


class Labelled(StrEnum):
    """A word of a code list: its value is ours and stable, `label` is EEN's, `aliases` are other spellings in use."""

    label: str
    aliases: tuple[str, ...]

    def __new__(cls, value: str, label: str, *aliases: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.aliases = aliases
        return member


class ProfileType(Labelled):
    """What a profile offers or asks for."""

    BO = "BO", "Business offer"
    BR = "BR", "Business request"
    TO = "TO", "Technology offer"
    TR = "TR", "Technology request"
    RDR = "RDR", "Research & development request", "R&D request", "RD"


class StageOfDevelopment(Labelled):
    """How far the technology has come."""

    CONCEPT = "concept", "Concept stage"
    UNDER_DEVELOPMENT = "under_development", "Under development"
    LAB_TESTED = "lab_tested", "Lab tested", "Under development / lab tested"
    DEMONSTRATION = "demonstration", "Available for demonstration", "Prototype available for demonstration"
    ON_THE_MARKET = "on_the_market", "Already on the market"


class IprStatus(Labelled):
    """How the technology is protected."""

    NONE = "none", "No IPR applied"
    SECRET = "secret", "Secret know-how"
    APPLIED = "applied", "IPR applied but not yet granted", "Patent(s) applied for but not yet granted"
    GRANTED = "granted", "IPR granted", "Patents granted"


class PartnershipType(Labelled):
    """The kind of agreement that is looked for."""

    COMMERCIAL = "commercial", "Commercial", "Commercial agreement"
    INVESTMENT = "investment", "Investment agreement", "Investment"
    OUTSOURCING = "outsourcing", "Outsourcing", "Outsourcing agreement"
    SUPPLIER = "supplier", "Supplier agreement"
    COMMERCIAL_WITH_ASSISTANCE = "commercial_with_assistance", "Commercial agreement with technical assistance"
    RESEARCH_COOPERATION = (
        "research_cooperation",
        "Research & development cooperation agreement",
        "Research cooperation agreement",
        "R&D cooperation agreement",
    )


class SoughtPartner(Labelled):
    """The type and size of the partner that is looked for; sizes of an SME in persons employed."""

    SME_10 = "sme_10", "SME <=10", "SME 1-10"
    SME_49 = "sme_49", "SME 11-49"
    SME_249 = "sme_249", "SME 50-249"
    BIG_COMPANY = "big_company", "Big company"
    RESEARCH_INSTITUTION = "research_institution", "R&D Institution"
    UNIVERSITY = "university", "University"
    OTHER = "other", "Other"


_BUSINESS = frozenset(
    {
        PartnershipType.COMMERCIAL,
        PartnershipType.INVESTMENT,
        PartnershipType.OUTSOURCING,
        PartnershipType.SUPPLIER,
    }
)
_TECHNOLOGY = frozenset(
    {
        PartnershipType.INVESTMENT,
        PartnershipType.COMMERCIAL_WITH_ASSISTANCE,
        PartnershipType.RESEARCH_COOPERATION,
    }
)

PARTNERSHIPS: Mapping[ProfileType, frozenset[PartnershipType]] = MappingProxyType(
    {
        ProfileType.BO: _BUSINESS,
        ProfileType.BR: _BUSINESS,
        ProfileType.TO: _TECHNOLOGY,
        ProfileType.TR: _TECHNOLOGY,
        ProfileType.RDR: frozenset({PartnershipType.RESEARCH_COOPERATION}),
    }
)
"""Which partnerships a profile of a type may look for."""


AnyLabelled = TypeVar("AnyLabelled", bound=Labelled)


def parse_profile_type(text: str) -> ProfileType | None:
    return _parse(ProfileType, text)


def parse_stage(text: str) -> StageOfDevelopment | None:
    return _parse(StageOfDevelopment, text)


def parse_ipr_status(text: str) -> IprStatus | None:
    return _parse(IprStatus, text)


def parse_partnership(text: str) -> PartnershipType | None:
    return _parse(PartnershipType, text)


def parse_partner_kind(text: str) -> SoughtPartner | None:
    return _parse(SoughtPartner, text)


def _parse(kind: type[AnyLabelled], text: str) -> AnyLabelled | None:
    return _spellings(kind).get(_folded(text))


@cache
def _spellings(kind: type[AnyLabelled]) -> Mapping[str, AnyLabelled]:
    return {_folded(spelling): member for member in kind for spelling in (member.value, member.label, *member.aliases)}


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("&", "and")
    return "".join(character for character in plain if character.isalnum())


REFERENCE_FORM = (
    "BO, BR, TO, TR or RDR, then two letters of a country, a date as yyyyMMdd and three digits, as in TONL20260903002"
)
"""What a reference has to look like, for those who are told that theirs does not."""

_REFERENCE = re.compile(r"(RDR|BO|BR|TO|TR)([A-Z]{2})([0-9]{8})([0-9]{3})")
_FIRST_YEAR = 2008


@dataclass(frozen=True, slots=True)
class Reference:
    """The name of a profile in EEN, for ever: `TONL20260903002`.

    `raw` is the text as it was given. `country` is the ISO 3166 code of the `letters` (EL is GR, UK is GB), None when
    they name no country.
    """

    raw: str
    type: ProfileType
    letters: str
    country: str | None
    date: date
    serial: str

    def __str__(self) -> str:
        return f"{self.type}{self.letters}{self.date:%Y%m%d}{self.serial}"


def parse_reference(text: str) -> Reference:
    """The reference that a text is, blanks around it and its case aside.

    Refusals: `reference.malformed`, `reference.date_impossible`.
    """
    match = _REFERENCE.fullmatch(text.strip().upper())
    if match is None:
        raise Refusal("reference.malformed", f"an EEN reference is {REFERENCE_FORM}")
    kind, letters, day, serial = match.groups()
    known = country(letters)
    return Reference(text, ProfileType[kind], letters, known.code if known else None, _day(day), serial)


def _day(digits: str) -> date:
    code = "reference.date_impossible"
    try:
        day = datetime.strptime(digits, "%Y%m%d").date()  # noqa: DTZ007 - a date of a calendar, not a moment
    except ValueError:
        raise Refusal(code, f"{digits} is no day of the calendar; a reference carries one as yyyyMMdd") from None
    ensure(day.year >= _FIRST_YEAR, code, f"{digits} lies before {_FIRST_YEAR}, when EEN and its references began")
    return day

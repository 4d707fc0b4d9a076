"""What an EEN profile says: its details, and what is asked of them when they are imported or drafted."""

from __future__ import annotations

from datetime import date
from typing import Annotated, TypeAlias

from pydantic import Field, StringConstraints

from domain.kernel.facts import Value
from domain.kernel.fields import Code, Opening, Prose
from domain.kernel.refusals import ensure
from domain.reference.checks import ensure_country, ensure_keywords
from domain.reference.een import (
    PARTNERSHIPS,
    IprStatus,
    PartnershipType,
    ProfileType,
    SoughtPartner,
    StageOfDevelopment,
    parse_reference,
)
from domain.values import Bilingual, CountryCode

WebAddress: TypeAlias = Annotated[str, Opening.OPEN, StringConstraints(pattern=r"^https?://\S+$", max_length=2000)]
"""An address of the web: http or https, nothing that runs or reads."""


class Call(Value):
    """The call of a framework programme that an R&D request answers. The budget is text, as EEN's users write it."""

    framework: Prose | None = None
    title: Prose | None = None
    scheme: Prose | None = None
    budget: Prose | None = None
    deadline: date | None = None
    weeks: Annotated[int, Field(ge=0)] | None = None
    url: WebAddress | None = None
    project: Prose | None = None
    coordinator_required: bool | None = None


class ProfileDetails(Value):
    """What a profile says; it may be corrected until the profile is withdrawn."""

    type: ProfileType
    title: Bilingual
    summary: Prose | None = None
    description: Prose | None = None
    advantages: Prose | None = None
    partner_sought: Prose | None = None
    partner_role: Prose | None = None
    technical_specification: Prose | None = None
    stage_of_development: StageOfDevelopment | None = None
    stage_note: Prose | None = None
    ipr_status: IprStatus | None = None
    ipr_note: Prose | None = None
    partnerships: tuple[PartnershipType, ...] = ()
    partner_kinds: tuple[SoughtPartner, ...] = ()
    technology_keywords: tuple[Code, ...] = ()
    market_keywords: tuple[Code, ...] = ()
    sdgs: tuple[Annotated[int, Field(ge=1, le=17)], ...] = ()
    country: CountryCode | None = None
    """Where the client is; None when the reference's letters name no country."""
    target_countries: tuple[CountryCode, ...] = ()
    """Where a partner may come from; empty is all."""
    submitted: date | None = None
    updated: date | None = None
    published: date | None = None
    expires: date | None = None
    """The last day on which the profile is valid; the two deadlines below are days of their own."""
    eoi_deadline: date | None = None
    call: Call | None = None
    open_for_interest: bool = True
    url: WebAddress | None = None

    def expired(self, on: date) -> bool:
        return self.expires is not None and self.expires < on

    def takes_interest(self, on: date) -> bool:
        """Whether an expression of interest (意向) may still be sent on this day."""
        return self.open_for_interest and (self.eoi_deadline is None or on <= self.eoi_deadline)


def ensure_reference(reference: str, details: ProfileDetails) -> None:
    """The reference is well formed, its date exists, and it names the same type as the details.

    Its letters are those of the hub that wrote it, which may serve a client in another country.
    """
    parsed = parse_reference(reference)
    ensure(
        parsed.type is details.type,
        "profile.type_disagrees",
        f"the reference is that of a {parsed.type}; the details are those of a {details.type}",
    )


def ensure_own_reference(reference: str, details: ProfileDetails) -> None:
    """A reference of our own besides names the country in which our client is: a hub serves its own area."""
    ensure_reference(reference, details)
    parsed = parse_reference(reference)
    ensure(
        parsed.country == details.country,
        "profile.country_disagrees",
        f"the reference names {parsed.country or 'no country'}; the details name {details.country or 'none'}",
    )


def ensure_imported(details: ProfileDetails) -> None:
    """What holds for every profile, whoever wrote it: its countries exist, and it expires after it was submitted."""
    ensure_country(details.country)
    for code in details.target_countries:
        ensure_country(code)
    ensure(
        details.submitted is None or details.expires is None or details.submitted <= details.expires,
        "profile.dates",
        f"takes an expiry that is not before the submission on {details.submitted}",
    )


def ensure_drafted(details: ProfileDetails) -> None:
    """What holds besides for our own: known keywords, fitting partnerships, partners abroad, deadlines in order."""
    ensure_imported(details)
    ensure_keywords(details.technology_keywords, details.market_keywords)
    unfit = [each.label for each in details.partnerships if each not in PARTNERSHIPS[details.type]]
    accepted = ", ".join(sorted(each.label for each in PARTNERSHIPS[details.type]))
    ensure(not unfit, "profile.partnership", f"{', '.join(unfit)}: a {details.type} takes {accepted}")
    ensure(details.country is not None, "profile.no_country", "takes the country in which the client is")
    ensure(
        details.country not in details.target_countries,
        "profile.own_country_targeted",
        f"partners are looked for abroad: takes target countries other than {details.country}",
    )
    call_deadline = details.call.deadline if details.call else None
    ensure(
        details.eoi_deadline is None or call_deadline is None or details.eoi_deadline < call_deadline,
        "profile.deadlines",
        f"takes a deadline for interest before that of the call on {call_deadline}",
    )

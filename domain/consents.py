"""Consents (披露同意): a client's contact person lets one partner abroad learn certain fields, for one interest.

A consent is asked for, accepted or declined, and once accepted it may be withdrawn at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.interest_life import Interest
from domain.interest_stages import LIVE, InterestStage
from domain.kernel.acting import Acting
from domain.kernel.commands import Command
from domain.kernel.deciding import Slice
from domain.kernel.facts import Fact
from domain.kernel.fields import KeptLine
from domain.kernel.refusals import ensure
from domain.references import ConsentId, InterestId, PartnerId, PersonId, StationId


class ConsentStage(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ContactField(StrEnum):
    """What a partner abroad may learn of a client."""

    ORGANISATION = "organisation"
    """Which organisation it is."""
    NAME = "name"
    """The name of its contact person."""
    PHONE = "phone"
    EMAIL = "email"


ASKED_IN = LIVE - {InterestStage.PENDING, InterestStage.SIGNPOSTED}
"""Where consent may be asked for: an adviser has the interest in hand, and it has not ended."""


# -- facts -------------------------------------------------------------------


class ConsentAsked(Fact, topic="consent.asked"):
    """The person was asked whether this partner may learn these fields; until a day, if one is said."""

    interest_id: InterestId
    answering_ids: tuple[StationId, ...]
    """The stations that handle the interest."""
    partner_id: PartnerId
    person_id: PersonId
    fields: tuple[ContactField, ...]
    until: date | None = None


class ConsentAccepted(Fact, topic="consent.accepted"):
    """The person said yes on this day; where that is on record, such as a signed form."""

    on: date
    evidence: KeptLine


class ConsentDeclined(Fact, topic="consent.declined"):
    """The person said no."""

    on: date


class ConsentWithdrawn(Fact, topic="consent.withdrawn"):
    """From now on nothing more is disclosed under it. What was disclosed stays on record."""

    on: date
    reason: KeptLine | None = None


ConsentFact: TypeAlias = ConsentAsked | ConsentAccepted | ConsentDeclined | ConsentWithdrawn


# -- state -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent as it stands. Nobody sees it but the stations that answer for it."""

    answering: frozenset[str]
    interest_id: str
    partner_id: str
    person_id: str
    fields: frozenset[ContactField]
    until: date | None = None
    stage: ConsentStage = ConsentStage.ASKED
    accepted_on: date | None = None

    @property
    def confined(self) -> bool:
        return True


def evolve(consent: Consent | None, fact: ConsentFact) -> Consent:
    if isinstance(fact, ConsentAsked):
        stations, fields = frozenset(fact.answering_ids), frozenset(fact.fields)
        return Consent(stations, fact.interest_id, fact.partner_id, fact.person_id, fields, until=fact.until)
    assert consent is not None, "history starts with ConsentAsked"
    match fact:
        case ConsentAccepted(on=on):
            return replace(consent, stage=ConsentStage.ACCEPTED, accepted_on=on)
        case ConsentDeclined():
            return replace(consent, stage=ConsentStage.DECLINED)
        case ConsentWithdrawn():
            return replace(consent, stage=ConsentStage.WITHDRAWN)
        case _:
            assert_never(fact)


# -- decisions ---------------------------------------------------------------


class AskConsent(Command):
    interest_id: InterestId
    person_id: PersonId
    fields: tuple[ContactField, ...]
    until: date | None = None


class AcceptConsent(Command):
    consent_id: ConsentId
    on: date
    evidence: KeptLine


class DeclineConsent(Command):
    consent_id: ConsentId
    on: date


class WithdrawConsent(Command):
    consent_id: ConsentId
    reason: KeptLine | None = None


def ask(consent: Consent | None, interest: Interest, command: AskConsent, acting: Acting) -> ConsentAsked:
    """A station that handles an interest asks for certain fields, to be told to the partner of that interest."""
    ensure(consent is None, "consent.exists", "this consent has been asked for already")
    ensure(
        interest.stage in ASKED_IN,
        "consent.interest_stage",
        f"takes an interest that is allocated and has not ended; this one is {interest.stage}",
    )
    ensure(bool(command.fields), "consent.no_fields", "takes at least one field that the partner may learn")
    ensure(command.until is None or command.until >= acting.day, "consent.dates", f"takes a last day from {acting.day}")
    return ConsentAsked(
        interest_id=command.interest_id,
        answering_ids=tuple(sorted(interest.answering)),
        partner_id=interest.partner_id,
        person_id=command.person_id,
        fields=tuple(dict.fromkeys(command.fields)),
        until=command.until,
    )


def accept(consent: Consent, command: AcceptConsent, acting: Acting) -> ConsentAccepted:
    """A yes counts once, from its day on, and is on record somewhere."""
    ensure_unanswered(consent)
    ensure(command.on <= acting.day, "consent.dates", f"takes a day until {acting.day}")
    return ConsentAccepted(on=command.on, evidence=command.evidence)


def decline(consent: Consent, command: DeclineConsent, acting: Acting) -> ConsentDeclined:
    """A no ends it; somebody who changes their mind is asked again."""
    ensure_unanswered(consent)
    ensure(command.on <= acting.day, "consent.dates", f"takes a day until {acting.day}")
    return ConsentDeclined(on=command.on)


def withdraw(consent: Consent, command: WithdrawConsent, acting: Acting) -> ConsentWithdrawn:
    """What was accepted may be withdrawn at any time, from that moment on."""
    ensure(
        consent.stage is ConsentStage.ACCEPTED,
        "consent.not_accepted",
        f"takes a consent that was accepted; this one is {consent.stage}",
    )
    return ConsentWithdrawn(on=acting.day, reason=command.reason)


def ensure_unanswered(consent: Consent) -> None:
    """The person has said neither yes nor no yet."""
    ensure(
        consent.stage is ConsentStage.ASKED,
        "consent.answered",
        f"takes a consent that was asked for and not answered; this one is {consent.stage}",
    )


SLICE = Slice(
    "consent",
    Consent,
    (ConsentAsked, ConsentAccepted, ConsentDeclined, ConsentWithdrawn),
    evolve,
    (ask, accept, decline, withdraw),
)

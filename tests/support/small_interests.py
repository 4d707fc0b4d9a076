"""What the small network's clients are interested in abroad, and what of them is known there."""

from __future__ import annotations

from datetime import date

from small_desk import SmallNetwork, person

from domain.consents import AcceptConsent, AskConsent, ContactField, DeclineConsent, WithdrawConsent
from domain.disclosures import GiveContact, ReceiveContact
from domain.interest_commands import (
    AllocateInterest,
    ArchiveInterest,
    CloseInterest,
    ExchangeContacts,
    ExpressInterest,
    GiveInterestUp,
    ReferInterest,
    ReviewInterest,
    SignpostInterest,
)
from domain.interest_facts import Channel, InterestForm
from domain.reference.closing_reasons import ClosingReason

FORM = InterestForm(
    organisation="A dye house that treats twelve thousand tons of wastewater a day. " * 3,
    interest="It wants to remove the colour that remains after the membranes. " * 3,
    questions="Is there a pilot plant?",
)
BEGUN, SENT, HEARD, TOLD = date(2026, 3, 2), date(2026, 3, 6), date(2026, 7, 1), date(2026, 7, 8)
FIELDS = (ContactField.ORGANISATION, ContactField.NAME, ContactField.PHONE, ContactField.EMAIL)


def record_interests(made: SmallNetwork) -> None:
    expressed: tuple[tuple[str, str, str, str, dict[str, str]], ...] = (
        ("eoi talking", "shaoxing", "to good", "agency", {"need_id": "dyeing", "match_id": "match abroad"}),
        ("eoi pending", "zhejiang", "to second", "agency", {"need_id": "dyeing"}),
        ("eoi closed", "shaoxing", "tr good", "chamber", {"achievement_id": "membrane"}),
        ("eoi dead", "shaoxing", "tr good", "chamber", {"own_profile_id": "own to"}),
        ("eoi received", "shaoxing", "own to", "chamber", {}),
    )
    for name, station, profile, partner, about in expressed:
        command = ExpressInterest(
            station_id=made[station],
            profile_id=made[profile],
            partner_id=made[partner],
            form=FORM if name == "eoi talking" else FORM.model_copy(update={"questions": None}),
            on=BEGUN,
            **{key: made[each] for key, each in about.items()},
        )
        made.name(name, command)
    closed = CloseInterest(interest_id=made["eoi closed"], on=SENT, reason=ClosingReason.OTHER, words="搬迁")
    made.give(closed)
    made.give(ArchiveInterest(interest_id=made["eoi closed"], on=HEARD))
    made.give(GiveInterestUp(interest_id=made["eoi dead"], on=HEARD))
    made.give(SignpostInterest(interest_id=made["eoi received"], on=SENT, handler_id=made["guangdong"]))
    record_talks(made, made["eoi talking"])


def record_talks(made: SmallNetwork, interest: str) -> None:
    """An interest on its way until contacts were exchanged; of its consents one was withdrawn, one declined."""
    adviser = made.people["adviser"].person_id
    made.give(SignpostInterest(interest_id=interest, on=BEGUN, handler_id=made["shaoxing"]))
    made.give(AllocateInterest(interest_id=interest, on=BEGUN, station_id=made["shaoxing"], adviser_id=adviser))
    made.give(ReferInterest(interest_id=interest, on=SENT, channel=Channel.PLATFORM, words="Please ask them."))
    made.give(ReviewInterest(interest_id=interest, on=HEARD, channel=Channel.EMAIL, answer="They would like to."))
    ours, theirs = person("披露人"), person("对方")
    for name in ("withdrawn", "declined", "asked"):
        ask = AskConsent(interest_id=interest, person_id=ours.person_id, fields=FIELDS, until=date(2027, 1, 1))
        made.name(f"consent {name}", ask)
    made.give(AcceptConsent(consent_id=made["consent withdrawn"], on=HEARD, evidence="签字同意书"))
    made.give(DeclineConsent(consent_id=made["consent declined"], on=HEARD))
    given = GiveContact(
        consent_id=made["consent withdrawn"], contact=ours, on=TOLD, channel=Channel.EMAIL, organisation="某染整厂"
    )
    made.name("contact given", given)
    received = ReceiveContact(interest_id=interest, contact=theirs, on=TOLD, channel=Channel.PHONE)
    made.name("contact received", received)
    exchange = {"given_id": made["contact given"], "received_id": made["contact received"]}
    made.give(ExchangeContacts(interest_id=interest, on=TOLD, **exchange))
    made.give(WithdrawConsent(consent_id=made["consent withdrawn"], reason="不再合作"))

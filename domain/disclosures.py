"""Disclosures (信息披露): what of a client's identity was given to a partner abroad, or came from there.

A disclosure rests on the consent and on the interest as they stood: the log takes it only if neither has changed since.
So none is accepted after a withdrawal, and none is lost with one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from domain.achievements import Achievement
from domain.consents import Consent, ConsentStage, ContactField
from domain.crossings import ensure_may_leave
from domain.interest_facts import Channel
from domain.interest_life import Interest
from domain.interest_stages import InterestStage
from domain.kernel.acting import Acting
from domain.kernel.commands import Command
from domain.kernel.deciding import Slice
from domain.kernel.facts import Fact
from domain.kernel.fields import Line
from domain.kernel.refusals import ensure
from domain.profiles import Profile
from domain.references import ConsentId, InterestId, PartnerId, StationId
from domain.values import Contact

DISCLOSING = (
    InterestStage.REVIEWED_BY_CLIENT,
    InterestStage.CONTACTS_EXCHANGED,
    InterestStage.STATEMENT_SIGNED,
    InterestStage.NEGOTIATING,
)
"""Where contacts may go over the border: the client who is asked wants to go on, and the interest has not ended."""


class DisclosureDirection(StrEnum):
    """Which way a contact went."""

    GIVEN = "given"
    """Ours, to the partner abroad."""
    RECEIVED = "received"
    """Theirs, from the partner abroad."""


# -- facts -------------------------------------------------------------------


class ContactGiven(Fact, topic="disclosure.given"):
    """This partner learnt these fields of our client, on this day and by this channel, under this consent."""

    consent_id: ConsentId
    interest_id: InterestId
    answering_ids: tuple[StationId, ...]
    partner_id: PartnerId
    fields: tuple[ContactField, ...]
    contact: Contact
    on: date
    channel: Channel
    organisation: Line | None = None
    """The name by which the partner learnt of the organisation."""


class ContactReceived(Fact, topic="disclosure.received"):
    """This partner told us these fields of its client, on this day and by this channel."""

    interest_id: InterestId
    answering_ids: tuple[StationId, ...]
    partner_id: PartnerId
    fields: tuple[ContactField, ...]
    contact: Contact
    on: date
    channel: Channel
    organisation: Line | None = None


DisclosureFact: TypeAlias = ContactGiven | ContactReceived


# -- state -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What was disclosed stays as it is. Nobody sees it but the stations that answer for it."""

    answering: frozenset[str]
    interest_id: str
    direction: DisclosureDirection

    @property
    def confined(self) -> bool:
        return True


def evolve(disclosure: Disclosure | None, fact: DisclosureFact) -> Disclosure:
    assert disclosure is None, "a disclosure is one fact"
    direction = DisclosureDirection.GIVEN if isinstance(fact, ContactGiven) else DisclosureDirection.RECEIVED
    return Disclosure(frozenset(fact.answering_ids), fact.interest_id, direction)


# -- decisions ---------------------------------------------------------------


class GiveContact(Command):
    """The fields that are disclosed are those that are said here, and no others."""

    consent_id: ConsentId
    contact: Contact
    on: date
    channel: Channel
    organisation: Line | None = None


class ReceiveContact(Command):
    interest_id: InterestId
    contact: Contact
    on: date
    channel: Channel
    organisation: Line | None = None


def give(
    disclosure: Disclosure | None,
    consent: Consent,
    interest: Interest,
    profile: Profile | None,
    own_profile: Profile | None,
    achievement: Achievement | None,
    command: GiveContact,
    acting: Acting,
) -> ContactGiven:
    """The partner named in an accepted consent learns fields that it names, of the person who gave it."""
    ensure(disclosure is None, "disclosure.exists", "this has been disclosed already")
    ensure_consent(consent, command.on)
    ensure_time(interest, command.on, acting)
    ensure(
        command.contact.person_id == consent.person_id,
        "disclosure.other_person",
        f"takes the contact of {consent.person_id}, who consented",
    )
    fields = said_of(command.contact, command.organisation)
    ensure(
        consent.fields.issuperset(fields),
        "disclosure.beyond_consent",
        f"takes no field but those consented to: {', '.join(sorted(consent.fields))}",
    )
    ensure_may_leave(achievement)
    return ContactGiven(
        interest_id=consent.interest_id,
        answering_ids=tuple(sorted(interest.answering)),
        partner_id=consent.partner_id,
        fields=fields,
        **dict(command),
    )


def receive(
    disclosure: Disclosure | None, interest: Interest, command: ReceiveContact, acting: Acting
) -> ContactReceived:
    """What the partner abroad told us of its client is written down, whoever's consent that rests on there."""
    ensure(disclosure is None, "disclosure.exists", "this has been disclosed already")
    ensure_time(interest, command.on, acting)
    return ContactReceived(
        answering_ids=tuple(sorted(interest.answering)),
        partner_id=interest.partner_id,
        fields=said_of(command.contact, command.organisation),
        **dict(command),
    )


def said_of(contact: Contact, organisation: str | None) -> tuple[ContactField, ...]:
    """The fields that are said, at least one."""
    said = {
        ContactField.ORGANISATION: organisation,
        ContactField.NAME: contact.name,
        ContactField.PHONE: contact.phone,
        ContactField.EMAIL: contact.email,
    }
    fields = tuple(field for field, value in said.items() if value is not None)
    ensure(bool(fields), "disclosure.nothing", "takes at least one field of the contact, or the organisation")
    return fields


def ensure_consent(consent: Consent, on: date) -> None:
    """The consent is accepted, and holds on that day."""
    ensure(
        consent.stage is ConsentStage.ACCEPTED and consent.accepted_on is not None,
        "disclosure.no_consent",
        f"takes a consent that is accepted; this one is {consent.stage}",
    )
    ensure(
        (consent.accepted_on or on) <= on <= (consent.until or on),
        "disclosure.outside_consent",
        f"takes a day from {consent.accepted_on} until {consent.until or 'further notice'}",
    )


def ensure_time(interest: Interest, on: date, acting: Acting) -> None:
    """The client who is asked wants to go on since then, and it has not ended."""
    ensure(
        interest.stage in DISCLOSING,
        "disclosure.not_reviewed",
        f"takes an interest that the client has reviewed and that has not ended; this one is {interest.stage}",
    )
    reviewed = interest.reached[InterestStage.REVIEWED_BY_CLIENT]
    ensure(reviewed <= on <= acting.day, "disclosure.dates", f"takes a day from {reviewed} until {acting.day}")


SLICE = Slice("disclosure", Disclosure, (ContactGiven, ContactReceived), evolve, (give, receive))

"""Stories about interest: what it may be expressed in and for, its life in facts, and consents and disclosures."""

from __future__ import annotations

from datetime import date
from typing import Any

from scenario import PERSON, Story, id_of
from two_stations import HANGZHOU, SHAOXING, UNIVERSITY, two_stations

from domain.achievement_details import AchievementDetails
from domain.achievements import AchievementPublished, AchievementRegistered, AchievementScreened, ScreeningResult
from domain.appointments import AppointmentMade, appointment_id
from domain.consents import ConsentAccepted, ConsentAsked, ContactField
from domain.disclosures import ContactGiven, ContactReceived, GiveContact, ReceiveContact
from domain.interest_commands import ExpressInterest
from domain.interest_facts import (
    Channel,
    InterestAllocated,
    InterestContactsExchanged,
    InterestDirection,
    InterestExpressed,
    InterestFact,
    InterestForm,
    InterestNegotiationsConfirmed,
    InterestReferred,
    InterestReviewed,
    InterestSignposted,
    InterestStatementSigned,
)
from domain.kernel.acting import Role
from domain.needs import NeedChecked, NeedDetails, NeedPublished, NeedRecorded
from domain.partners import PartnerDetails, PartnerKind, PartnerRecorded
from domain.profile_details import ProfileDetails
from domain.profiles import ProfileDrafted, ProfileImported, ProfilePublished
from domain.reference.achievements import Secrecy
from domain.reference.een import ProfileType
from domain.values import Bilingual, Contact, Source

INTEREST, CONSENT = id_of("interest"), id_of("consent")
GIVEN, RECEIVED = id_of("disclosure", "given"), id_of("disclosure", "received")
NEED, TOOL, ABROAD = id_of("need"), id_of("achievement"), id_of("partner", "abroad")
OFFER, REQUEST, OURS, ASKING = (id_of("profile", name) for name in ("offer", "request", "ours", "asking"))
ADVISER = PERSON
SAID = "A dye house in Zhejiang that treats twelve thousand tons of wastewater a day and wants to use it again. " * 2
FORM = InterestForm(organisation=SAID, interest=SAID, questions="Is a pilot plant for rent?")
SENT = date(2026, 3, 2)
SPOKEN = Contact(person_id=id_of("person", "client"), name="李敏华", phone="139", email="li@example.cn")
THEIRS = Contact(person_id=id_of("person", "foreign client"), name="Jan", email="jan@example.nl")

EXPRESS = ExpressInterest(station_id=SHAOXING, profile_id=OFFER, partner_id=ABROAD, form=FORM, on=SENT, need_id=NEED)
EXPRESSED = InterestExpressed(direction=InterestDirection.MADE, answering_ids=(SHAOXING,), **dict(EXPRESS))
RECEIVE = ExpressInterest(station_id=SHAOXING, profile_id=OURS, partner_id=ABROAD, form=FORM, on=SENT)
CAME = InterestExpressed(direction=InterestDirection.RECEIVED, answering_ids=(SHAOXING, HANGZHOU), **dict(RECEIVE))
WAY: tuple[InterestFact, ...] = (
    EXPRESSED,
    InterestSignposted(handler_id=SHAOXING, on=date(2026, 3, 3)),
    InterestAllocated(adviser_id=ADVISER, on=date(2026, 3, 4)),
    InterestReferred(on=date(2026, 3, 6), channel=Channel.EMAIL),
    InterestReviewed(on=date(2026, 3, 20), channel=Channel.EMAIL, answer="They would like to talk."),
    InterestContactsExchanged(given_id=GIVEN, received_id=RECEIVED, on=date(2026, 4, 1)),
    InterestStatementSigned(on=date(2026, 4, 20)),
    InterestNegotiationsConfirmed(on=date(2026, 5, 1)),
)
"""An interest that comes to something, up to its negotiations."""

ASKED = ConsentAsked(
    interest_id=INTEREST,
    answering_ids=(SHAOXING,),
    partner_id=ABROAD,
    person_id=SPOKEN.person_id,
    fields=(ContactField.NAME, ContactField.EMAIL, ContactField.PHONE),
)
AGREED = ConsentAccepted(on=date(2026, 3, 21), evidence="签字同意书，存绍兴站")
GIVE = GiveContact(consent_id=CONSENT, contact=SPOKEN, on=date(2026, 3, 25), channel=Channel.EMAIL)
TAKE = ReceiveContact(interest_id=INTEREST, contact=THEIRS, on=date(2026, 3, 26), channel=Channel.PLATFORM)
CONTACT_GIVEN = ContactGiven(
    interest_id=INTEREST,
    answering_ids=(SHAOXING,),
    partner_id=ABROAD,
    fields=(ContactField.NAME, ContactField.PHONE, ContactField.EMAIL),
    **dict(GIVE),
)
CONTACT_RECEIVED = ContactReceived(
    answering_ids=(SHAOXING,),
    partner_id=ABROAD,
    fields=(ContactField.NAME, ContactField.EMAIL),
    **dict(TAKE),
)


def profile(type: ProfileType, **changes: Any) -> ProfileDetails:
    """What a profile of this type says."""
    return ProfileDetails(type=type, title=Bilingual(en="Dye removal"), country="NL").model_copy(update=changes)


def foreign(type: ProfileType, **changes: Any) -> ProfileImported:
    """Such a profile from abroad."""
    reference = f"{type}NL20260201001"
    source = Source(system="een", reference=reference)
    return ProfileImported(station_id=SHAOXING, reference=reference, details=profile(type, **changes), source=source)


def tool(secrecy: Secrecy = Secrecy.OPEN) -> AchievementDetails:
    """What our achievement says."""
    return AchievementDetails(title=Bilingual(zh="刀具状态监测"), secrecy=secrecy)


def network() -> Story:
    """Two stations, a published need, achievement and profiles, an adviser in Shaoxing and one abroad."""
    of = {"station_id": SHAOXING, "organisation_id": UNIVERSITY}
    own = {"station_id": HANGZHOU, "achievement_id": TOOL}
    asking = {"station_id": SHAOXING, "need_id": NEED}
    published = ProfilePublished(on=date(2026, 2, 1))
    contact_point = PartnerDetails(name=Bilingual(en="Dutch Agency"), kind=PartnerKind.EEN_CONTACT_POINT, country="NL")
    term = AppointmentMade(person_id=ADVISER, station_id=SHAOXING, role=Role.ADVISER, since=date(2026, 1, 1))
    return (
        two_stations()
        .and_given(NEED, NeedRecorded(**of, details=NeedDetails(title=Bilingual(zh="脱色"))))
        .and_given(NEED, NeedChecked(), NeedPublished())
        .and_given(TOOL, AchievementRegistered(**of, details=tool()))
        .and_given(TOOL, AchievementScreened(result=ScreeningResult.ACCEPT), AchievementPublished())
        .and_given(OFFER, foreign(ProfileType.TO))
        .and_given(REQUEST, foreign(ProfileType.TR))
        .and_given(OURS, ProfileDrafted(**own, details=profile(ProfileType.TO, country="CN")), published)
        .and_given(ASKING, ProfileDrafted(**asking, details=profile(ProfileType.TR, country="CN")), published)
        .and_given(ABROAD, PartnerRecorded(station_id=SHAOXING, details=contact_point))
        .and_given(appointment_id(ADVISER, SHAOXING), term)
    )


def interest(steps: int = 1, *more: InterestFact) -> Story:
    """The network with an interest that has taken so many steps of its way, and then these."""
    return network().and_given(INTEREST, *WAY[:steps], *more)


def consented(*facts: Any, steps: int = 5) -> Story:
    """The interest when its client has reviewed it, with a consent that was accepted, and what happened to that."""
    return interest(steps).and_given(CONSENT, ASKED, AGREED, *facts)


def exchanged() -> Story:
    """The same with both disclosures."""
    return consented().and_given(GIVEN, CONTACT_GIVEN).and_given(RECEIVED, CONTACT_RECEIVED)

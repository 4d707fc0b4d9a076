"""Disclosure against withdrawal, with two writers on one log: whichever is quicker, none comes after a withdrawal."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path

import pytest
from installed import CONTACT, DAY, LIN, NOON, Installed, install, refused

from domain.consents import AcceptConsent, AskConsent, Consent, ConsentStage, ContactField, WithdrawConsent
from domain.disclosures import ContactGiven, GiveContact
from domain.interest_commands import (
    AllocateInterest,
    ExpressInterest,
    ReferInterest,
    ReviewInterest,
    SignpostInterest,
)
from domain.interest_facts import Channel, InterestForm
from domain.kernel.outcomes import Outcome
from domain.kernel.refusals import Refusal
from domain.needs import CheckNeed, PublishNeed
from domain.partners import PartnerDetails, PartnerKind, RecordPartner
from domain.profile_commands import ImportProfile
from domain.profile_details import ProfileDetails
from domain.reference.een import ProfileType
from domain.values import Bilingual, Source
from infra.application import Network

TODAY = date(2026, 8, 10)
FORM = InterestForm(organisation="A dye house in Zhejiang. " * 8, interest="It wants to decolour its water. " * 6)
FIELDS = (ContactField.NAME, ContactField.PHONE, ContactField.EMAIL)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Installed]:
    installed = install(tmp_path, lambda: NOON)
    yield installed
    installed.network.close()


def reviewed(made: Installed) -> str:
    """An interest that the client who is asked wants to go on with."""
    need = made.need()
    made.adviser(CheckNeed(need_id=need))
    made.adviser(PublishNeed(need_id=need))
    details = PartnerDetails(name=Bilingual(en="Agency"), kind=PartnerKind.EEN_CONTACT_POINT, country="NL")
    partner = made.adviser(RecordPartner(station_id=made.station, details=details)).entity_id
    reference = "TONL20260101001"
    offer = ProfileDetails(type=ProfileType.TO, title=Bilingual(en="A membrane"), country="NL")
    source = Source(system="een", reference=reference)
    profile = made.adviser(
        ImportProfile(station_id=made.station, reference=reference, details=offer, source=source)
    ).entity_id
    express = ExpressInterest(
        station_id=made.station, profile_id=profile, partner_id=partner, form=FORM, on=DAY, need_id=need
    )
    id = made.adviser(express).entity_id
    made.adviser(SignpostInterest(interest_id=id, on=DAY, handler_id=made.station))
    made.adviser(AllocateInterest(interest_id=id, on=DAY, station_id=made.station, adviser_id=LIN))
    made.adviser(ReferInterest(interest_id=id, on=DAY, channel=Channel.EMAIL))
    made.adviser(ReviewInterest(interest_id=id, on=DAY, channel=Channel.EMAIL, answer="Yes."))
    return id


def consent_to(made: Installed, interest: str) -> str:
    """An accepted consent for it."""
    ask = AskConsent(interest_id=interest, person_id=CONTACT.person_id, fields=FIELDS)
    id = made.adviser(ask).entity_id
    made.adviser(AcceptConsent(consent_id=id, on=DAY, evidence="form"))
    return id


def give(consent: str) -> GiveContact:
    return GiveContact(consent_id=consent, contact=CONTACT, on=TODAY, channel=Channel.EMAIL)


def stage(network: Network, consent: str) -> ConsentStage:
    entity = network.find(consent)
    assert entity is not None
    assert isinstance(entity.state, Consent)
    return entity.state.stage


def topics(network: Network, consent: str) -> list[str]:
    """What happened under a consent from its acceptance on, in the order of the log."""
    found = []
    for commit in network.commits(0, 1_000_000):
        for each in commit.events:
            under = isinstance(each.fact, ContactGiven) and each.fact.consent_id == consent
            if under or each.entity_id == consent:
                found.append(each.fact.TOPIC)
    return found[1:]


def test_a_disclosure_that_a_withdrawal_overtakes_is_refused(made: Installed, tmp_path: Path) -> None:
    consent = consent_to(made, reviewed(made))
    withdrawn: list[Outcome] = []

    def withdraw() -> datetime:
        """The clock is read between the decision and its recording; the withdrawal is quicker."""
        if not withdrawn:
            withdrawn.append(made.adviser(WithdrawConsent(consent_id=consent)))
        return NOON

    slow = Network(tmp_path, withdraw)
    try:
        assert refused(lambda: made.adviser(give(consent), desk=slow)) == "disclosure.no_consent"
        assert withdrawn
        assert topics(slow, consent) == ["consent.accepted", "consent.withdrawn"]
    finally:
        slow.close()


def test_a_withdrawal_that_a_disclosure_overtakes_comes_after_it(made: Installed, tmp_path: Path) -> None:
    consent = consent_to(made, reviewed(made))
    given: list[Outcome] = []

    def disclose() -> datetime:
        if not given:
            given.append(made.adviser(give(consent)))
        return NOON

    slow = Network(tmp_path, disclose)
    try:
        made.adviser(WithdrawConsent(consent_id=consent), desk=slow)
        assert topics(slow, consent) == ["consent.accepted", "disclosure.given", "consent.withdrawn"]
        assert refused(lambda: made.adviser(give(consent), desk=slow)) == "disclosure.no_consent"
        assert slow.find(given[0].entity_id) is not None, "what was given stays on record"
    finally:
        slow.close()


def test_of_many_who_disclose_while_one_withdraws_none_comes_after_the_withdrawal(
    made: Installed, tmp_path: Path
) -> None:
    interest = reviewed(made)
    second = Network(tmp_path, lambda: NOON)
    try:
        with ThreadPoolExecutor(6) as threads:
            for round in range(8):
                consent = consent_to(made, interest)

                def act(number: int, consent: str = consent, round: int = round) -> str:
                    desk = second if number % 2 else made.network
                    command = WithdrawConsent(consent_id=consent) if number == 3 else give(consent)
                    try:
                        made.adviser(command, f"{round}/{number}", desk)
                    except Refusal as refusal:
                        return refusal.code
                    return ""

                codes = list(threads.map(act, range(6)))
                told = topics(second, consent)
                assert told[0] == "consent.accepted"
                assert told[-1] == "consent.withdrawn"
                assert set(told[1:-1]) <= {"disclosure.given"}
                assert codes.count("") == len(told) - 1
                assert set(codes) <= {"", "disclosure.no_consent"}
                assert stage(second, consent) is ConsentStage.WITHDRAWN
    finally:
        second.close()

"""Consents: asked for by those who handle an interest, answered once, withdrawn at any time."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from interest_stories import ABROAD, AGREED, ASKED, CONSENT, INTEREST, SPOKEN, consented, interest, network
from scenario import Story, id_of
from two_stations import HANGZHOU, SHAOXING, at

from domain.consents import (
    AcceptConsent,
    AskConsent,
    ConsentDeclined,
    ConsentWithdrawn,
    ContactField,
    DeclineConsent,
    WithdrawConsent,
)
from domain.interest_facts import InterestClosed
from domain.kernel.acting import Role
from domain.reference.closing_reasons import ClosingReason

TODAY, TOMORROW = date(2026, 8, 10), date(2026, 8, 11)
ASK = AskConsent(
    interest_id=INTEREST,
    person_id=SPOKEN.person_id,
    fields=(ContactField.NAME, ContactField.EMAIL, ContactField.PHONE),
)
ACCEPT = AcceptConsent(consent_id=CONSENT, on=AGREED.on, evidence=AGREED.evidence)
DECLINE, DECLINED = DeclineConsent(consent_id=CONSENT, on=TODAY), ConsentDeclined(on=TODAY)
WITHDRAW = WithdrawConsent(consent_id=CONSENT, reason="不再合作")
WITHDRAWN = ConsentWithdrawn(on=TODAY, reason="不再合作")


def asked(*facts: Any) -> Story:
    return interest(5).and_given(CONSENT, ASKED, *facts)


def test_consent_names_to_whom_and_what() -> None:
    told = interest(5).when(ASK)
    told.then(ASKED)
    told.then_reads(INTEREST)
    assert ASKED.partner_id == ABROAD
    bounded = ASK.model_copy(update={"until": TODAY})
    interest(5).when(bounded).then(ASKED.model_copy(update={"until": TODAY}))


def test_consent_is_to_something_and_not_over_before_it_begins() -> None:
    interest(5).when(ASK.model_copy(update={"fields": ()})).then_refused("consent.no_fields")
    interest(5).when(ASK.model_copy(update={"until": date(2026, 8, 9)})).then_refused("consent.dates")


@pytest.mark.parametrize("steps", [1, 2])
def test_consent_is_asked_for_when_an_adviser_has_the_interest_in_hand(steps: int) -> None:
    interest(steps).when(ASK).then_refused("consent.interest_stage")
    interest(3).when(ASK).then(ASKED)


def test_no_consent_is_asked_for_when_the_interest_has_ended() -> None:
    closed = InterestClosed(on=TODAY, reason=ClosingReason.TERMS)
    interest(5, closed).when(ASK).then_refused("consent.interest_stage")


def test_the_same_request_asks_once() -> None:
    first = interest(5).when(ASK).then(ASKED)
    interest(5).and_given(first.entity_id, ASKED).when(ASK).then_refused("consent.exists")


def test_consent_is_given_or_refused_once() -> None:
    asked().when(ACCEPT).then(AGREED)
    asked().when(DECLINE).then(DECLINED)
    for facts in ((AGREED,), (DECLINED,), (AGREED, WITHDRAWN)):
        asked(*facts).when(ACCEPT).then_refused("consent.answered")
        asked(*facts).when(DECLINE).then_refused("consent.answered")


def test_an_answer_is_not_of_tomorrow() -> None:
    asked().when(ACCEPT.model_copy(update={"on": TOMORROW})).then_refused("consent.dates")
    asked().when(DECLINE.model_copy(update={"on": TOMORROW})).then_refused("consent.dates")


def test_what_was_accepted_is_withdrawn_whatever_has_become_of_the_interest() -> None:
    consented().when(WITHDRAW).then(WITHDRAWN)
    closed = InterestClosed(on=TODAY, reason=ClosingReason.TERMS)
    consented().and_given(INTEREST, closed).when(WITHDRAW).then(WITHDRAWN)


@pytest.mark.parametrize("facts", [(), (DECLINED,), (AGREED, WITHDRAWN)])
def test_only_what_was_accepted_is_withdrawn(facts: tuple[Any, ...]) -> None:
    asked(*facts).when(WITHDRAW).then_refused("consent.not_accepted")


def test_who_does_not_handle_the_interest_does_not_learn_of_a_consent() -> None:
    at(HANGZHOU, interest(5)).when(ASK).then_refused("interest.unknown")
    for command in (ACCEPT, DECLINE, WITHDRAW):
        at(HANGZHOU, asked()).when(command).then_refused("consent.unknown")
        asked().acting(Role.PARTNER, at=SHAOXING).when(command).then_refused("authority.role")
    nothing = ASK.model_copy(update={"interest_id": id_of("interest", "none")})
    network().when(nothing).then_refused("interest.unknown")

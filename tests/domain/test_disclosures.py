"""Disclosures: no further than a consent goes, not after it is withdrawn, and on record for ever."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from interest_stories import (
    AGREED,
    ASKED,
    CAME,
    CONSENT,
    CONTACT_GIVEN,
    CONTACT_RECEIVED,
    GIVE,
    GIVEN,
    INTEREST,
    SPOKEN,
    TAKE,
    THEIRS,
    TOOL,
    WAY,
    consented,
    exchanged,
    interest,
    network,
    tool,
)
from scenario import id_of
from two_stations import HANGZHOU, SHAOXING, at

from domain.achievements import AchievementAmended
from domain.consents import ConsentDeclined, ConsentWithdrawn, ContactField
from domain.interest_facts import InterestClosed
from domain.kernel.acting import Role
from domain.reference.achievements import Secrecy
from domain.reference.closing_reasons import ClosingReason
from domain.values import Contact

TODAY = date(2026, 8, 10)
WITHDRAWN = ConsentWithdrawn(on=TODAY)
CLOSED = InterestClosed(on=TODAY, reason=ClosingReason.TERMS)


def giving(**changes: Any) -> Any:
    return GIVE.model_copy(update=changes)


def test_a_contact_is_given_under_a_consent_and_rests_on_it_and_on_the_interest() -> None:
    told = consented().when(GIVE)
    told.then(CONTACT_GIVEN)
    told.then_reads(CONSENT, INTEREST)


def test_nothing_is_given_without_an_accepted_consent() -> None:
    asked = interest(5).and_given(CONSENT, ASKED)
    asked.when(GIVE).then_refused("disclosure.no_consent")
    asked.and_given(CONSENT, ConsentDeclined(on=TODAY)).when(GIVE).then_refused("disclosure.no_consent")
    interest(5).when(GIVE).then_refused("consent.unknown")


def test_nothing_is_given_after_a_withdrawal_and_what_was_given_stays_on_record() -> None:
    story = exchanged().and_given(CONSENT, WITHDRAWN)
    story.when(GIVE).then_refused("disclosure.no_consent")
    before = giving(on=date(2026, 3, 30))
    story.when(before).then_refused("disclosure.no_consent")
    assert story.lives[GIVEN] == (CONTACT_GIVEN,)


def test_only_fields_that_were_consented_to_are_given() -> None:
    narrow = ASKED.model_copy(update={"fields": (ContactField.NAME,)})
    story = interest(5).and_given(CONSENT, narrow, AGREED)
    story.when(GIVE).then_refused("disclosure.beyond_consent")
    named = Contact(person_id=SPOKEN.person_id, name=SPOKEN.name)
    given = CONTACT_GIVEN.model_copy(update={"contact": named, "fields": (ContactField.NAME,)})
    story.when(giving(contact=named)).then(given)
    story.when(giving(contact=named, organisation="某印染厂")).then_refused("disclosure.beyond_consent")
    consented().when(giving(organisation="某印染厂")).then_refused("disclosure.beyond_consent")


def test_only_the_contact_of_who_consented_is_given() -> None:
    consented().when(giving(contact=THEIRS)).then_refused("disclosure.other_person")


def test_something_is_said() -> None:
    empty = Contact(person_id=SPOKEN.person_id)
    consented().when(giving(contact=empty)).then_refused("disclosure.nothing")
    consented().when(TAKE.model_copy(update={"contact": empty})).then_refused("disclosure.nothing")


def test_a_consent_holds_from_its_day_until_its_last() -> None:
    bounded = ASKED.model_copy(update={"until": date(2026, 4, 1)})
    story = interest(5).and_given(CONSENT, bounded, AGREED)
    story.when(giving(on=date(2026, 4, 1))).then(CONTACT_GIVEN.model_copy(update={"on": date(2026, 4, 1)}))
    story.when(giving(on=date(2026, 4, 2))).then_refused("disclosure.outside_consent")
    story.when(giving(on=date(2026, 3, 20))).then_refused("disclosure.outside_consent")


@pytest.mark.parametrize("steps", range(3, 9))
def test_contacts_go_over_the_border_when_the_client_who_is_asked_has_reviewed_it(steps: int) -> None:
    story = consented(steps=steps)
    if steps < 5:
        story.when(GIVE).then_refused("disclosure.not_reviewed")
        story.when(TAKE).then_refused("disclosure.not_reviewed")
    else:
        story.when(GIVE).then(CONTACT_GIVEN)
        story.when(TAKE).then(CONTACT_RECEIVED)


def test_nothing_goes_over_the_border_when_the_interest_has_ended() -> None:
    consented().and_given(INTEREST, CLOSED).when(GIVE).then_refused("disclosure.not_reviewed")
    consented().and_given(INTEREST, CLOSED).when(TAKE).then_refused("disclosure.not_reviewed")


def test_a_disclosure_is_of_a_day_since_the_review_and_not_of_tomorrow() -> None:
    early = ASKED, AGREED.model_copy(update={"on": date(2026, 3, 1)})
    story = interest(5).and_given(CONSENT, *early)
    for on in (date(2026, 3, 19), date(2026, 8, 11)):
        story.when(giving(on=on)).then_refused("disclosure.dates")
        story.when(TAKE.model_copy(update={"on": on})).then_refused("disclosure.dates")


def test_nobody_behind_an_achievement_that_has_become_secret_is_named_abroad() -> None:
    received = network().and_given(INTEREST, CAME, *WAY[1:5]).and_given(CONSENT, ASKED, AGREED)
    told = received.when(GIVE)
    told.then(CONTACT_GIVEN.model_copy(update={"answering_ids": tuple(sorted((SHAOXING, HANGZHOU)))}))
    told.then_reads(TOOL)
    secret = AchievementAmended(details=tool(Secrecy.SECRET))
    received.and_given(TOOL, secret).when(GIVE).then_refused("crossing.not_open")


def test_what_came_from_abroad_is_written_down_as_it_came() -> None:
    told = interest(5).when(TAKE)
    told.then(CONTACT_RECEIVED)
    told.then_reads(INTEREST)


def test_the_same_request_discloses_once() -> None:
    first = consented().when(GIVE).then(CONTACT_GIVEN)
    consented().and_given(first.entity_id, CONTACT_GIVEN).when(GIVE).then_refused("disclosure.exists")
    first = interest(5).when(TAKE).then(CONTACT_RECEIVED)
    interest(5).and_given(first.entity_id, CONTACT_RECEIVED).when(TAKE).then_refused("disclosure.exists")


def test_who_does_not_handle_the_interest_discloses_nothing() -> None:
    at(HANGZHOU, consented()).when(GIVE).then_refused("consent.unknown")
    at(HANGZHOU, consented()).when(TAKE).then_refused("interest.unknown")
    consented().acting(Role.PARTNER, at=SHAOXING).when(GIVE).then_refused("authority.role")
    consented().when(giving(consent_id=id_of("consent", "none"))).then_refused("consent.unknown")

"""Interests in the graph, with the day of each stage."""

from __future__ import annotations

from datetime import date

import pytest
from interest_stories import (
    ABROAD,
    ADVISER,
    CAME,
    EXPRESSED,
    FORM,
    INTEREST,
    NEED,
    OFFER,
    OURS,
    REQUEST,
    SAID,
    TOOL,
    WAY,
)
from scenario import id_of
from two_stations import HANGZHOU, SHAOXING, graph_of

from domain.interest_facts import (
    Channel,
    InterestAchievementRegistered,
    InterestArchived,
    InterestClosed,
    InterestDied,
    InterestFact,
    InterestMessageRecorded,
    InterestSignposted,
    MessageWay,
)
from domain.reference.closing_reasons import ClosingReason
from domain.reference.een import PartnershipType
from projections.interests import (
    ANSWERED_BY,
    FOR_ACHIEVEMENT,
    FOR_NEED,
    FOR_PROFILE,
    FROM_MATCH,
    HANDLED_BY,
    IN_PROFILE,
    RECORDED_BY,
    WITH_PARTNER,
)

NOON = "2026-08-10T12:00:00.000000Z"
BEGUN = {
    "created": 7,
    "recorded_at": NOON,
    "direction": "made",
    "organisation": FORM.organisation,
    "interest": FORM.interest,
    "questions": FORM.questions,
    "reached_out": False,
    "stage": "pending",
    "pending_on": "2026-03-02",
}
ON = date(2026, 8, 1)


def node(*facts: InterestFact) -> dict[str, object]:
    found = graph_of(INTEREST, *facts).node("Interest", INTEREST)
    assert found is not None
    return dict(found)


def test_an_interest_leads_to_what_it_is_in_and_for_and_to_the_stations_that_see_it() -> None:
    assert node(EXPRESSED) == BEGUN
    graph = graph_of(INTEREST, EXPRESSED)
    found = {
        link: set(graph.targets(link, INTEREST))
        for link in (IN_PROFILE, FOR_NEED, WITH_PARTNER, RECORDED_BY, HANDLED_BY, ANSWERED_BY, FOR_PROFILE)
    }
    assert found == {
        IN_PROFILE: {OFFER},
        FOR_NEED: {NEED},
        WITH_PARTNER: {ABROAD},
        RECORDED_BY: {SHAOXING},
        HANDLED_BY: {SHAOXING},
        ANSWERED_BY: {SHAOXING},
        FOR_PROFILE: set(),
    }


def test_an_interest_may_be_for_an_achievement_or_a_profile_and_come_from_a_match() -> None:
    match = id_of("match")
    about = {"need_id": None, "achievement_id": TOOL, "own_profile_id": OURS, "match_id": match, "profile_id": REQUEST}
    graph = graph_of(INTEREST, EXPRESSED.model_copy(update=about))
    ends = {link: set(graph.targets(link, INTEREST)) for link in (FOR_ACHIEVEMENT, FOR_PROFILE, FROM_MATCH)}
    assert ends == {FOR_ACHIEVEMENT: {TOOL}, FOR_PROFILE: {OURS}, FROM_MATCH: {match}}


def test_one_that_came_from_abroad_is_word_from_there() -> None:
    assert node(CAME)["last_contact_on"] == "2026-03-02"
    assert node(CAME)["reached_out"] is False
    assert set(graph_of(INTEREST, CAME).targets(ANSWERED_BY, INTEREST)) == {SHAOXING, HANGZHOU}


def test_the_station_that_handles_it_is_another_one_once_it_is_signposted() -> None:
    graph = graph_of(INTEREST, EXPRESSED, InterestSignposted(handler_id=HANGZHOU, on=date(2026, 3, 3)))
    assert set(graph.targets(HANDLED_BY, INTEREST)) == {HANGZHOU}
    assert set(graph.targets(ANSWERED_BY, INTEREST)) == {SHAOXING, HANGZHOU}


def test_each_stage_has_its_day_and_what_was_said() -> None:
    registered = InterestAchievementRegistered(on=ON, number="PA-1", partnership=PartnershipType.COMMERCIAL)
    assert node(*WAY, registered) == {
        **BEGUN,
        "stage": "achievement_registered",
        "signposted_on": "2026-03-03",
        "allocated_on": "2026-03-04",
        "adviser_id": ADVISER,
        "referred_on": "2026-03-06",
        "referred_by": "email",
        "reached_out": True,
        "reviewed_by_client_on": "2026-03-20",
        "answer": "They would like to talk.",
        "answered_by": "email",
        "contacts_exchanged_on": "2026-04-01",
        "statement_signed_on": "2026-04-20",
        "negotiating_on": "2026-05-01",
        "achievement_registered_on": "2026-08-01",
        "achievement_number": "PA-1",
        "partnership": "commercial",
        "last_contact_on": "2026-08-01",
    }


@pytest.mark.parametrize("way", MessageWay)
def test_a_message_is_the_last_contact(way: MessageWay) -> None:
    message = InterestMessageRecorded(on=ON, channel=Channel.PHONE, way=way, words="x")
    out = way is MessageWay.SENT
    assert node(EXPRESSED, message) == {**BEGUN, "last_contact_on": "2026-08-01", "reached_out": out}


def test_an_end_has_its_day_and_a_closed_one_its_reason() -> None:
    closed = InterestClosed(on=ON, reason=ClosingReason.OTHER, words="搬迁")
    ended = {"stage": "closed", "closed_on": "2026-08-01", "closed_because": "other", "closed_in_words": "搬迁"}
    assert node(EXPRESSED, closed) == {**BEGUN, **ended}
    died = {"stage": "archived", "died_on": "2026-08-01", "archived_on": "2026-08-01"}
    assert node(EXPRESSED, InterestDied(on=ON), InterestArchived(on=ON)) == {**BEGUN, **died}
    assert len(SAID) >= 150

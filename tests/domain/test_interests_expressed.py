"""Interest is expressed: in what, for what, by whom and with whom abroad."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from interest_stories import (
    ABROAD,
    ASKING,
    CAME,
    EXPRESS,
    EXPRESSED,
    FORM,
    NEED,
    OFFER,
    RECEIVE,
    REQUEST,
    TOOL,
    foreign,
    network,
    tool,
)
from pydantic import ValidationError
from scenario import id_of
from two_stations import HANGZHOU, SHAOXING, UNOPENED, at

from domain.achievements import AchievementAmended, AchievementWithdrawn
from domain.interest_commands import ExpressInterest
from domain.interest_facts import InterestDirection, InterestForm
from domain.kernel.acting import Role
from domain.matches import MatchAccepted, MatchProposed
from domain.needs import NeedWithdrawn
from domain.partners import PartnerDetails, PartnerKind, PartnerRecorded
from domain.profiles import ProfileWithdrawn
from domain.reference.achievements import Secrecy
from domain.reference.een import ProfileType
from domain.values import Bilingual

MATCH = id_of("match")


def expressing(base: ExpressInterest = EXPRESS, /, **changes: Any) -> ExpressInterest:
    return base.model_copy(update=changes)


def test_interest_of_a_client_of_ours_goes_from_adviser_to_adviser() -> None:
    told = network().when(EXPRESS)
    told.then(EXPRESSED)
    told.then_reads(SHAOXING, OFFER, ABROAD, NEED)


def test_interest_in_a_profile_of_ours_is_received_for_the_station_that_drafted_it() -> None:
    network().when(RECEIVE).then(CAME)
    assert CAME.direction is InterestDirection.RECEIVED


def test_an_achievement_and_a_profile_of_our_own_may_be_what_interests_for() -> None:
    for_tool = {"profile_id": REQUEST, "need_id": None, "achievement_id": TOOL}
    network().when(expressing(**for_tool)).then(EXPRESSED.model_copy(update=for_tool))
    for_own = {"need_id": None, "own_profile_id": ASKING}
    network().when(expressing(**for_own)).then(EXPRESSED.model_copy(update=for_own))


def test_the_stations_of_both_who_write_it_down_and_whose_client_it_is_see_it() -> None:
    there = expressing(station_id=HANGZHOU)
    answering = (HANGZHOU, SHAOXING)
    at(HANGZHOU, network()).when(there).then(
        EXPRESSED.model_copy(update={"station_id": HANGZHOU, "answering_ids": answering})
    )


@pytest.mark.parametrize("subjects", [{}, {"need_id": NEED, "achievement_id": TOOL}])
def test_ours_is_interested_for_one_thing(subjects: dict[str, str]) -> None:
    network().when(expressing(**{"need_id": None, **subjects})).then_refused("interest.one_subject")


def test_somebody_abroad_is_interested_for_nothing_of_ours() -> None:
    network().when(expressing(RECEIVE, need_id=NEED)).then_refused("interest.subject_of_received")


def test_what_it_names_exists() -> None:
    for name, prefix in {"need_id": "need", "achievement_id": "achievement", "match_id": "match"}.items():
        nothing = expressing(**{name: id_of(prefix, "none")})
        network().when(nothing).then_refused(f"{prefix}.unknown")
    for name in ("profile_id", "own_profile_id"):
        network().when(expressing(**{name: id_of("profile", "none")})).then_refused("profile.unknown")
    network().when(expressing(partner_id=id_of("partner", "none"))).then_refused("partner.unknown")


def test_what_interests_for_is_published() -> None:
    network().and_given(NEED, NeedWithdrawn(reason="x")).when(EXPRESS).then_refused("interest.need_not_published")
    for_tool = expressing(profile_id=REQUEST, need_id=None, achievement_id=TOOL)
    gone = network().and_given(TOOL, AchievementWithdrawn(reason="x"))
    gone.when(for_tool).then_refused("interest.achievement_not_published")
    theirs = expressing(need_id=None, own_profile_id=REQUEST)
    network().when(theirs).then_refused("interest.not_own_profile")


def test_nothing_about_a_secret_achievement_goes_abroad() -> None:
    secret = network().and_given(TOOL, AchievementAmended(details=tool(Secrecy.SECRET)))
    for_tool = expressing(profile_id=REQUEST, need_id=None, achievement_id=TOOL)
    secret.when(for_tool).then_refused("crossing.not_open")
    elsewhere = for_tool.model_copy(update={"station_id": HANGZHOU})
    at(HANGZHOU, secret).when(elsewhere).then_refused("achievement.unknown")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"expires": date(2026, 3, 1)}, "interest.profile_expired"),
        ({"open_for_interest": False}, "interest.profile_closed"),
        ({"eoi_deadline": date(2026, 3, 1)}, "interest.profile_closed"),
    ],
)
def test_the_profile_takes_interest_on_that_day(changes: dict[str, Any], code: str) -> None:
    other = id_of("profile", "other")
    story = network().and_given(other, foreign(ProfileType.TO, **changes))
    story.when(expressing(profile_id=other)).then_refused(code)


def test_a_request_is_no_answer_to_a_need() -> None:
    network().when(expressing(profile_id=REQUEST)).then_refused("interest.profile_type")


def test_a_profile_that_was_withdrawn_takes_no_interest() -> None:
    gone = ProfileWithdrawn(reason="x", on=date(2026, 3, 1))
    network().and_given(OFFER, gone).when(EXPRESS).then_refused("interest.profile_not_published")


@pytest.mark.parametrize(
    "changes", [{"kind": PartnerKind.UNIVERSITY, "country": "NL"}, {"kind": PartnerKind.EEN_CONTACT_POINT}]
)
def test_the_partner_is_an_adviser_of_the_een_abroad(changes: dict[str, Any]) -> None:
    partner = id_of("partner", "other")
    details = PartnerDetails(name=Bilingual(en="x"), **changes)
    story = network().and_given(partner, PartnerRecorded(station_id=SHAOXING, details=details))
    story.when(expressing(partner_id=partner)).then_refused("interest.partner_not_abroad")


def test_a_match_that_it_comes_from_was_accepted_and_is_of_the_same_two() -> None:
    proposed = MatchProposed(station_id=SHAOXING, answering_ids=(SHAOXING,), need_id=NEED, profile_id=OFFER)
    story = network().and_given(MATCH, proposed)
    story.when(expressing(match_id=MATCH)).then_refused("interest.match_not_accepted")
    accepted = story.and_given(MATCH, MatchAccepted())
    accepted.when(expressing(match_id=MATCH)).then(EXPRESSED.model_copy(update={"match_id": MATCH}))
    for_own = expressing(match_id=MATCH, need_id=None, own_profile_id=ASKING)
    accepted.when(for_own).then_refused("interest.other_match")


def test_an_open_station_expresses_it_for_itself_until_today_and_once() -> None:
    at(HANGZHOU, network()).when(EXPRESS).then_refused("authority.station")
    network().acting(Role.PARTNER).when(EXPRESS).then_refused("authority.role")
    at(UNOPENED, network()).when(expressing(station_id=UNOPENED)).then_refused("station.not_open")
    network().when(expressing(on=date(2026, 8, 11))).then_refused("interest.dates")
    first = network().when(EXPRESS).then(EXPRESSED)
    network().and_given(first.entity_id, EXPRESSED).when(EXPRESS).then_refused("interest.exists")


@pytest.mark.parametrize(
    ("name", "length", "fits"),
    [
        ("organisation", 149, False),
        ("organisation", 150, True),
        ("organisation", 600, True),
        ("organisation", 601, False),
        ("interest", 149, False),
        ("interest", 601, False),
        ("questions", 599, True),
        ("questions", 600, False),
    ],
)
def test_its_texts_have_the_lengths_of_the_public_form(name: str, length: int, fits: bool) -> None:
    said = {**dict(FORM), name: "x" * length}
    if fits:
        assert len(getattr(InterestForm(**said), name)) == length
    else:
        with pytest.raises(ValidationError):
            InterestForm(**said)

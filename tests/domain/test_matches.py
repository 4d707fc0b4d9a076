"""Matches: two sides brought together once, then accepted or refused with a reason."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st
from pydantic import ValidationError
from scenario import Story, given, id_of

from domain.achievement_details import AchievementDetails
from domain.achievements import (
    AchievementPublished,
    AchievementRegistered,
    AchievementScreened,
    ScreeningResult,
)
from domain.experts import ExpertDelisted, ExpertDetails, ExpertListed
from domain.kernel.acting import Acting, Role
from domain.kernel.commands import Command
from domain.kernel.refusals import Refusal
from domain.matches import (
    AcceptMatch,
    Match,
    MatchAccepted,
    MatchFact,
    MatchProposed,
    MatchRefused,
    MatchStage,
    ProposeMatch,
    RefuseMatch,
    refuse,
)
from domain.needs import NeedChecked, NeedDetails, NeedPublished, NeedRecorded
from domain.profile_details import ProfileDetails
from domain.profiles import ProfileDrafted, ProfileImported, ProfilePublished, ProfileWithdrawn
from domain.reference.achievements import Secrecy
from domain.reference.een import ProfileType
from domain.reference.match_refusals import MatchRefusalReason
from domain.stations import StationFounded, StationOpened, Tier
from domain.values import Bilingual, Source

ABROAD, AT_NEED, AT_TOOL, AT_EXPERT = (id_of("station", name) for name in ("abroad", "need", "tool", "expert"))
NEED, TOOL, EXPERT, MATCH = id_of("need"), id_of("achievement"), id_of("expert"), id_of("match")
OFFER, REQUEST, RESEARCH, OURS = (id_of("profile", name) for name in ("offer", "request", "research", "ours"))
PROPOSE = ProposeMatch(station_id=ABROAD, need_id=NEED, profile_id=OFFER)
PROPOSED = MatchProposed(station_id=ABROAD, answering_ids=(ABROAD, AT_NEED), need_id=NEED, profile_id=OFFER)
NEEDED = NeedRecorded(
    station_id=AT_NEED, organisation_id=id_of("organisation"), details=NeedDetails(title=Bilingual(zh="脱色"))
)
REGISTERED = AchievementRegistered(
    station_id=AT_TOOL,
    organisation_id=id_of("organisation"),
    details=AchievementDetails(title=Bilingual(zh="刀具"), secrecy=Secrecy.OPEN),
)
LISTED = ExpertListed(station_id=AT_EXPERT, person_id=id_of("person"), name="王某", details=ExpertDetails())


def foreign(type: ProfileType, **changes: Any) -> ProfileImported:
    reference = f"{type}NL20260801001"
    return ProfileImported(
        station_id=ABROAD,
        reference=reference,
        details=ProfileDetails(type=type, title=Bilingual(en="x"), country="NL").model_copy(update=changes),
        source=Source(system="pod", reference=reference),
    )


def network() -> Story:
    own = ProfileDetails(type=ProfileType.TR, title=Bilingual(en="x"), country="CN")
    return (
        given(
            ABROAD,
            StationFounded(tier=Tier.REGIONAL, name=Bilingual(zh="上海站"), region="310000"),
            StationOpened(on=date(2026, 1, 1)),
        )
        .and_given(NEED, NEEDED, NeedChecked(), NeedPublished())
        .and_given(TOOL, REGISTERED, AchievementScreened(result=ScreeningResult.ACCEPT), AchievementPublished())
        .and_given(EXPERT, LISTED)
        .and_given(OFFER, foreign(ProfileType.TO))
        .and_given(REQUEST, foreign(ProfileType.TR))
        .and_given(RESEARCH, foreign(ProfileType.RDR))
        .and_given(
            OURS,
            ProfileDrafted(station_id=AT_NEED, details=own, need_id=NEED),
            ProfilePublished(on=date(2026, 8, 1)),
        )
        .acting(Role.ADVISER, at=ABROAD)
    )


def proposed(*facts: MatchFact) -> Story:
    return network().and_given(MATCH, PROPOSED, *facts)


@pytest.mark.parametrize(
    ("sides", "stations"),
    [
        ({"need_id": NEED, "profile_id": OFFER}, (ABROAD, AT_NEED)),
        ({"need_id": NEED, "achievement_id": TOOL}, (ABROAD, AT_NEED, AT_TOOL)),
        ({"need_id": NEED, "expert_id": EXPERT}, (ABROAD, AT_NEED, AT_EXPERT)),
        ({"achievement_id": TOOL, "profile_id": REQUEST}, (ABROAD, AT_TOOL)),
        ({"achievement_id": TOOL, "profile_id": RESEARCH}, (ABROAD, AT_TOOL)),
        ({"achievement_id": TOOL, "profile_id": OURS}, (ABROAD, AT_TOOL, AT_NEED)),
        ({"achievement_id": TOOL, "expert_id": EXPERT}, (ABROAD, AT_TOOL, AT_EXPERT)),
    ],
)
def test_a_station_brings_two_sides_together_and_those_who_answer_for_them_decide(
    sides: dict[str, str], stations: tuple[str, ...]
) -> None:
    told = network().when(ProposeMatch(station_id=ABROAD, score=0.5, note="关键词相同", **sides))
    told.then(MatchProposed(station_id=ABROAD, answering_ids=stations, score=0.5, note="关键词相同", **sides))
    told.then_reads(ABROAD, *sides.values())


@pytest.mark.parametrize(
    "sides",
    [
        {},
        {"need_id": NEED},
        {"achievement_id": TOOL},
        {"profile_id": OFFER, "expert_id": EXPERT},
        {"need_id": NEED, "achievement_id": TOOL, "profile_id": OFFER},
    ],
)
def test_a_match_has_two_sides_one_of_which_is_to_be_answered(sides: dict[str, str]) -> None:
    network().when(ProposeMatch(station_id=ABROAD, **sides)).then_refused("match.two_sides")


def test_there_is_one_match_for_a_pair_whoever_proposes_it() -> None:
    first = network().when(PROPOSE).then(PROPOSED)
    again = network().and_given(first.entity_id, PROPOSED)
    again.when(PROPOSE.model_copy(update={"note": "再次推荐", "score": 0.9})).then_refused("match.exists")


def test_a_station_that_has_not_opened_proposes_nothing() -> None:
    unopened = id_of("station", "unopened")
    story = network().and_given(unopened, StationFounded(tier=Tier.BASE, name=Bilingual(zh="站"), region="610100"))
    told = story.acting(Role.ADVISER, at=unopened).when(PROPOSE.model_copy(update={"station_id": unopened}))
    told.then_refused("station.not_open")


@pytest.mark.parametrize(
    ("sides", "code"),
    [
        ({"need_id": id_of("need", "none"), "profile_id": OFFER}, "need.unknown"),
        ({"need_id": NEED, "achievement_id": id_of("achievement", "none")}, "achievement.unknown"),
        ({"need_id": NEED, "profile_id": id_of("profile", "none")}, "profile.unknown"),
        ({"need_id": NEED, "expert_id": id_of("expert", "none")}, "expert.unknown"),
    ],
)
def test_both_sides_exist(sides: dict[str, str], code: str) -> None:
    network().when(ProposeMatch(station_id=ABROAD, **sides)).then_refused(code)


def test_needs_and_achievements_are_published() -> None:
    hidden_need, hidden_tool = id_of("need", "hidden"), id_of("achievement", "hidden")
    story = network().and_given(hidden_need, NEEDED).and_given(hidden_tool, REGISTERED)
    story.when(PROPOSE.model_copy(update={"need_id": hidden_need})).then_refused("match.need_not_published")
    tool = ProposeMatch(station_id=ABROAD, achievement_id=hidden_tool, expert_id=EXPERT)
    story.when(tool).then_refused("match.achievement_not_published")
    answer = ProposeMatch(station_id=ABROAD, need_id=NEED, achievement_id=hidden_tool)
    story.when(answer).then_refused("match.achievement_not_published")


@pytest.mark.parametrize(
    "sides",
    [
        {"need_id": NEED, "profile_id": REQUEST},
        {"need_id": NEED, "profile_id": RESEARCH},
        {"achievement_id": TOOL, "profile_id": OFFER},
    ],
)
def test_an_offer_answers_a_need_and_a_request_an_achievement_and_never_the_other_way(sides: dict[str, str]) -> None:
    network().when(ProposeMatch(station_id=ABROAD, **sides)).then_refused("match.profile_type")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"expires": date(2026, 8, 9)}, "match.profile_expired"),
        ({"eoi_deadline": date(2026, 8, 9)}, "match.profile_closed"),
        ({"open_for_interest": False}, "match.profile_closed"),
        ({"expires": date(2026, 8, 10), "eoi_deadline": date(2026, 8, 10)}, None),
    ],
)
def test_a_profile_answers_while_it_is_valid_and_open_on_the_day(changes: dict[str, Any], code: str | None) -> None:
    dated = id_of("profile", "dated")
    told = (
        network()
        .and_given(dated, foreign(ProfileType.TO, **changes))
        .when(PROPOSE.model_copy(update={"profile_id": dated}))
    )
    assert (told.refusal.code if told.refusal else None) == code


def test_a_withdrawn_profile_and_a_draft_answer_nothing() -> None:
    gone = network().and_given(OFFER, ProfileWithdrawn(reason="已撤回", on=date(2026, 8, 2)))
    gone.when(PROPOSE).then_refused("match.profile_not_published")
    draft = id_of("profile", "draft")
    drafted = ProfileDrafted(station_id=AT_NEED, details=foreign(ProfileType.TR).details, need_id=NEED)
    told = (
        network().and_given(draft, drafted).when(ProposeMatch(station_id=ABROAD, achievement_id=TOOL, profile_id=draft))
    )
    told.then_refused("match.profile_not_published")


def test_an_expert_who_left_the_list_answers_nothing() -> None:
    story = network().and_given(EXPERT, ExpertDelisted(reason="退休"))
    story.when(ProposeMatch(station_id=ABROAD, need_id=NEED, expert_id=EXPERT)).then_refused("match.expert_delisted")


@pytest.mark.parametrize("station", [ABROAD, AT_NEED])
def test_those_who_answer_for_a_side_accept_and_refuse(station: str) -> None:
    story = proposed().acting(Role.ADVISER, at=station)
    story.when(AcceptMatch(match_id=MATCH)).then(MatchAccepted())
    refusing = RefuseMatch(match_id=MATCH, reason=MatchRefusalReason.PRICE_OR_TERMS)
    story.when(refusing).then(MatchRefused(reason=MatchRefusalReason.PRICE_OR_TERMS))


def test_nobody_else_decides_on_a_match() -> None:
    proposed().acting(Role.ADVISER, at=AT_TOOL).when(AcceptMatch(match_id=MATCH)).then_refused("authority.station")
    proposed().acting(Role.PARTNER, at=ABROAD).when(AcceptMatch(match_id=MATCH)).then_refused("authority.role")
    network().acting(Role.ADVISER, at=AT_NEED).when(PROPOSE).then_refused("authority.station")


def test_another_reason_than_those_of_the_list_takes_words() -> None:
    refusing = RefuseMatch(match_id=MATCH, reason=MatchRefusalReason.OTHER)
    proposed().when(refusing).then_refused("match.reason_without_words")
    told = proposed().when(refusing.model_copy(update={"words": "企业搬迁"}))
    told.then(MatchRefused(reason=MatchRefusalReason.OTHER, words="企业搬迁"))


def test_a_reason_is_one_of_the_list_of_the_day() -> None:
    too_soon = Acting(id_of("person"), ABROAD, None, frozenset(), datetime(2009, 12, 31, tzinfo=UTC))
    command = RefuseMatch(match_id=MATCH, reason=MatchRefusalReason.WRONG_FIELD)
    with pytest.raises(Refusal) as refused:
        refuse(proposed().state(MATCH), command, too_soon)
    assert refused.value.code == "match.reason_not_in_force"


@pytest.mark.parametrize("decided", [MatchAccepted(), MatchRefused(reason=MatchRefusalReason.NO_CAPACITY)])
def test_a_match_is_decided_once(decided: MatchFact) -> None:
    story = proposed(decided)
    story.when(AcceptMatch(match_id=MATCH)).then_refused("match.decided")
    refusing = RefuseMatch(match_id=MATCH, reason=MatchRefusalReason.NO_CAPACITY)
    story.when(refusing).then_refused("match.decided")


@pytest.mark.parametrize("score", [-0.1, float("inf"), float("nan")])
def test_a_score_is_a_number_from_zero_on(score: float) -> None:
    with pytest.raises(ValidationError):
        ProposeMatch(station_id=ABROAD, need_id=NEED, profile_id=OFFER, score=score)


DECISIONS: tuple[Command, ...] = (
    AcceptMatch(match_id=MATCH),
    *(RefuseMatch(match_id=MATCH, reason=reason, words="因") for reason in MatchRefusalReason),
)


@given_any(st.lists(st.sampled_from(DECISIONS), max_size=6))
def test_whatever_is_asked_the_first_decision_on_a_match_stands(commands: list[Command]) -> None:
    story = proposed()
    for command in commands:
        before: Match = story.state(MATCH)
        told = story.when(command)
        if told.proposal is not None:
            story = story.and_given(MATCH, *(each.fact for each in told.proposal.facts))
        after: Match = story.state(MATCH)
        assert before.stage is MatchStage.PROPOSED or after == before
    assert (story.state(MATCH).stage is MatchStage.PROPOSED) == (not commands)

"""Cooperation between stations: asked, accepted or declined, closed."""

from __future__ import annotations

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st
from scenario import Story, id_of
from two_stations import HANGZHOU, SHAOXING, UNIVERSITY, UNOPENED, at, lived, two_stations

from domain.achievement_details import AchievementDetails
from domain.achievements import AchievementRegistered
from domain.cooperation import (
    AcceptCooperation,
    AskCooperation,
    CloseCooperation,
    CooperationAccepted,
    CooperationAsked,
    CooperationClosed,
    CooperationDeclined,
    CooperationOutcome,
    CooperationStage,
    DeclineCooperation,
)
from domain.kernel.acting import Role
from domain.kernel.commands import Command
from domain.kernel.facts import Fact
from domain.needs import NeedDetails, NeedRecorded
from domain.reference.achievements import Secrecy
from domain.values import Bilingual

COOPERATION, NEED, TOOL = id_of("cooperation"), id_of("need"), id_of("achievement")
ASKED = CooperationAsked(station_id=SHAOXING, asked_id=HANGZHOU, purpose="共同走访染整企业")
ASK = AskCooperation(station_id=SHAOXING, asked_id=HANGZHOU, purpose="共同走访染整企业")
ACCEPTED, ACCEPT = CooperationAccepted(), AcceptCooperation(cooperation_id=COOPERATION)
DECLINED = CooperationDeclined(reason="没有这一领域的专家")
DECLINE = DeclineCooperation(cooperation_id=COOPERATION, reason="没有这一领域的专家")
CLOSED = CooperationClosed(outcome=CooperationOutcome.PARTLY, remark="三家中走访了两家")
CLOSE = CloseCooperation(cooperation_id=COOPERATION, outcome=CooperationOutcome.PARTLY, remark="三家中走访了两家")


def network() -> Story:
    need = NeedDetails(title=Bilingual(zh="印染废水深度脱色"))
    tool = AchievementDetails(title=Bilingual(zh="刀具状态监测系统"), secrecy=Secrecy.OPEN)
    return (
        two_stations()
        .and_given(NEED, NeedRecorded(station_id=SHAOXING, organisation_id=UNIVERSITY, details=need))
        .and_given(TOOL, AchievementRegistered(station_id=SHAOXING, organisation_id=UNIVERSITY, details=tool))
    )


def cooperation(*facts: Fact) -> Story:
    return network().and_given(COOPERATION, ASKED, *facts)


def test_an_open_station_asks_another_open_one() -> None:
    told = network().when(ASK)
    told.then(ASKED)
    told.then_reads(SHAOXING, HANGZHOU)


def test_a_station_asks_only_for_itself() -> None:
    at(HANGZHOU, network()).when(ASK).then_refused("authority.station")
    network().acting(Role.AUDITOR).when(ASK).then_refused("authority.role")


def test_nobody_cooperates_with_itself() -> None:
    network().when(ASK.model_copy(update={"asked_id": SHAOXING})).then_refused("cooperation.with_itself")


def test_both_stations_have_opened() -> None:
    network().when(ASK.model_copy(update={"asked_id": UNOPENED})).then_refused("station.not_open")
    asking = ASK.model_copy(update={"station_id": UNOPENED})
    at(UNOPENED, network()).when(asking).then_refused("station.not_open")


def test_the_station_that_is_asked_exists() -> None:
    nowhere = ASK.model_copy(update={"asked_id": id_of("station", "nowhere")})
    network().when(nowhere).then_refused("station.unknown")


@pytest.mark.parametrize("about", [{"need_id": NEED}, {"achievement_id": TOOL}])
def test_a_cooperation_may_be_about_a_need_or_an_achievement(about: dict[str, str]) -> None:
    told = network().when(ASK.model_copy(update=about))
    told.then(ASKED.model_copy(update=about))
    told.then_reads(*about.values())


def test_a_cooperation_is_not_about_two_things_at_once() -> None:
    both = ASK.model_copy(update={"need_id": NEED, "achievement_id": TOOL})
    network().when(both).then_refused("cooperation.two_subjects")


def test_what_a_cooperation_is_about_exists() -> None:
    network().when(ASK.model_copy(update={"need_id": id_of("need", "none")})).then_refused("need.unknown")
    nothing = ASK.model_copy(update={"achievement_id": id_of("achievement", "none")})
    network().when(nothing).then_refused("achievement.unknown")


def test_the_same_request_asks_once() -> None:
    first = network().when(ASK).then(ASKED)
    network().and_given(first.entity_id, ASKED).when(ASK).then_refused("cooperation.exists")


def test_only_the_asked_station_accepts_or_declines() -> None:
    at(HANGZHOU, cooperation()).when(ACCEPT).then(ACCEPTED)
    at(HANGZHOU, cooperation()).when(DECLINE).then(DECLINED)
    cooperation().when(ACCEPT).then_refused("authority.station")
    cooperation().when(DECLINE).then_refused("authority.station")
    cooperation().acting(Role.ADMINISTRATOR).when(ACCEPT).then(ACCEPTED)


@pytest.mark.parametrize("facts", [(ACCEPTED,), (DECLINED,), (ACCEPTED, CLOSED)])
def test_an_answer_is_given_once(facts: tuple[Fact, ...]) -> None:
    story = at(HANGZHOU, cooperation(*facts))
    story.when(ACCEPT).then_refused("cooperation.answered")
    story.when(DECLINE).then_refused("cooperation.answered")


@pytest.mark.parametrize("station", [SHAOXING, HANGZHOU])
def test_either_station_closes_what_was_accepted(station: str) -> None:
    at(station, cooperation(ACCEPTED)).when(CLOSE).then(CLOSED)


def test_a_third_station_neither_closes_nor_answers() -> None:
    third = at(id_of("station", "third"), cooperation(ACCEPTED))
    third.when(CLOSE).then_refused("authority.station")
    third.when(ACCEPT).then_refused("authority.station")


@pytest.mark.parametrize("facts", [(), (DECLINED,), (ACCEPTED, CLOSED)])
def test_only_what_was_accepted_and_is_still_open_is_closed(facts: tuple[Fact, ...]) -> None:
    cooperation(*facts).when(CLOSE).then_refused("cooperation.not_accepted")


MOVES = st.tuples(st.sampled_from([SHAOXING, HANGZHOU]), st.sampled_from([ACCEPT, DECLINE, CLOSE]))
STEPS = {
    AcceptCooperation: (CooperationStage.ASKED, CooperationStage.ACCEPTED),
    DeclineCooperation: (CooperationStage.ASKED, CooperationStage.DECLINED),
    CloseCooperation: (CooperationStage.ACCEPTED, CooperationStage.CLOSED),
}


@given_any(st.lists(MOVES, max_size=8))
def test_whatever_is_asked_no_stage_is_left_but_by_its_rules(moves: list[tuple[str, Command]]) -> None:
    for station, before, command, after in lived(cooperation(), COOPERATION, moves):
        assert (before.stage, after.stage) == STEPS[type(command)]
        assert station == HANGZHOU or isinstance(command, CloseCooperation)

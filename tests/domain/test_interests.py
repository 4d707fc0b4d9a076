"""Expressions of interest: from stage to stage, and never back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from interest_stories import (
    ADVISER,
    CAME,
    EXPRESSED,
    GIVEN,
    INTEREST,
    OURS,
    RECEIVED,
    REQUEST,
    SENT,
    TOOL,
    WAY,
    exchanged,
    interest,
    network,
    tool,
)
from scenario import id_of
from two_stations import HANGZHOU, SHAOXING, UNOPENED, at

from domain.achievements import AchievementAmended
from domain.appointments import AppointmentEnded, appointment_id
from domain.interest_commands import (
    MOVING,
    AllocateInterest,
    ArchiveInterest,
    CloseInterest,
    ConfirmNegotiations,
    ExchangeContacts,
    GiveInterestUp,
    MoveInterest,
    RecordInterestMessage,
    ReferInterest,
    RegisterInterestAchievement,
    ReviewInterest,
    SignInterestStatement,
    SignpostInterest,
)
from domain.interest_facts import (
    Channel,
    InterestAchievementRegistered,
    InterestArchived,
    InterestClosed,
    InterestDied,
    InterestMessageRecorded,
    MessageWay,
)
from domain.interest_stages import LIVE, MOVES, InterestStage
from domain.kernel.acting import Role
from domain.kernel.facts import Fact
from domain.reference.achievements import Secrecy
from domain.reference.closing_reasons import ClosingReason
from domain.reference.een import PartnershipType

TODAY = date(2026, 8, 10)
MOVE = {"interest_id": INTEREST, "on": TODAY}
COMMANDS: tuple[MoveInterest, ...] = (
    SignpostInterest(**MOVE, handler_id=SHAOXING),
    AllocateInterest(**MOVE, station_id=SHAOXING, adviser_id=ADVISER),
    ReferInterest(**MOVE, channel=Channel.EMAIL, words="To the Dutch Agency"),
    ReviewInterest(**MOVE, channel=Channel.EMAIL, answer="They would like to talk."),
    ExchangeContacts(**MOVE, given_id=GIVEN, received_id=RECEIVED),
    SignInterestStatement(**MOVE),
    ConfirmNegotiations(**MOVE),
    RegisterInterestAchievement(**MOVE, number="PA-1", partnership=PartnershipType.RESEARCH_COOPERATION),
    CloseInterest(**MOVE, reason=ClosingReason.NOT_INTERESTED),
    GiveInterestUp(**MOVE),
    ArchiveInterest(**MOVE),
)
"""One of every kind, in the order of the stages that they lead to."""


def test_there_is_a_move_to_every_stage_but_the_first() -> None:
    assert [command.TO for command in MOVING] == list(InterestStage)[1:]
    assert tuple(map(type, COMMANDS)) == MOVING


@pytest.mark.parametrize("steps", range(1, 8))
def test_an_interest_goes_its_way_from_stage_to_stage(steps: int) -> None:
    story, command = exchanged(), COMMANDS[steps - 1]
    story = type(story)({**story.lives, INTEREST: WAY[:steps]}, story.roles, story.station)
    fact = WAY[steps]
    told = story.when(command.model_copy(update={**dict(fact), "interest_id": INTEREST}))
    told.then(fact)
    assert story.and_given(INTEREST, fact).state(INTEREST).stage is command.TO


def test_what_came_of_it_is_registered_under_a_number() -> None:
    registered = InterestAchievementRegistered(
        on=TODAY, number="PA-1", partnership=PartnershipType.RESEARCH_COOPERATION
    )
    interest(8).when(COMMANDS[7]).then(registered)
    assert interest(8, registered).state(INTEREST).stage is InterestStage.ACHIEVEMENT_REGISTERED


ENDED: dict[InterestStage, tuple[Any, ...]] = {
    InterestStage.ACHIEVEMENT_REGISTERED: (
        *WAY,
        InterestAchievementRegistered(on=TODAY, number="1", partnership=PartnershipType.COMMERCIAL),
    ),
    InterestStage.CLOSED: (EXPRESSED, InterestClosed(on=TODAY, reason=ClosingReason.TERMS)),
    InterestStage.DIED: (EXPRESSED, InterestDied(on=TODAY)),
    InterestStage.ARCHIVED: (EXPRESSED, InterestDied(on=TODAY), InterestArchived(on=TODAY)),
}
LIVES: dict[InterestStage, tuple[Any, ...]] = {
    **{stage: WAY[: number + 1] for number, stage in enumerate(list(InterestStage)[:8])},
    **ENDED,
}


@pytest.mark.parametrize("stage", InterestStage)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
def test_a_move_that_does_not_follow_is_refused(stage: InterestStage, command: MoveInterest) -> None:
    base = exchanged()
    story = type(base)({**base.lives, INTEREST: LIVES[stage]}, base.roles, base.station)
    assert story.state(INTEREST).stage is stage
    told = story.when(command)
    if command.TO in MOVES[stage]:
        assert told.refusal is None, told.refusal
    else:
        told.then_refused("interest.move")


def test_a_day_is_neither_before_what_is_recorded_nor_in_the_future() -> None:
    for on in (date(2026, 3, 1), date(2026, 8, 11)):
        interest().when(SignpostInterest(interest_id=INTEREST, on=on, handler_id=SHAOXING)).then_refused(
            "interest.dates"
        )
        message = RecordInterestMessage(
            interest_id=INTEREST, on=on, channel=Channel.PHONE, way=MessageWay.SENT, words="x"
        )
        interest().when(message).then_refused("interest.dates")
    same = SignpostInterest(interest_id=INTEREST, on=SENT, handler_id=SHAOXING)
    interest().when(same).then(WAY[1].model_copy(update={"on": SENT}))


def test_the_station_that_it_is_signposted_to_sees_it_from_then_on() -> None:
    signposted = WAY[1].model_copy(update={"handler_id": HANGZHOU})
    allocate = AllocateInterest(**MOVE, station_id=HANGZHOU, adviser_id=ADVISER)
    at(HANGZHOU, interest()).when(allocate).then_refused("interest.unknown")
    at(HANGZHOU, interest(1, signposted)).when(allocate).then_refused("interest.not_adviser")
    interest(1, signposted).when(allocate).then_refused("authority.station")
    signpost = SignpostInterest(**MOVE, handler_id=UNOPENED)
    interest().when(signpost).then_refused("station.not_open")


def test_it_is_allocated_to_somebody_who_works_at_the_station_that_handles_it() -> None:
    allocate = COMMANDS[1]
    told = interest(2).when(allocate)
    told.then(WAY[2].model_copy(update={"on": TODAY}))
    told.then_reads(appointment_id(ADVISER, SHAOXING))
    ended = AppointmentEnded(role=Role.ADVISER, until=date(2026, 8, 9))
    dismissed = interest(2).and_given(appointment_id(ADVISER, SHAOXING), ended)
    dismissed.when(allocate).then_refused("interest.not_adviser")
    elsewhere = AllocateInterest(**MOVE, station_id=HANGZHOU, adviser_id=ADVISER)
    interest(2).when(elsewhere).then_refused("interest.other_station")


def test_it_does_not_leave_when_the_achievement_has_become_secret() -> None:
    secret = AchievementAmended(details=tool(Secrecy.SECRET))
    for_tool = EXPRESSED.model_copy(update={"need_id": None, "achievement_id": TOOL, "profile_id": REQUEST})
    for subject in (for_tool, CAME):
        story = network().and_given(INTEREST, subject, *WAY[1:3])
        told = story.when(COMMANDS[2])
        told.then(WAY[3].model_copy(update={"on": TODAY, "words": "To the Dutch Agency"}))
        told.then_reads(TOOL)
        story.and_given(TOOL, secret).when(COMMANDS[2]).then_refused("crossing.not_open")


def test_contacts_are_exchanged_by_one_disclosure_each_way_of_this_interest() -> None:
    told = exchanged().when(COMMANDS[4])
    told.then(WAY[5].model_copy(update={"on": TODAY}))
    told.then_reads(GIVEN, RECEIVED)
    interest(5).when(COMMANDS[4]).then_refused("disclosure.unknown")
    twice = ExchangeContacts(**MOVE, given_id=GIVEN, received_id=GIVEN)
    exchanged().when(twice).then_refused("interest.one_way")
    turned = ExchangeContacts(**MOVE, given_id=RECEIVED, received_id=GIVEN)
    exchanged().when(turned).then_refused("interest.one_way")
    another = id_of("interest", "another")
    story = exchanged().and_given(another, *WAY[:5])
    other = ExchangeContacts(interest_id=another, on=TODAY, given_id=GIVEN, received_id=RECEIVED)
    story.when(other).then_refused("interest.other_disclosure")


@pytest.mark.parametrize("way", MessageWay)
def test_word_between_the_advisers_is_written_down_as_long_as_something_is_to_be_done(way: MessageWay) -> None:
    command = RecordInterestMessage(**MOVE, channel=Channel.PHONE, way=way, words="They will answer next week.")
    recorded = InterestMessageRecorded(on=TODAY, channel=Channel.PHONE, way=way, words="They will answer next week.")
    interest(4).when(command).then(recorded)
    assert interest(4, recorded).state(INTEREST).last_contact == TODAY
    for stage, facts in LIVES.items():
        told = network().and_given(INTEREST, *facts).when(command)
        if stage in LIVE:
            told.then(recorded)
        else:
            told.then_refused("interest.over")


def test_it_is_closed_for_a_reason_of_the_list_or_in_words() -> None:
    other = CloseInterest(**MOVE, reason=ClosingReason.OTHER)
    interest(3).when(other).then_refused("interest.reason_without_words")
    said = other.model_copy(update={"words": "企业搬迁"})
    interest(3).when(said).then(InterestClosed(on=TODAY, reason=ClosingReason.OTHER, words="企业搬迁"))
    early = EXPRESSED.model_copy(update={"on": date(2009, 1, 1)})
    before = CloseInterest(interest_id=INTEREST, on=date(2009, 12, 31), reason=ClosingReason.TERMS)
    network().and_given(INTEREST, early).when(before).then_refused("interest.reason_not_in_force")


def test_it_is_given_up_after_ninety_days_of_silence_and_not_before() -> None:
    referred = date(2026, 3, 6)
    last, first = date(2026, 6, 3), date(2026, 6, 4)
    assert (first - referred).days == 90
    interest(4).when(GiveInterestUp(interest_id=INTEREST, on=last)).then_refused("interest.not_silent")
    interest(4).when(GiveInterestUp(interest_id=INTEREST, on=first)).then(InterestDied(on=first))
    heard = InterestMessageRecorded(on=date(2026, 6, 1), channel=Channel.EMAIL, way=MessageWay.RECEIVED, words="Soon.")
    interest(4, heard).when(GiveInterestUp(interest_id=INTEREST, on=first)).then_refused("interest.not_silent")


@pytest.mark.parametrize("facts", [(EXPRESSED,), LIVES[InterestStage.ARCHIVED]])
def test_who_does_not_answer_for_it_does_not_learn_that_it_is_there(facts: tuple[Fact, ...]) -> None:
    story = at(HANGZHOU, network().and_given(INTEREST, *facts))
    for command in (COMMANDS[0], *COMMANDS[2:]):
        story.when(command).then_refused("interest.unknown")
    network().and_given(INTEREST, *facts).acting(Role.AUDITOR).when(COMMANDS[0]).then_refused("authority.role")


def test_interest_in_a_profile_of_ours_is_handled_by_whoever_drafted_it() -> None:
    assert network().and_given(INTEREST, CAME).state(INTEREST).answering == {SHAOXING, HANGZHOU}
    at(HANGZHOU, network().and_given(INTEREST, CAME)).when(COMMANDS[0]).then(WAY[1].model_copy(update={"on": TODAY}))
    assert CAME.profile_id == OURS

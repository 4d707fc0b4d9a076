"""Achievements: registered by a station, screened by the national one, published, transferred."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st
from scenario import Story, given, id_of

from domain.achievement_details import AchievementDetails
from domain.achievements import (
    Achievement,
    AchievementAmended,
    AchievementFact,
    AchievementPublished,
    AchievementRegistered,
    AchievementScreened,
    AchievementStage,
    AchievementTransferred,
    AchievementWithdrawn,
    AmendAchievement,
    PublishAchievement,
    RegisterAchievement,
    ScreenAchievement,
    ScreeningResult,
    TransferAchievement,
    WithdrawAchievement,
)
from domain.kernel.acting import Role
from domain.kernel.commands import Command
from domain.organisations import OrganisationDetails, OrganisationKind, OrganisationRecorded
from domain.reference.achievements import Secrecy
from domain.stations import NATIONAL_STATION, StationFounded, StationOpened, Tier
from domain.values import Bilingual, Contact, Source

TOOL, STATION, UNIVERSITY = id_of("achievement"), id_of("station"), id_of("organisation")
DETAILS = AchievementDetails(title=Bilingual(zh="刀具状态监测系统"), secrecy=Secrecy.OPEN, countries=("ES",))
SECRET = DETAILS.model_copy(update={"secrecy": Secrecy.CONFIDENTIAL})
REGISTERED = AchievementRegistered(station_id=STATION, organisation_id=UNIVERSITY, details=DETAILS)
REGISTER = RegisterAchievement(station_id=STATION, organisation_id=UNIVERSITY, details=DETAILS)
ACCEPTED = AchievementScreened(result=ScreeningResult.ACCEPT)
DEFERRED = AchievementScreened(result=ScreeningResult.DEFER, reasons=("试用数据不足",))
REFUSED = AchievementScreened(result=ScreeningResult.REFUSE, reasons=("无应用前景",))
CONTACT = Contact(person_id=id_of("person"), name="赵某")


def network() -> Story:
    return given(
        STATION,
        StationFounded(tier=Tier.BASE, name=Bilingual(zh="西安站"), region="610100"),
        StationOpened(on=date(2026, 1, 1)),
    ).and_given(
        UNIVERSITY,
        OrganisationRecorded(
            station_id=STATION,
            details=OrganisationDetails(name=Bilingual(zh="某理工大学"), kind=OrganisationKind.UNIVERSITY),
        ),
    )


def achievement(*facts: AchievementFact, registered: AchievementRegistered = REGISTERED) -> Story:
    return network().and_given(TOOL, registered, *facts)


def test_an_open_station_registers_an_achievement_of_an_organisation_it_knows() -> None:
    told = network().acting(Role.ADVISER).when(REGISTER.model_copy(update={"contact": CONTACT}))
    told.then(REGISTERED.model_copy(update={"contact": CONTACT}))
    told.then_reads(STATION, UNIVERSITY)


def test_a_station_that_has_not_opened_registers_no_achievement() -> None:
    unopened = id_of("station", "unopened")
    story = network().and_given(unopened, StationFounded(tier=Tier.BASE, name=Bilingual(zh="站"), region="610100"))
    story.when(REGISTER.model_copy(update={"station_id": unopened})).then_refused("station.not_open")


def test_an_achievement_from_the_same_source_is_registered_once() -> None:
    source = Source(system="achievement-register", reference="610202600012")
    command = REGISTER.model_copy(update={"source": source})
    first = network().when(command).then(REGISTERED.model_copy(update={"source": source}))
    network().and_given(first.entity_id, REGISTERED).when(command).then_refused("achievement.exists")


def test_an_achievement_of_nobody_known_is_refused() -> None:
    nobody = REGISTER.model_copy(update={"organisation_id": id_of("organisation", "nobody")})
    network().when(nobody).then_refused("organisation.unknown")


def test_a_partner_may_come_only_from_countries_that_exist() -> None:
    nowhere = DETAILS.model_copy(update={"countries": ("ES", "ZZ")})
    network().when(REGISTER.model_copy(update={"details": nowhere})).then_refused("country.unknown")
    achievement().when(AmendAchievement(achievement_id=TOOL, details=nowhere)).then_refused("country.unknown")


def test_an_amendment_replaces_the_details_and_keeps_the_contact_unless_one_is_given() -> None:
    better = DETAILS.model_copy(update={"keywords": ("声发射", "刀具")})
    achievement().when(AmendAchievement(achievement_id=TOOL, details=better)).then(AchievementAmended(details=better))
    state: Achievement = achievement(
        AchievementAmended(details=DETAILS, contact=CONTACT), AchievementAmended(details=better)
    ).state(TOOL)
    assert state.details == better
    assert state.contact == CONTACT


def test_an_amendment_that_changes_nothing_records_nothing() -> None:
    achievement().when(AmendAchievement(achievement_id=TOOL, details=DETAILS)).then_nothing()


def test_a_new_contact_alone_is_an_amendment() -> None:
    told = achievement().when(AmendAchievement(achievement_id=TOOL, details=DETAILS, contact=CONTACT))
    told.then(AchievementAmended(details=DETAILS, contact=CONTACT))


def test_what_has_been_published_does_not_become_secret() -> None:
    amend = AmendAchievement(achievement_id=TOOL, details=SECRET)
    achievement(ACCEPTED).when(amend).then(AchievementAmended(details=SECRET))
    achievement(ACCEPTED, AchievementPublished()).when(amend).then_refused("achievement.published_is_open")


def test_only_the_national_station_screens() -> None:
    screen = ScreenAchievement(achievement_id=TOOL, result=ScreeningResult.ACCEPT)
    achievement().acting(Role.ADVISER, at=STATION).when(screen).then_refused("authority.station")
    achievement().acting(Role.ADVISER, at=NATIONAL_STATION).when(screen).then(ACCEPTED)
    achievement().acting(Role.ADMINISTRATOR, at=STATION).when(screen).then(ACCEPTED)


@pytest.mark.parametrize(
    "command",
    [
        AmendAchievement(achievement_id=TOOL, details=SECRET),
        PublishAchievement(achievement_id=TOOL),
        TransferAchievement(achievement_id=TOOL),
        WithdrawAchievement(achievement_id=TOOL, reason="停用"),
    ],
)
def test_all_but_the_screening_is_for_the_station_that_registered_it(command: Command) -> None:
    story = achievement(ACCEPTED)
    story.acting(Role.ADVISER, at=NATIONAL_STATION).when(command).then_refused("authority.station")
    story.acting(Role.ADVISER, at=id_of("station", "elsewhere")).when(command).then_refused("authority.station")
    story.acting(Role.AUDITOR, at=STATION).when(command).then_refused("authority.role")
    assert story.acting(Role.ADVISER, at=STATION).when(command).refusal is None


def test_screening_gives_reasons_unless_it_accepts() -> None:
    screen = ScreenAchievement(achievement_id=TOOL, result=ScreeningResult.DEFER, reasons=DEFERRED.reasons)
    achievement().when(screen).then(DEFERRED)
    for result in (ScreeningResult.DEFER, ScreeningResult.REFUSE):
        silent = ScreenAchievement(achievement_id=TOOL, result=result)
        achievement().when(silent).then_refused("achievement.no_reason")


def test_what_was_deferred_is_screened_again_and_what_was_judged_is_not() -> None:
    screen = ScreenAchievement(achievement_id=TOOL, result=ScreeningResult.ACCEPT)
    achievement(DEFERRED).when(screen).then(ACCEPTED)
    achievement(ACCEPTED).when(screen).then_refused("achievement.not_open_to_screening")
    achievement(REFUSED).when(screen).then_refused("achievement.not_open_to_screening")


def test_only_an_accepted_achievement_is_published() -> None:
    achievement().when(PublishAchievement(achievement_id=TOOL)).then_refused("achievement.not_accepted")
    achievement(ACCEPTED).when(PublishAchievement(achievement_id=TOOL)).then(AchievementPublished())


@pytest.mark.parametrize("secrecy", [each for each in Secrecy if each is not Secrecy.OPEN])
def test_a_secret_achievement_is_never_published(secrecy: Secrecy) -> None:
    hidden = REGISTERED.model_copy(update={"details": DETAILS.model_copy(update={"secrecy": secrecy})})
    story = achievement(ACCEPTED, registered=hidden)
    story.when(PublishAchievement(achievement_id=TOOL)).then_refused("achievement.secret")


def test_an_accepted_achievement_is_transferred_published_or_not() -> None:
    transfer = TransferAchievement(achievement_id=TOOL)
    achievement(ACCEPTED).when(transfer).then(AchievementTransferred())
    achievement(ACCEPTED, AchievementPublished()).when(transfer).then(AchievementTransferred())
    achievement(DEFERRED).when(transfer).then_refused("achievement.not_open_to_transfer")


def test_an_achievement_may_be_withdrawn_until_it_is_closed() -> None:
    withdraw = WithdrawAchievement(achievement_id=TOOL, reason="专利已转让")
    achievement().when(withdraw).then(AchievementWithdrawn(reason="专利已转让"))


@pytest.mark.parametrize("end", [REFUSED, AchievementTransferred(), AchievementWithdrawn(reason="停用")])
def test_a_closed_achievement_is_neither_amended_nor_withdrawn(end: AchievementFact) -> None:
    closed = achievement(end)
    closed.when(AmendAchievement(achievement_id=TOOL, details=SECRET)).then_refused("achievement.closed")
    closed.when(WithdrawAchievement(achievement_id=TOOL, reason="停用")).then_refused("achievement.closed")


LEADS_TO = {
    AchievementStage.REGISTERED: {"accepted", "deferred", "refused", "withdrawn"},
    AchievementStage.DEFERRED: {"accepted", "deferred", "refused", "withdrawn"},
    AchievementStage.ACCEPTED: {"published", "transferred", "withdrawn"},
    AchievementStage.PUBLISHED: {"transferred", "withdrawn"},
    AchievementStage.REFUSED: set(),
    AchievementStage.TRANSFERRED: set(),
    AchievementStage.WITHDRAWN: set(),
}
COMMANDS: tuple[Command, ...] = (
    AmendAchievement(achievement_id=TOOL, details=DETAILS),
    AmendAchievement(achievement_id=TOOL, details=SECRET),
    *(ScreenAchievement(achievement_id=TOOL, result=each, reasons=("因",)) for each in ScreeningResult),
    PublishAchievement(achievement_id=TOOL),
    TransferAchievement(achievement_id=TOOL),
    WithdrawAchievement(achievement_id=TOOL, reason="停用"),
)


@given_any(st.lists(st.sampled_from(COMMANDS), max_size=8))
def test_whatever_is_asked_an_achievement_goes_only_where_its_stage_leads(commands: list[Command]) -> None:
    story = achievement()
    for command in commands:
        before: Achievement = story.state(TOOL)
        told = story.when(command)
        if told.proposal is not None:
            story = story.and_given(TOOL, *(each.fact for each in told.proposal.facts))
        after: Achievement = story.state(TOOL)
        assert after.stage is before.stage or after.stage in LEADS_TO[before.stage]
        assert after.stage is not AchievementStage.PUBLISHED or after.details.secrecy is Secrecy.OPEN

"""Needs: from the station that wrote one down to its solution."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from scenario import Story, given, id_of

from domain.kernel.acting import Role
from domain.kernel.facts import Fact
from domain.needs import (
    AmendNeed,
    CheckNeed,
    Need,
    NeedAmended,
    NeedChecked,
    NeedDetails,
    NeedPublished,
    NeedRecorded,
    NeedReturned,
    NeedSolved,
    NeedStage,
    NeedWithdrawn,
    PublishNeed,
    RecordNeed,
    ReturnNeed,
    SolveNeed,
    WithdrawNeed,
)
from domain.organisations import OrganisationDetails, OrganisationKind, OrganisationRecorded
from domain.stations import StationFounded, StationOpened, Tier
from domain.values import Bilingual, Contact, Money, Source

NEED, STATION, MILL = id_of("need"), id_of("station"), id_of("organisation")
DETAILS = NeedDetails(
    title=Bilingual(zh="印染废水深度脱色"), budget=Money(amount=Decimal("3000000")), countries=("NL", "DE")
)
RECORDED = NeedRecorded(station_id=STATION, organisation_id=MILL, details=DETAILS)
CONTACT = Contact(person_id=id_of("person"), name="李某")


def network() -> Story:
    return (
        given(STATION, StationFounded(tier=Tier.BASE, name=Bilingual(zh="绍兴站"), region="330600"))
        .and_given(STATION, StationOpened(on=date(2026, 1, 1)))
        .and_given(
            MILL,
            OrganisationRecorded(
                station_id=STATION,
                details=OrganisationDetails(name=Bilingual(zh="印染有限公司"), kind=OrganisationKind.ENTERPRISE),
            ),
        )
    )


def need(*facts: Fact) -> Story:
    return network().and_given(NEED, RECORDED, *facts)


def test_an_open_station_records_a_need_of_an_organisation_it_knows() -> None:
    command = RecordNeed(station_id=STATION, organisation_id=MILL, details=DETAILS, contact=CONTACT)
    told = network().acting(Role.ADVISER).when(command)
    told.then(RECORDED.model_copy(update={"contact": CONTACT}))
    told.then_reads(STATION, MILL)


def test_a_station_that_has_not_opened_records_no_need() -> None:
    unopened = id_of("station", "unopened")
    story = network().and_given(unopened, StationFounded(tier=Tier.BASE, name=Bilingual(zh="站"), region="330600"))
    story.when(RecordNeed(station_id=unopened, organisation_id=MILL, details=DETAILS)).then_refused("station.not_open")


def test_a_need_from_the_same_source_is_recorded_once() -> None:
    command = RecordNeed(
        station_id=STATION, organisation_id=MILL, details=DETAILS, source=Source(system="绍兴", reference="XQ-2026-001")
    )
    first = network().when(command).then(RECORDED.model_copy(update={"source": command.source}))
    again = network().and_given(first.entity_id, RECORDED).when(command)
    again.then_refused("need.exists")


def test_a_need_of_nobody_known_is_refused() -> None:
    nobody = id_of("organisation", "nobody")
    told = network().when(RecordNeed(station_id=STATION, organisation_id=nobody, details=DETAILS))
    told.then_refused("organisation.unknown")


def test_an_answer_may_come_only_from_countries_that_exist() -> None:
    details = DETAILS.model_copy(update={"countries": ("NL", "ZZ")})
    network().when(RecordNeed(station_id=STATION, organisation_id=MILL, details=details)).then_refused(
        "country.unknown"
    )


def test_an_amendment_replaces_the_details_and_keeps_the_contact_unless_one_is_given() -> None:
    longer = DETAILS.model_copy(update={"goal": "色度低于十倍"})
    need().when(AmendNeed(need_id=NEED, details=longer)).then(NeedAmended(details=longer))
    story = need(NeedAmended(details=DETAILS, contact=CONTACT), NeedAmended(details=longer))
    state: Need = story.state(NEED)
    assert state.details == longer
    assert state.contact == CONTACT


def test_an_amendment_that_changes_nothing_records_nothing() -> None:
    need().when(AmendNeed(need_id=NEED, details=DETAILS)).then_nothing()


@pytest.mark.parametrize("end", [NeedSolved(), NeedWithdrawn(reason="已自行解决")])
def test_a_closed_need_is_neither_amended_nor_withdrawn(end: Fact) -> None:
    closed = need(NeedChecked(), NeedPublished(), end)
    closed.when(AmendNeed(need_id=NEED, details=DETAILS)).then_refused("need.closed")
    closed.when(WithdrawNeed(need_id=NEED, reason="不再需要")).then_refused("need.closed")


def test_a_need_is_published_only_after_its_technical_check() -> None:
    need().when(PublishNeed(need_id=NEED)).then_refused("need.not_checked")
    need(NeedChecked()).when(PublishNeed(need_id=NEED)).then(NeedPublished())


def test_a_need_is_checked_when_recorded_or_returned_and_no_later() -> None:
    need().when(CheckNeed(need_id=NEED)).then(NeedChecked())
    need(NeedReturned(reasons=("缺少指标",))).when(CheckNeed(need_id=NEED)).then(NeedChecked())
    need(NeedChecked()).when(CheckNeed(need_id=NEED)).then_refused("need.not_open_to_check")


def test_a_need_is_returned_with_reasons_before_it_is_published() -> None:
    need().when(ReturnNeed(need_id=NEED, reasons=("缺少指标",))).then(NeedReturned(reasons=("缺少指标",)))
    need().when(ReturnNeed(need_id=NEED, reasons=())).then_refused("need.no_reason")
    published = need(NeedChecked(), NeedPublished())
    published.when(ReturnNeed(need_id=NEED, reasons=("太迟",))).then_refused("need.not_open_to_return")


def test_only_a_published_need_is_solved() -> None:
    need().when(SolveNeed(need_id=NEED)).then_refused("need.not_published")
    need(NeedChecked(), NeedPublished()).when(SolveNeed(need_id=NEED)).then(NeedSolved())


def test_an_open_need_may_be_withdrawn() -> None:
    need().when(WithdrawNeed(need_id=NEED, reason="不再需要")).then(NeedWithdrawn(reason="不再需要"))


def test_only_staff_of_the_station_that_recorded_a_need_act_on_it() -> None:
    need().acting(Role.AUDITOR).when(CheckNeed(need_id=NEED)).then_refused("authority.role")
    elsewhere = id_of("station", "elsewhere")
    need().acting(Role.ADVISER, at=elsewhere).when(CheckNeed(need_id=NEED)).then_refused("authority.station")


def test_the_stage_follows_the_facts() -> None:
    assert need(NeedChecked()).state(NEED).stage is NeedStage.CHECKED
    assert need(NeedReturned(reasons=("缺少指标",))).state(NEED).stage is NeedStage.RETURNED
    assert need(NeedChecked(), NeedPublished()).state(NEED).stage is NeedStage.PUBLISHED

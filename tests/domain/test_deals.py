"""Deals: opened by the stations that broker them, signed, completed or abandoned."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st
from pydantic import ValidationError
from scenario import Story, given, id_of

from domain.brokers import BrokerCertified, BrokerFact, BrokerReleased, BrokerSigned, BrokerSuspended
from domain.deals import (
    AbandonDeal,
    AmendDeal,
    CompleteDeal,
    Deal,
    DealAbandoned,
    DealAmended,
    DealCompleted,
    DealDetails,
    DealFact,
    DealOpened,
    DealSigned,
    DealStage,
    OpenDeal,
    SignDeal,
)
from domain.kernel.acting import Role
from domain.kernel.commands import Command
from domain.matches import MatchAccepted, MatchProposed
from domain.organisations import OrganisationDetails, OrganisationKind, OrganisationRecorded
from domain.reference.contracts import ContractClass
from domain.stations import StationFounded, StationOpened, Tier
from domain.values import Bilingual, Currency, Money

HERE, THERE = id_of("station", "here"), id_of("station", "there")
MILL, INSTITUTE = id_of("organisation", "mill"), id_of("organisation", "institute")
DEAL, BROKER, MATCH = id_of("deal"), id_of("broker"), id_of("match")


def yuan(amount: int, currency: Currency = Currency.CNY) -> Money:
    return Money(amount=Decimal(amount), currency=currency)


DETAILS = DealDetails(
    contract_class=ContractClass.LICENCE,
    title=Bilingual(zh="膜浓缩液处理工艺许可"),
    amount=yuan(900_000),
    technology_amount=yuan(600_000),
)
OPEN = OpenDeal(buyer_id=MILL, seller_id=INSTITUTE, station_ids=(HERE, THERE), details=DETAILS)
OPENED = DealOpened(buyer_id=MILL, seller_id=INSTITUTE, station_ids=(HERE, THERE), details=DETAILS)
SIGN = SignDeal(deal_id=DEAL, on=date(2026, 8, 1), amount=yuan(880_000), technology_amount=yuan(600_000))
SIGNED = DealSigned(on=SIGN.on, amount=SIGN.amount, technology_amount=SIGN.technology_amount)
PROPOSED = MatchProposed(
    station_id=HERE, answering_ids=(HERE,), need_id=id_of("need"), achievement_id=id_of("achievement")
)
CERTIFIED = BrokerCertified(
    station_id=HERE,
    person_id=id_of("person"),
    name="孙某",
    certificate="JJR-001",
    issuer="某技术市场协会",
    on=date(2025, 1, 1),
)
SIGNED_ON = BrokerSigned(station_id=HERE, since=date(2026, 1, 1))


def network() -> Story:
    story = given(MILL, organisation(OrganisationKind.ENTERPRISE))
    story = story.and_given(INSTITUTE, organisation(OrganisationKind.INSTITUTE))
    for station in (HERE, THERE):
        founded = StationFounded(tier=Tier.BASE, name=Bilingual(zh="站"), region="330600")
        story = story.and_given(station, founded, StationOpened(on=date(2026, 1, 1)))
    return story.acting(Role.ADVISER, at=HERE)


def organisation(kind: OrganisationKind) -> OrganisationRecorded:
    return OrganisationRecorded(station_id=HERE, details=OrganisationDetails(name=Bilingual(zh="某单位"), kind=kind))


def deal(*facts: DealFact) -> Story:
    return network().and_given(DEAL, OPENED, *facts)


def opening(**changes: Any) -> OpenDeal:
    return OPEN.model_copy(update=changes)


def test_stations_open_a_deal_between_two_organisations() -> None:
    told = network().when(OPEN)
    told.then(OPENED)
    told.then_reads(MILL, INSTITUTE, HERE, THERE)


def test_a_station_that_is_named_twice_brokered_once() -> None:
    network().when(opening(station_ids=(HERE, THERE, HERE))).then(OPENED)


def test_the_same_request_opens_one_deal() -> None:
    first = network().when(OPEN).then(OPENED)
    network().and_given(first.entity_id, OPENED).when(OPEN).then_refused("deal.exists")


def test_nobody_deals_with_themselves() -> None:
    network().when(opening(seller_id=MILL)).then_refused("deal.one_party")


@pytest.mark.parametrize("party", ["buyer_id", "seller_id"])
def test_both_parties_are_known(party: str) -> None:
    network().when(opening(**{party: id_of("organisation", "nobody")})).then_refused("organisation.unknown")


def test_at_least_one_station_brokers_a_deal() -> None:
    network().when(opening(station_ids=())).then_refused("deal.no_station")


def test_stations_that_broker_a_deal_exist_and_have_opened() -> None:
    unopened = id_of("station", "unopened")
    network().when(opening(station_ids=(HERE, unopened))).then_refused("station.unknown")
    story = network().and_given(unopened, StationFounded(tier=Tier.BASE, name=Bilingual(zh="站"), region="330600"))
    story.when(opening(station_ids=(HERE, unopened))).then_refused("station.not_open")


def test_a_match_that_is_named_has_been_accepted() -> None:
    command = opening(match_id=MATCH)
    network().when(command).then_refused("match.unknown")
    network().and_given(MATCH, PROPOSED).when(command).then_refused("deal.match_not_accepted")
    told = network().and_given(MATCH, PROPOSED, MatchAccepted()).when(command)
    told.then(OPENED.model_copy(update={"match_id": MATCH}))
    told.then_reads(MATCH)


def test_a_broker_works_for_one_of_the_stations_that_broker_the_deal() -> None:
    command = opening(broker_id=BROKER)
    network().when(command).then_refused("broker.unknown")
    told = network().and_given(BROKER, CERTIFIED, SIGNED_ON).when(command)
    told.then(OPENED.model_copy(update={"broker_id": BROKER}))
    told.then_reads(BROKER)


@pytest.mark.parametrize(
    "facts",
    [
        (),
        (BrokerSigned(station_id=id_of("station", "elsewhere"), since=date(2026, 1, 1)),),
        (BrokerSigned(station_id=HERE, since=date(2026, 8, 11)),),
        (BrokerSigned(station_id=HERE, since=date(2026, 1, 1), until=date(2026, 8, 9)),),
        (SIGNED_ON, BrokerSuspended(reason="投诉")),
        (SIGNED_ON, BrokerReleased(until=date(2026, 12, 31), reason="转岗")),
    ],
)
def test_a_broker_who_does_not_work_for_them_that_day_is_refused(facts: tuple[BrokerFact, ...]) -> None:
    story = network().and_given(BROKER, CERTIFIED, *facts)
    story.when(opening(broker_id=BROKER)).then_refused("deal.broker_not_signed")


@pytest.mark.parametrize(
    ("amount", "technology", "fits"),
    [
        (yuan(10), yuan(10), True),
        (yuan(10), None, True),
        (None, None, True),
        (yuan(10), yuan(11), False),
        (yuan(10), yuan(5, Currency.EUR), False),
        (None, yuan(5), False),
    ],
)
def test_what_pays_for_technology_is_part_of_the_whole(
    amount: Money | None, technology: Money | None, fits: bool
) -> None:
    details = DETAILS.model_copy(update={"amount": amount, "technology_amount": technology})
    told = network().when(opening(details=details))
    amended = deal().when(AmendDeal(deal_id=DEAL, details=details))
    if fits:
        told.then(OPENED.model_copy(update={"details": details}))
        amended.then(DealAmended(details=details))
    else:
        told.then_refused("deal.technology_amount")
        amended.then_refused("deal.technology_amount")


def test_negative_money_cannot_be_said() -> None:
    with pytest.raises(ValidationError):
        SignDeal(deal_id=DEAL, on=SIGN.on, amount=Money(amount=Decimal(-1)))


def test_an_amendment_that_changes_nothing_records_nothing() -> None:
    deal().when(AmendDeal(deal_id=DEAL, details=DETAILS)).then_nothing()


def test_a_deal_is_signed_over_an_amount() -> None:
    deal().when(SIGN).then(SIGNED)
    state: Deal = deal(SIGNED).state(DEAL)
    assert (state.stage, state.signed_on) == (DealStage.SIGNED, SIGN.on)
    assert (state.details.amount, state.details.technology_amount) == (SIGN.amount, SIGN.technology_amount)
    deal().when(SIGN.model_copy(update={"technology_amount": yuan(880_001)})).then_refused("deal.technology_amount")


def test_a_licence_is_signed_as_such_only_under_the_civil_code() -> None:
    deal().when(SIGN.model_copy(update={"on": date(2020, 12, 31)})).then_refused("contract_class.not_in_force")
    assert deal().when(SIGN.model_copy(update={"on": date(2021, 1, 1)})).refusal is None
    transfer = DETAILS.model_copy(update={"contract_class": ContractClass.TRANSFER})
    amended = deal(DealAmended(details=transfer))
    assert amended.when(SIGN.model_copy(update={"on": date(2020, 12, 31)})).refusal is None


@pytest.mark.parametrize("after", [SIGNED, DealAbandoned(reason="价格未谈成")])
def test_only_an_open_deal_is_amended_or_signed(after: DealFact) -> None:
    deal(after).when(AmendDeal(deal_id=DEAL, details=DETAILS)).then_refused("deal.not_open")
    deal(after).when(SIGN).then_refused("deal.not_open")


def test_a_signed_deal_is_completed_on_the_day_of_its_signature_or_later() -> None:
    complete = CompleteDeal(deal_id=DEAL, on=SIGN.on)
    deal(SIGNED).when(complete).then(DealCompleted(on=SIGN.on))
    deal(SIGNED).when(CompleteDeal(deal_id=DEAL, on=date(2026, 7, 31))).then_refused("deal.dates")
    deal().when(complete).then_refused("deal.not_signed")


def test_a_deal_is_abandoned_until_it_is_completed() -> None:
    abandon = AbandonDeal(deal_id=DEAL, reason="资金未到位")
    deal().when(abandon).then(DealAbandoned(reason="资金未到位"))
    deal(SIGNED).when(abandon).then(DealAbandoned(reason="资金未到位"))
    deal(SIGNED, DealCompleted(on=SIGN.on)).when(abandon).then_refused("deal.closed")
    deal(DealAbandoned(reason="资金未到位")).when(abandon).then_refused("deal.closed")


def test_only_the_stations_that_brokered_a_deal_act_on_it() -> None:
    elsewhere = deal().acting(Role.ADVISER, at=id_of("station", "elsewhere"))
    commands: tuple[Command, ...] = (OPEN, SIGN, AmendDeal(deal_id=DEAL, details=DETAILS))
    for command in commands:
        elsewhere.when(command).then_refused("authority.station")
        deal().acting(Role.AUDITOR, at=HERE).when(command).then_refused("authority.role")
    deal().acting(Role.ADVISER, at=THERE).when(SIGN).then(SIGNED)


COMMANDS: tuple[Command, ...] = (
    AmendDeal(deal_id=DEAL, details=DETAILS),
    AmendDeal(deal_id=DEAL, details=DETAILS.model_copy(update={"amount": yuan(700_000)})),
    SIGN,
    CompleteDeal(deal_id=DEAL, on=date(2026, 8, 9)),
    AbandonDeal(deal_id=DEAL, reason="资金未到位"),
)
LEADS_TO = {
    DealStage.OPEN: {DealStage.SIGNED, DealStage.ABANDONED},
    DealStage.SIGNED: {DealStage.COMPLETED, DealStage.ABANDONED},
    DealStage.COMPLETED: set(),
    DealStage.ABANDONED: set(),
}


@given_any(st.lists(st.sampled_from(COMMANDS), max_size=8))
def test_whatever_is_asked_a_deal_goes_only_where_its_stage_leads(commands: list[Command]) -> None:
    story = deal()
    for command in commands:
        before: Deal = story.state(DEAL)
        told = story.when(command)
        if told.proposal is not None:
            story = story.and_given(DEAL, *(each.fact for each in told.proposal.facts))
        after: Deal = story.state(DEAL)
        assert after.stage is before.stage or after.stage in LEADS_TO[before.stage]
        assert before.stage is DealStage.OPEN or after.details == before.details

"""Deals (技术交易): what a buyer and a seller agree on, and the stations that brought it about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.brokers import Broker, BrokerStage
from domain.kernel.acting import Acting
from domain.kernel.commands import Command
from domain.kernel.deciding import Slice
from domain.kernel.facts import Fact, Value
from domain.kernel.fields import Line
from domain.kernel.refusals import Refusal, ensure
from domain.matches import Match, MatchStage
from domain.organisations import Organisation
from domain.reference.contracts import ContractClass, ensure_contract_class
from domain.references import BrokerId, DealId, MatchId, OrganisationId, StationId
from domain.stations import Station
from domain.values import Bilingual, Money


class DealStage(StrEnum):
    OPEN = "open"
    SIGNED = "signed"
    COMPLETED = "completed"
    ABANDONED = "abandoned"


class DealDetails(Value):
    """What is negotiated; it may be corrected until the contract is signed."""

    contract_class: ContractClass
    title: Bilingual
    amount: Money | None = None
    """合同成交金额"""
    technology_amount: Money | None = None
    """技术交易额: the part of it that pays for technology."""


# -- facts -------------------------------------------------------------------


class DealOpened(Fact, topic="deal.opened"):
    """Buyer and seller negotiate, brought together by these stations."""

    buyer_id: OrganisationId
    seller_id: OrganisationId
    station_ids: tuple[StationId, ...]
    details: DealDetails
    broker_id: BrokerId | None = None
    match_id: MatchId | None = None


class DealAmended(Fact, topic="deal.amended"):
    """What is negotiated is now this."""

    details: DealDetails


class DealSigned(Fact, topic="deal.signed"):
    """The contract was signed on this day, over this amount."""

    on: date
    amount: Money
    technology_amount: Money | None = None


class DealCompleted(Fact, topic="deal.completed"):
    """Both sides have done what they agreed on."""

    on: date


class DealAbandoned(Fact, topic="deal.abandoned"):
    """Nothing comes of it, or nothing more."""

    reason: Line


DealFact: TypeAlias = DealOpened | DealAmended | DealSigned | DealCompleted | DealAbandoned


# -- state -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Deal:
    buyer_id: str
    seller_id: str
    answering: frozenset[str]
    """The stations that brokered it."""
    details: DealDetails
    stage: DealStage = DealStage.OPEN
    signed_on: date | None = None


def evolve(deal: Deal | None, fact: DealFact) -> Deal:
    if isinstance(fact, DealOpened):
        return Deal(fact.buyer_id, fact.seller_id, frozenset(fact.station_ids), fact.details)
    assert deal is not None, "history starts with DealOpened"
    match fact:
        case DealAmended(details=details):
            return replace(deal, details=details)
        case DealSigned(on=on, amount=amount, technology_amount=technology):
            signed = deal.details.model_copy(update={"amount": amount, "technology_amount": technology})
            return replace(deal, details=signed, stage=DealStage.SIGNED, signed_on=on)
        case DealCompleted():
            return replace(deal, stage=DealStage.COMPLETED)
        case DealAbandoned():
            return replace(deal, stage=DealStage.ABANDONED)
        case _:
            assert_never(fact)


# -- decisions ---------------------------------------------------------------


class OpenDeal(Command):
    buyer_id: OrganisationId
    seller_id: OrganisationId
    station_ids: tuple[StationId, ...]
    details: DealDetails
    broker_id: BrokerId | None = None
    match_id: MatchId | None = None

    @property
    def answering(self) -> frozenset[str]:
        return frozenset(self.station_ids)


class AmendDeal(Command):
    deal_id: DealId
    details: DealDetails


class SignDeal(Command):
    deal_id: DealId
    on: date
    amount: Money
    technology_amount: Money | None = None


class CompleteDeal(Command):
    deal_id: DealId
    on: date


class AbandonDeal(Command):
    deal_id: DealId
    reason: Line


def open_(
    deal: Deal | None,
    buyer: Organisation,
    seller: Organisation,
    stations: Mapping[str, Station],
    broker: Broker | None,
    match: Match | None,
    command: OpenDeal,
    acting: Acting,
) -> DealOpened:
    """Open stations, at least one, open a deal between two organisations; a match that is named was accepted."""
    ensure(deal is None, "deal.exists", "the deal is open already; amend it")
    ensure(command.buyer_id != command.seller_id, "deal.one_party", "takes a seller other than the buyer")
    ensure(bool(stations), "deal.no_station", "takes at least one station that brokered it")
    for id, station in stations.items():
        ensure(station.opened_on is not None, "station.not_open", f"takes stations that have opened; {id} has not")
    ensure(command.match_id is None or match is not None, "match.unknown", f"there is no match {command.match_id}")
    ensure(
        match is None or match.stage is MatchStage.ACCEPTED,
        "deal.match_not_accepted",
        "takes a match that has been accepted",
    )
    ensure(command.broker_id is None or broker is not None, "broker.unknown", f"there is no broker {command.broker_id}")
    ensure(
        broker is None or signed_for(broker, command.answering, acting.day),
        "deal.broker_not_signed",
        "takes a broker who works in the name of one of the stations that brokered it",
    )
    ensure_details(command.details, acting.day)
    return DealOpened(**{**dict(command), "station_ids": tuple(stations)})


def amend(deal: Deal, command: AmendDeal, acting: Acting) -> DealAmended | tuple[()]:
    """What is negotiated may change until it is signed."""
    ensure_open(deal)
    ensure_details(command.details, acting.day)
    return DealAmended(details=command.details) if command.details != deal.details else ()


def sign(deal: Deal, command: SignDeal) -> DealSigned:
    """An open deal is signed over an amount, as a contract of a class that the law of that day knows."""
    ensure_open(deal)
    ensure_contract_class(deal.details.contract_class, command.on)
    ensure_amounts(command.amount, command.technology_amount)
    return DealSigned(on=command.on, amount=command.amount, technology_amount=command.technology_amount)


def complete(deal: Deal, command: CompleteDeal) -> DealCompleted:
    """What was signed is completed, on the day of signature or later."""
    if deal.stage is not DealStage.SIGNED or deal.signed_on is None:
        raise Refusal("deal.not_signed", f"completing takes a signed deal; this one is {deal.stage}")
    ensure(
        command.on >= deal.signed_on,
        "deal.dates",
        f"takes a day that is not before the signature on {deal.signed_on}",
    )
    return DealCompleted(on=command.on)


def abandon(deal: Deal, command: AbandonDeal) -> DealAbandoned:
    """A deal may be abandoned until it is completed."""
    ensure(
        deal.stage in (DealStage.OPEN, DealStage.SIGNED),
        "deal.closed",
        f"the deal is {deal.stage}; abandoning takes an open or signed one",
    )
    return DealAbandoned(reason=command.reason)


def signed_for(broker: Broker, station_ids: frozenset[str], on: date) -> bool:
    """Whether the broker works in the name of one of these stations on that day."""
    contract = broker.contract
    return (
        broker.stage is BrokerStage.SIGNED
        and contract is not None
        and contract.station_id in station_ids
        and contract.since <= on
        and not contract.over_before(on)
    )


def ensure_open(deal: Deal) -> None:
    """The contract is still being negotiated."""
    ensure(deal.stage is DealStage.OPEN, "deal.not_open", f"takes an open deal; this one is {deal.stage}")


def ensure_details(details: DealDetails, on: date) -> None:
    """The law of the day knows the class, and the amounts fit each other."""
    ensure_contract_class(details.contract_class, on)
    ensure_amounts(details.amount, details.technology_amount)


def ensure_amounts(amount: Money | None, technology: Money | None) -> None:
    """What pays for technology is part of the whole amount, in the same currency."""
    if technology is None:
        return
    ensure(
        amount is not None and technology.currency is amount.currency and technology.amount <= amount.amount,
        "deal.technology_amount",
        f"takes an amount for technology within {amount.amount} {amount.currency}" if amount else "takes an amount too",
    )


SLICE = Slice(
    "deal",
    Deal,
    (DealOpened, DealAmended, DealSigned, DealCompleted, DealAbandoned),
    evolve,
    (open_, amend, sign, complete, abandon),
)

"""Brokers (技术经纪人): certified people who bring technology deals about, in the name of one station at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.kernel.acting import Acting
from domain.kernel.authority import entitle
from domain.kernel.commands import Command
from domain.kernel.deciding import Slice
from domain.kernel.facts import Fact
from domain.kernel.fields import KeptLine, Line, PersonalText
from domain.kernel.refusals import Refusal, ensure
from domain.references import BrokerId, PersonId, StationId
from domain.stations import Station


class BrokerStage(StrEnum):
    CERTIFIED = "certified"
    """Holds a certificate, and has never been signed."""
    SIGNED = "signed"
    """Works in the name of a station (签约)."""
    SUSPENDED = "suspended"
    """Still signed, and does not work for the time being."""
    ENDED = "ended"
    """Was released; another station may sign."""


# -- facts -------------------------------------------------------------------


class BrokerCertified(Fact, topic="broker.certified"):
    """A station wrote the person down as a broker, with the certificate and the day of its issue."""

    station_id: StationId
    person_id: PersonId
    name: PersonalText
    certificate: PersonalText
    issuer: Line
    on: date


class BrokerAmended(Fact, topic="broker.amended"):
    """The certificate was issued by this body on this day; a name or number that is not given stays what it was."""

    person_id: PersonId
    issuer: Line
    on: date
    name: PersonalText | None = None
    certificate: PersonalText | None = None


class BrokerSigned(Fact, topic="broker.signed"):
    """The broker works in the station's name from a day on, and until a day if one is given (that day included)."""

    station_id: StationId
    since: date
    until: date | None = None


class BrokerSuspended(Fact, topic="broker.suspended"):
    """The broker does not work for the time being; the contract stands."""

    reason: KeptLine


class BrokerResumed(Fact, topic="broker.resumed"):
    """The broker works again."""


class BrokerReleased(Fact, topic="broker.released"):
    """The contract ends with this day: it is the last on which it holds."""

    until: date
    reason: KeptLine


BrokerFact: TypeAlias = (
    BrokerCertified | BrokerAmended | BrokerSigned | BrokerSuspended | BrokerResumed | BrokerReleased
)


# -- state -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Contract:
    """What binds a broker to a station, from a day until a day, both included."""

    station_id: str
    since: date
    until: date | None

    def over_before(self, day: date) -> bool:
        return self.until is not None and self.until < day


@dataclass(frozen=True, slots=True)
class Broker:
    person_id: str
    recorded_by: str
    issuer: str
    certified_on: date
    stage: BrokerStage = BrokerStage.CERTIFIED
    contract: Contract | None = None
    """The latest one, also when it is over."""

    @property
    def bound(self) -> Contract | None:
        """The contract from which nobody has released the broker yet."""
        return self.contract if self.stage in (BrokerStage.SIGNED, BrokerStage.SUSPENDED) else None


def evolve(broker: Broker | None, fact: BrokerFact) -> Broker:
    if isinstance(fact, BrokerCertified):
        return Broker(fact.person_id, fact.station_id, fact.issuer, fact.on)
    assert broker is not None, "history starts with BrokerCertified"
    match fact:
        case BrokerAmended(issuer=issuer, on=on):
            return replace(broker, issuer=issuer, certified_on=on)
        case BrokerSigned(station_id=station, since=since, until=until):
            return replace(broker, stage=BrokerStage.SIGNED, contract=Contract(station, since, until))
        case BrokerSuspended():
            return replace(broker, stage=BrokerStage.SUSPENDED)
        case BrokerResumed():
            return replace(broker, stage=BrokerStage.SIGNED)
        case BrokerReleased(until=until):
            assert broker.contract is not None, "who is released was signed"
            return replace(broker, stage=BrokerStage.ENDED, contract=replace(broker.contract, until=until))
        case _:
            assert_never(fact)


# -- decisions ---------------------------------------------------------------


class CertifyBroker(Command):
    station_id: StationId
    person_id: PersonId
    name: PersonalText
    certificate: PersonalText
    issuer: Line
    on: date

    def derives_from(self) -> tuple[str, ...]:
        return (self.person_id,)


class AmendBroker(Command):
    broker_id: BrokerId
    issuer: Line
    on: date
    name: PersonalText | None = None
    certificate: PersonalText | None = None


class SignBroker(Command):
    broker_id: BrokerId
    station_id: StationId
    since: date
    until: date | None = None


class SuspendBroker(Command):
    broker_id: BrokerId
    reason: Line


class ResumeBroker(Command):
    broker_id: BrokerId


class ReleaseBroker(Command):
    broker_id: BrokerId
    until: date
    reason: Line


def certify(broker: Broker | None, station: Station, command: CertifyBroker, acting: Acting) -> BrokerCertified:
    """An open station records a person's certificate once."""
    entitle(acting, command, (command.station_id,))
    ensure(broker is None, "broker.exists", "the broker is recorded already; amend what is known")
    ensure(station.opened_on is not None, "station.not_open", "takes a station that has opened")
    return BrokerCertified(**dict(command))


def amend(broker: Broker, command: AmendBroker, acting: Acting) -> BrokerAmended | tuple[()]:
    """The station that recorded a broker and the one that has signed the broker correct what is known."""
    entitle(acting, command, {broker.recorded_by, *((broker.bound.station_id,) if broker.bound else ())})
    changes = (command.issuer, command.on) != (broker.issuer, broker.certified_on)
    if not changes and command.name is None and command.certificate is None:
        return ()
    given = {name: value for name, value in command if name != "broker_id"}
    return BrokerAmended(person_id=broker.person_id, **given)


def sign(broker: Broker, station: Station, command: SignBroker, acting: Acting) -> BrokerSigned:
    """A broker works in the name of one open station at a time; the next contract begins when the last is over."""
    entitle(acting, command, (command.station_id,))
    ensure(station.opened_on is not None, "station.not_open", "takes a station that has opened")
    ensure(
        command.until is None or command.since <= command.until,
        "broker.dates",
        f"takes an end that is not before {command.since}",
    )
    bound, latest = broker.bound, broker.contract
    if bound and not (broker.stage is BrokerStage.SIGNED and bound.over_before(acting.day)):
        raise Refusal(
            "broker.signed",
            f"the broker is {broker.stage} at {bound.station_id}; takes one whom it released or whose contract is over",
        )
    if latest and not latest.over_before(command.since):
        raise Refusal(
            "broker.overlap",
            f"the contract with {latest.station_id} holds until {latest.until}; takes a later day",
        )
    return BrokerSigned(station_id=command.station_id, since=command.since, until=command.until)


def suspend(broker: Broker, command: SuspendBroker, acting: Acting) -> BrokerSuspended:
    """The station that signed a broker may suspend the broker's work, with a reason."""
    entitle(acting, command, (binding(broker).station_id,))
    ensure(broker.stage is BrokerStage.SIGNED, "broker.suspended", "the broker is suspended already")
    return BrokerSuspended(reason=command.reason)


def resume(broker: Broker, command: ResumeBroker, acting: Acting) -> BrokerResumed:
    """The station that suspended a broker lets the broker work again."""
    entitle(acting, command, (binding(broker).station_id,))
    ensure(broker.stage is BrokerStage.SUSPENDED, "broker.not_suspended", "takes a broker who is suspended")
    return BrokerResumed()


def release(broker: Broker, command: ReleaseBroker, acting: Acting) -> BrokerReleased:
    """Only the station that signed a broker releases the broker, within the term of the contract."""
    contract = binding(broker)
    entitle(acting, command, (contract.station_id,))
    ensure(
        contract.since <= command.until and not contract.over_before(command.until),
        "broker.dates",
        f"takes a last day from {contract.since} to {contract.until or 'any later one'}",
    )
    return BrokerReleased(until=command.until, reason=command.reason)


def binding(broker: Broker) -> Contract:
    """The contract that binds the broker; a broker without one is refused."""
    if broker.bound is None:
        raise Refusal("broker.not_signed", f"takes a broker whom a station has signed; this one is {broker.stage}")
    return broker.bound


SLICE = Slice(
    "broker",
    Broker,
    (BrokerCertified, BrokerAmended, BrokerSigned, BrokerSuspended, BrokerResumed, BrokerReleased),
    evolve,
    (certify, amend, sign, suspend, resume, release),
)

"""Needs (技术需求): what an enterprise looks for, from the station that wrote it down to its solution."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.kernel.commands import Command
from domain.kernel.deciding import Slice
from domain.kernel.facts import Fact, Value
from domain.kernel.fields import Line, Prose
from domain.kernel.refusals import ensure
from domain.organisations import Organisation
from domain.reference.checks import ensure_country
from domain.reference.fields import TechnologyField
from domain.references import NeedId, OrganisationId, StationId
from domain.stations import Station
from domain.values import Bilingual, Contact, CountryCode, Money, Source


class NeedStage(StrEnum):
    RECORDED = "recorded"
    RETURNED = "returned"
    CHECKED = "checked"
    PUBLISHED = "published"
    SOLVED = "solved"
    WITHDRAWN = "withdrawn"


class CooperationMode(StrEnum):
    """How the enterprise would work with who answers (合作方式)."""

    INTRODUCE = "introduce"
    """成果引进"""
    JOINT_RESEARCH = "joint_research"
    """联合研发"""
    COMMISSION = "commission"
    """委托研发"""
    OTHER = "other"


class NeedDetails(Value):
    """What is needed; it may be corrected until the need is closed."""

    title: Bilingual
    description: Bilingual | None = None
    goal: Prose | None = None
    fields: tuple[TechnologyField, ...] = ()
    keywords: tuple[Line, ...] = ()
    mode: CooperationMode = CooperationMode.OTHER
    budget: Money | None = None
    countries: tuple[CountryCode, ...] = ()
    """Where an answer may come from; empty is anywhere."""


# -- facts -------------------------------------------------------------------


class NeedRecorded(Fact, topic="need.recorded"):
    """A station wrote down what an organisation told it."""

    station_id: StationId
    organisation_id: OrganisationId
    details: NeedDetails
    contact: Contact | None = None
    source: Source | None = None


class NeedAmended(Fact, topic="need.amended"):
    """What is needed is now this; a contact that is not named stays who it was."""

    details: NeedDetails
    contact: Contact | None = None


class NeedChecked(Fact, topic="need.checked"):
    """The technical check (部门审核) found it sound."""


class NeedReturned(Fact, topic="need.returned"):
    """The check found gaps; the station may correct and hand it in again."""

    reasons: tuple[Line, ...]


class NeedPublished(Fact, topic="need.published"):
    """The need is visible to the whole network."""


class NeedSolved(Fact, topic="need.solved"):
    """The organisation has what it needed."""


class NeedWithdrawn(Fact, topic="need.withdrawn"):
    """The organisation needs it no longer, or no longer through the network."""

    reason: Line


NeedFact: TypeAlias = (
    NeedRecorded | NeedAmended | NeedChecked | NeedReturned | NeedPublished | NeedSolved | NeedWithdrawn
)


# -- state -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Need:
    station_id: str
    organisation_id: str
    details: NeedDetails
    stage: NeedStage = NeedStage.RECORDED
    contact: Contact | None = None

    @property
    def closed(self) -> bool:
        return self.stage in (NeedStage.SOLVED, NeedStage.WITHDRAWN)


def evolve(need: Need | None, fact: NeedFact) -> Need:
    if isinstance(fact, NeedRecorded):
        return Need(fact.station_id, fact.organisation_id, fact.details, contact=fact.contact)
    assert need is not None, "history starts with NeedRecorded"
    match fact:
        case NeedAmended(details=details, contact=contact):
            return replace(need, details=details, contact=contact or need.contact)
        case NeedChecked():
            return replace(need, stage=NeedStage.CHECKED)
        case NeedReturned():
            return replace(need, stage=NeedStage.RETURNED)
        case NeedPublished():
            return replace(need, stage=NeedStage.PUBLISHED)
        case NeedSolved():
            return replace(need, stage=NeedStage.SOLVED)
        case NeedWithdrawn():
            return replace(need, stage=NeedStage.WITHDRAWN)
        case _:
            assert_never(fact)


# -- decisions ---------------------------------------------------------------


class RecordNeed(Command):
    station_id: StationId
    organisation_id: OrganisationId
    details: NeedDetails
    contact: Contact | None = None
    source: Source | None = None

    def derives_from(self) -> tuple[str, ...]:
        return (self.source.system, self.source.reference) if self.source else ()


class AmendNeed(Command):
    need_id: NeedId
    details: NeedDetails
    contact: Contact | None = None


class CheckNeed(Command):
    need_id: NeedId


class ReturnNeed(Command):
    need_id: NeedId
    reasons: tuple[Line, ...]


class PublishNeed(Command):
    need_id: NeedId


class SolveNeed(Command):
    need_id: NeedId


class WithdrawNeed(Command):
    need_id: NeedId
    reason: Line


def record(need: Need | None, station: Station, organisation: Organisation, command: RecordNeed) -> NeedRecorded:
    """An open station records a need once, for an organisation that the network knows."""
    ensure(need is None, "need.exists", "the need is recorded already; amend it")
    ensure(station.opened_on is not None, "station.not_open", "takes a station that has opened")
    ensure_details(command.details)
    return NeedRecorded(**dict(command))


def amend(need: Need, command: AmendNeed) -> NeedAmended | tuple[()]:
    """An open need may be corrected; what changes nothing records nothing."""
    ensure(not need.closed, "need.closed", f"the need is {need.stage}; takes one that is not solved or withdrawn")
    ensure_details(command.details)
    changes = command.details != need.details or command.contact is not None
    return NeedAmended(details=command.details, contact=command.contact) if changes else ()


def check(need: Need, command: CheckNeed) -> NeedChecked:
    """What was recorded, or returned and corrected, is checked before the network sees it."""
    ensure(
        need.stage in (NeedStage.RECORDED, NeedStage.RETURNED),
        "need.not_open_to_check",
        f"the check takes a recorded or returned need; this one is {need.stage}",
    )
    return NeedChecked()


def return_(need: Need, command: ReturnNeed) -> NeedReturned:
    """A need is returned with reasons, so that the station knows what to mend."""
    ensure(
        need.stage in (NeedStage.RECORDED, NeedStage.CHECKED),
        "need.not_open_to_return",
        f"returning takes a recorded or checked need; this one is {need.stage}",
    )
    ensure(bool(command.reasons), "need.no_reason", "returning takes at least one reason")
    return NeedReturned(reasons=command.reasons)


def publish(need: Need, command: PublishNeed) -> NeedPublished:
    """Only what passed its technical check is shown to the network."""
    ensure(
        need.stage is NeedStage.CHECKED,
        "need.not_checked",
        f"publishing takes a checked need; this one is {need.stage}",
    )
    return NeedPublished()


def solve(need: Need, command: SolveNeed) -> NeedSolved:
    """What the network saw can be solved."""
    ensure(
        need.stage is NeedStage.PUBLISHED,
        "need.not_published",
        f"solving takes a published need; this one is {need.stage}",
    )
    return NeedSolved()


def withdraw(need: Need, command: WithdrawNeed) -> NeedWithdrawn:
    """An open need may be withdrawn at any time."""
    ensure(not need.closed, "need.closed", f"the need is {need.stage} already")
    return NeedWithdrawn(reason=command.reason)


def ensure_details(details: NeedDetails) -> None:
    """The countries that an answer may come from exist."""
    for code in details.countries:
        ensure_country(code)


SLICE = Slice(
    "need",
    Need,
    (NeedRecorded, NeedAmended, NeedChecked, NeedReturned, NeedPublished, NeedSolved, NeedWithdrawn),
    evolve,
    (record, amend, check, return_, publish, solve, withdraw),
)

"""Cooperation (站点合作): one station asks another to work with it, about a need, an achievement, or at large."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.achievements import Achievement
from domain.kernel.acting import Acting
from domain.kernel.authority import entitle
from domain.kernel.commands import Command
from domain.kernel.deciding import Slice
from domain.kernel.facts import Fact
from domain.kernel.fields import Line, Prose
from domain.kernel.refusals import ensure
from domain.needs import Need
from domain.references import AchievementId, CooperationId, NeedId, StationId
from domain.stations import Station


class CooperationStage(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CLOSED = "closed"


class CooperationOutcome(StrEnum):
    """What came of working together."""

    SUCCEEDED = "succeeded"
    """It did what it was asked for."""
    PARTLY = "partly"
    """It did some of it."""
    FAILED = "failed"
    """It came to nothing."""


# -- facts -------------------------------------------------------------------


class CooperationAsked(Fact, topic="cooperation.asked"):
    """A station asked another one to work with it, and said what for."""

    station_id: StationId
    asked_id: StationId
    purpose: Prose
    need_id: NeedId | None = None
    achievement_id: AchievementId | None = None


class CooperationAccepted(Fact, topic="cooperation.accepted"):
    """The asked station agreed: the two work together."""


class CooperationDeclined(Fact, topic="cooperation.declined"):
    """The asked station will not."""

    reason: Line


class CooperationClosed(Fact, topic="cooperation.closed"):
    """The two stations are done with it."""

    outcome: CooperationOutcome
    remark: Prose | None = None


CooperationFact: TypeAlias = CooperationAsked | CooperationAccepted | CooperationDeclined | CooperationClosed


# -- state -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cooperation:
    asking: str
    asked: str
    stage: CooperationStage = CooperationStage.ASKED

    @property
    def answering(self) -> frozenset[str]:
        """Both stations answer for it; what only the asked one may do is checked besides."""
        return frozenset({self.asking, self.asked})


def evolve(cooperation: Cooperation | None, fact: CooperationFact) -> Cooperation:
    if isinstance(fact, CooperationAsked):
        return Cooperation(fact.station_id, fact.asked_id)
    assert cooperation is not None, "history starts with CooperationAsked"
    match fact:
        case CooperationAccepted():
            return replace(cooperation, stage=CooperationStage.ACCEPTED)
        case CooperationDeclined():
            return replace(cooperation, stage=CooperationStage.DECLINED)
        case CooperationClosed():
            return replace(cooperation, stage=CooperationStage.CLOSED)
        case _:
            assert_never(fact)


# -- decisions ---------------------------------------------------------------


class AskCooperation(Command):
    station_id: StationId
    asked_id: StationId
    purpose: Prose
    need_id: NeedId | None = None
    achievement_id: AchievementId | None = None


class AcceptCooperation(Command):
    cooperation_id: CooperationId


class DeclineCooperation(Command):
    cooperation_id: CooperationId
    reason: Line


class CloseCooperation(Command):
    cooperation_id: CooperationId
    outcome: CooperationOutcome
    remark: Prose | None = None


def ask(
    cooperation: Cooperation | None,
    station: Station,
    asked: Station,
    need: Need | None,
    achievement: Achievement | None,
    command: AskCooperation,
) -> CooperationAsked:
    """An open station asks another open one; what they are to work on, if anything is named, exists."""
    ensure(cooperation is None, "cooperation.exists", "this was asked already")
    ensure(command.station_id != command.asked_id, "cooperation.with_itself", "takes another station to ask")
    ensure(
        station.opened_on is not None and asked.opened_on is not None,
        "station.not_open",
        "takes two stations that have opened",
    )
    ensure(
        command.need_id is None or command.achievement_id is None,
        "cooperation.two_subjects",
        "takes a need or an achievement or neither, not both",
    )
    ensure(command.need_id is None or need is not None, "need.unknown", f"there is no need {command.need_id}")
    ensure(
        command.achievement_id is None or achievement is not None,
        "achievement.unknown",
        f"there is no achievement {command.achievement_id}",
    )
    return CooperationAsked(**dict(command))


def accept(cooperation: Cooperation, command: AcceptCooperation, acting: Acting) -> CooperationAccepted:
    """Only the station that was asked can agree, once."""
    entitle(acting, command, (cooperation.asked,))
    ensure_unanswered(cooperation)
    return CooperationAccepted()


def decline(cooperation: Cooperation, command: DeclineCooperation, acting: Acting) -> CooperationDeclined:
    """Only the station that was asked can decline, once, and says why."""
    entitle(acting, command, (cooperation.asked,))
    ensure_unanswered(cooperation)
    return CooperationDeclined(reason=command.reason)


def close(cooperation: Cooperation, command: CloseCooperation) -> CooperationClosed:
    """Either of the two stations closes what they work on together, with what came of it."""
    ensure(
        cooperation.stage is CooperationStage.ACCEPTED,
        "cooperation.not_accepted",
        f"closing takes a cooperation that was accepted; this one is {cooperation.stage}",
    )
    return CooperationClosed(outcome=command.outcome, remark=command.remark)


def ensure_unanswered(cooperation: Cooperation) -> None:
    """The asked station has said neither yes nor no yet."""
    ensure(
        cooperation.stage is CooperationStage.ASKED,
        "cooperation.answered",
        f"takes a cooperation that was asked and not answered; this one is {cooperation.stage}",
    )


SLICE = Slice(
    "cooperation",
    Cooperation,
    (CooperationAsked, CooperationAccepted, CooperationDeclined, CooperationClosed),
    evolve,
    (ask, accept, decline, close),
)

"""Achievements (科技成果): results of research that look for a use, from their registration to their transfer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.achievement_details import AchievementDetails, ensure_details
from domain.kernel.acting import Acting
from domain.kernel.authority import entitle
from domain.kernel.commands import Command
from domain.kernel.deciding import Slice
from domain.kernel.facts import Fact
from domain.kernel.fields import Line
from domain.kernel.refusals import ensure
from domain.organisations import Organisation
from domain.reference.achievements import Secrecy
from domain.references import AchievementId, OrganisationId, StationId
from domain.stations import NATIONAL_STATION, Station
from domain.values import Contact, Source


class AchievementStage(StrEnum):
    REGISTERED = "registered"
    DEFERRED = "deferred"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    PUBLISHED = "published"
    TRANSFERRED = "transferred"
    WITHDRAWN = "withdrawn"


class ScreeningResult(StrEnum):
    """What the national station finds when it screens (筛选) an achievement."""

    ACCEPT = "accept"
    DEFER = "defer"
    REFUSE = "refuse"


SCREENED = {
    ScreeningResult.ACCEPT: AchievementStage.ACCEPTED,
    ScreeningResult.DEFER: AchievementStage.DEFERRED,
    ScreeningResult.REFUSE: AchievementStage.REFUSED,
}


# -- facts -------------------------------------------------------------------


class AchievementRegistered(Fact, topic="achievement.registered"):
    """A station entered what an organisation (成果完成单位) has achieved."""

    station_id: StationId
    organisation_id: OrganisationId
    details: AchievementDetails
    contact: Contact | None = None
    source: Source | None = None


class AchievementAmended(Fact, topic="achievement.amended"):
    """What was achieved is now this; a contact that is not named stays who it was."""

    details: AchievementDetails
    contact: Contact | None = None


class AchievementScreened(Fact, topic="achievement.screened"):
    """The national station judged whether the network takes it on."""

    result: ScreeningResult
    reasons: tuple[Line, ...] = ()


class AchievementPublished(Fact, topic="achievement.published"):
    """The achievement is visible to the whole network and abroad."""


class AchievementTransferred(Fact, topic="achievement.transferred"):
    """Somebody has taken it into use."""


class AchievementWithdrawn(Fact, topic="achievement.withdrawn"):
    """The organisation offers it no longer, or no longer through the network."""

    reason: Line


AchievementFact: TypeAlias = (
    AchievementRegistered
    | AchievementAmended
    | AchievementScreened
    | AchievementPublished
    | AchievementTransferred
    | AchievementWithdrawn
)


# -- state -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Achievement:
    station_id: str
    organisation_id: str
    details: AchievementDetails
    stage: AchievementStage = AchievementStage.REGISTERED
    contact: Contact | None = None

    @property
    def answering(self) -> frozenset[str]:
        """The station that registered it, and the national one, which screens it."""
        return frozenset({self.station_id, NATIONAL_STATION})

    @property
    def confined(self) -> bool:
        """Whether only those who answer for it see it: what is not open."""
        return self.details.secrecy is not Secrecy.OPEN

    @property
    def closed(self) -> bool:
        return self.stage in (AchievementStage.REFUSED, AchievementStage.TRANSFERRED, AchievementStage.WITHDRAWN)


def evolve(achievement: Achievement | None, fact: AchievementFact) -> Achievement:
    if isinstance(fact, AchievementRegistered):
        return Achievement(fact.station_id, fact.organisation_id, fact.details, contact=fact.contact)
    assert achievement is not None, "history starts with AchievementRegistered"
    match fact:
        case AchievementAmended(details=details, contact=contact):
            return replace(achievement, details=details, contact=contact or achievement.contact)
        case AchievementScreened(result=result):
            return replace(achievement, stage=SCREENED[result])
        case AchievementPublished():
            return replace(achievement, stage=AchievementStage.PUBLISHED)
        case AchievementTransferred():
            return replace(achievement, stage=AchievementStage.TRANSFERRED)
        case AchievementWithdrawn():
            return replace(achievement, stage=AchievementStage.WITHDRAWN)
        case _:
            assert_never(fact)


# -- decisions ---------------------------------------------------------------


class RegisterAchievement(Command):
    station_id: StationId
    organisation_id: OrganisationId
    details: AchievementDetails
    contact: Contact | None = None
    source: Source | None = None

    def derives_from(self) -> tuple[str, ...]:
        return (self.source.system, self.source.reference) if self.source else ()


class AmendAchievement(Command):
    achievement_id: AchievementId
    details: AchievementDetails
    contact: Contact | None = None


class ScreenAchievement(Command):
    achievement_id: AchievementId
    result: ScreeningResult
    reasons: tuple[Line, ...] = ()


class PublishAchievement(Command):
    achievement_id: AchievementId


class TransferAchievement(Command):
    achievement_id: AchievementId


class WithdrawAchievement(Command):
    achievement_id: AchievementId
    reason: Line


def register(
    achievement: Achievement | None, station: Station, organisation: Organisation, command: RegisterAchievement
) -> AchievementRegistered:
    """An open station registers an achievement once, for an organisation that the network knows."""
    ensure(achievement is None, "achievement.exists", "the achievement is registered already; amend it")
    ensure(station.opened_on is not None, "station.not_open", "takes a station that has opened")
    ensure_details(command.details)
    return AchievementRegistered(**dict(command))


def amend(achievement: Achievement, acting: Acting, command: AmendAchievement) -> AchievementAmended | tuple[()]:
    """Its station corrects it while it is not closed. What has been published stays open: it is withdrawn first."""
    entitle(acting, command, (achievement.station_id,))
    ensure_not_closed(achievement)
    ensure_details(command.details)
    ensure(
        achievement.stage is not AchievementStage.PUBLISHED or command.details.secrecy is Secrecy.OPEN,
        "achievement.published_is_open",
        "the network has seen it: it stays open, or it is withdrawn",
    )
    changes = command.details != achievement.details or command.contact is not None
    return AchievementAmended(details=command.details, contact=command.contact) if changes else ()


def screen(achievement: Achievement, acting: Acting, command: ScreenAchievement) -> AchievementScreened:
    """The national station judges what was registered, or deferred before, and says why it does not accept."""
    entitle(acting, command, (NATIONAL_STATION,))
    ensure(
        achievement.stage in (AchievementStage.REGISTERED, AchievementStage.DEFERRED),
        "achievement.not_open_to_screening",
        f"screening takes a registered or deferred achievement; this one is {achievement.stage}",
    )
    ensure(
        command.result is ScreeningResult.ACCEPT or bool(command.reasons),
        "achievement.no_reason",
        f"to {command.result} takes at least one reason",
    )
    return AchievementScreened(result=command.result, reasons=command.reasons)


def publish(achievement: Achievement, acting: Acting, command: PublishAchievement) -> AchievementPublished:
    """The network sees what was accepted and is not secret (密级 公开)."""
    entitle(acting, command, (achievement.station_id,))
    ensure(
        achievement.stage is AchievementStage.ACCEPTED,
        "achievement.not_accepted",
        f"publishing takes an achievement that screening accepted; this one is {achievement.stage}",
    )
    ensure(
        achievement.details.secrecy is Secrecy.OPEN,
        "achievement.secret",
        f"publishing takes an achievement whose secrecy is open; this one is {achievement.details.secrecy}",
    )
    return AchievementPublished()


def transfer(achievement: Achievement, acting: Acting, command: TransferAchievement) -> AchievementTransferred:
    """What was accepted can be transferred, published or not: what is secret finds its use without being shown."""
    entitle(acting, command, (achievement.station_id,))
    ensure(
        achievement.stage in (AchievementStage.ACCEPTED, AchievementStage.PUBLISHED),
        "achievement.not_open_to_transfer",
        f"transferring takes an accepted or published achievement; this one is {achievement.stage}",
    )
    return AchievementTransferred()


def withdraw(achievement: Achievement, acting: Acting, command: WithdrawAchievement) -> AchievementWithdrawn:
    """What is not closed may be withdrawn at any time."""
    entitle(acting, command, (achievement.station_id,))
    ensure_not_closed(achievement)
    return AchievementWithdrawn(reason=command.reason)


def ensure_not_closed(achievement: Achievement) -> None:
    """What was refused, transferred or withdrawn stays as it is."""
    ensure(
        not achievement.closed,
        "achievement.closed",
        f"the achievement is {achievement.stage}; takes one that is not refused, transferred or withdrawn",
    )


SLICE = Slice(
    "achievement",
    Achievement,
    (
        AchievementRegistered,
        AchievementAmended,
        AchievementScreened,
        AchievementPublished,
        AchievementTransferred,
        AchievementWithdrawn,
    ),
    evolve,
    (register, amend, screen, publish, transfer, withdraw),
)

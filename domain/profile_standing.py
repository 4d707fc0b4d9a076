"""Where a foreign profile stands at its source: what EEN reports of it there, and whether EEN still lists it.

A profile that its source does not offer counts as withdrawn here, and is back when its source offers it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, TypeAlias, assert_never

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from domain.kernel.claims import ClaimKey, Claims
from domain.kernel.commands import Command
from domain.kernel.deciding import Decision
from domain.kernel.facts import Fact
from domain.kernel.fields import Code
from domain.kernel.refusals import ensure
from domain.references import ProfileId


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise PydanticCustomError("moment", "takes a time with its offset, such as 2026-09-03T10:00:00Z")
    return moment


Moment: TypeAlias = Annotated[datetime, AfterValidator(_aware)]
"""A time that means the same everywhere."""


class SourceStatus(StrEnum):
    """The states of EEN's partner web service, and the one that shows by absence only."""

    PUBLISHED = "published"
    """The only one in which it is offered; whether interest is taken is said apart from that."""
    DRAFT = "draft"
    DRAFT_ACCEPTED = "draft_accepted"
    DRAFT_REJECTED = "draft_rejected"
    CLIENT_VALIDATION_PENDING = "client_validation_pending"
    UNDER_REVIEW = "under_review"
    UNDER_VALIDATION = "under_validation"
    ON_HOLD = "on_hold"
    FLAGGED = "flagged"
    REJECTED = "rejected"
    EXPIRED = "expired"
    ARCHIVED = "archived"
    GONE = "gone"
    """A complete listing of its source holds it no longer."""


def source_claim(id: str) -> ClaimKey:
    """The number that EEN's partner web service gave to a profile belongs to no other profile."""
    return ClaimKey("een_number", id)


class ProfileReported(Fact, topic="profile.reported"):
    """On this day the source of the profile said how it stands there, and when it was last changed there."""

    on: date
    status: SourceStatus
    modified: Moment | None = None
    source_id: Code | None = None
    """Its number at the source, which is all that a limited record names it by."""


class ProfileRemoved(Fact, topic="profile.removed"):
    """On this day a complete listing of its source held the profile no longer."""

    on: date


StandingFact: TypeAlias = ProfileReported | ProfileRemoved


@dataclass(frozen=True, slots=True)
class Standing:
    """The latest that is known of a profile at its source."""

    status: SourceStatus
    modified: datetime | None = None
    source_id: str | None = None

    @property
    def offered(self) -> bool:
        return self.status is SourceStatus.PUBLISHED


def standing_after(standing: Standing | None, fact: StandingFact) -> Standing:
    """What is not said again stays known: the number, and the moment of the last change."""
    modified, source_id = (standing.modified, standing.source_id) if standing else (None, None)
    match fact:
        case ProfileReported():
            return Standing(fact.status, fact.modified or modified, fact.source_id or source_id)
        case ProfileRemoved():
            return Standing(SourceStatus.GONE, modified, source_id)
        case _:
            assert_never(fact)


class ReportProfile(Command):
    """How the source says that the profile stands there. That it is gone is not said but seen: `RemoveProfile`."""

    profile_id: ProfileId
    on: date
    status: SourceStatus
    modified: Moment | None = None
    source_id: Code | None = None

    def claims(self) -> tuple[ClaimKey, ...]:
        return (source_claim(self.source_id),) if self.source_id else ()


class RemoveProfile(Command):
    """A complete listing of its source holds the profile no longer."""

    profile_id: ProfileId
    on: date


def reported(standing: Standing | None, claims: Claims, command: ReportProfile) -> Decision:
    """A report that is older than what is known is refused; one that says nothing new records nothing."""
    ensure(
        command.status is not SourceStatus.GONE,
        "profile.gone_reported",
        "takes a status that its source gives; what a complete listing lacks is removed",
    )
    ensure(
        not older(command.modified, standing),
        "profile.report_outdated",
        f"takes a report from {standing.modified if standing else None} or later; this one is of {command.modified}",
    )
    said = ProfileReported(**command.model_dump(exclude={"profile_id"}))
    if standing is not None and standing_after(standing, said) == standing:
        return Decision()
    return Decision((said,), claims.taken(*command.claims()))


def removed(standing: Standing | None, command: RemoveProfile) -> ProfileRemoved | tuple[()]:
    """It is removed once; the source may offer it again."""
    if standing is not None and standing.status is SourceStatus.GONE:
        return ()
    return ProfileRemoved(on=command.on)


def older(modified: datetime | None, standing: Standing | None) -> bool:
    """Whether what was last changed at this moment is older than what is known."""
    known = standing.modified if standing else None
    return modified is not None and known is not None and modified < known


STANDING_FACTS = (ProfileReported, ProfileRemoved)

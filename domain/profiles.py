"""Profiles (合作信息): what EEN clients offer and ask for (BO, BR, TO, TR, RDR), foreign ones and our own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.achievements import Achievement
from domain.kernel.claims import Claims
from domain.kernel.deciding import Decision, Slice
from domain.kernel.facts import Fact
from domain.kernel.fields import Code, Line
from domain.kernel.refusals import ensure
from domain.needs import Need
from domain.partners import Partner
from domain.profile_commands import AmendProfile, DraftProfile, ImportProfile, PublishProfile, WithdrawProfile
from domain.profile_details import (
    ProfileDetails,
    ensure_drafted,
    ensure_imported,
    ensure_own_reference,
    ensure_reference,
)
from domain.profile_standing import (
    STANDING_FACTS,
    ProfileRemoved,
    ProfileReported,
    RemoveProfile,
    ReportProfile,
    Standing,
    StandingFact,
    removed,
    reported,
    standing_after,
)
from domain.profile_subjects import ensure_subject
from domain.references import AchievementId, NeedId, PartnerId, StationId
from domain.stations import Station
from domain.values import Source


class Origin(StrEnum):
    FOREIGN = "foreign"
    """Another network's client; imported."""
    OWN = "own"
    """A client of one of our stations; drafted here."""


class ProfileStage(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


# -- facts -------------------------------------------------------------------


class ProfileImported(Fact, topic="profile.imported"):
    """A station took over a profile that EEN had published. The reference stands as it was given."""

    station_id: StationId
    reference: Code
    details: ProfileDetails
    source: Source
    partner_id: PartnerId | None = None
    """Its contact point."""


class ProfileDrafted(Fact, topic="profile.drafted"):
    """A station wrote a profile of its own, for a need or for an achievement."""

    station_id: StationId
    details: ProfileDetails
    need_id: NeedId | None = None
    achievement_id: AchievementId | None = None


class ProfileAmended(Fact, topic="profile.amended"):
    """What the profile says is now this."""

    details: ProfileDetails


class ProfilePublished(Fact, topic="profile.published"):
    """Partners abroad see our profile since this day, under this reference if EEN has given one."""

    on: date
    reference: Code | None = None


class ProfileWithdrawn(Fact, topic="profile.withdrawn"):
    """The profile is offered no longer since this day."""

    reason: Line
    on: date


ProfileFact: TypeAlias = (
    ProfileImported | ProfileDrafted | ProfileAmended | ProfilePublished | ProfileWithdrawn | StandingFact
)


# -- state -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Profile:
    """`station_id` answers for a profile of our own; for a foreign one it is None: whoever imports it keeps it.

    `standing` is what is known of a foreign one at its source; None until the source says something of that.
    """

    details: ProfileDetails
    stage: ProfileStage
    station_id: str | None = None
    reference: str | None = None
    need_id: str | None = None
    achievement_id: str | None = None
    standing: Standing | None = None

    @property
    def origin(self) -> Origin:
        return Origin.FOREIGN if self.station_id is None else Origin.OWN


def evolve(profile: Profile | None, fact: ProfileFact) -> Profile:
    match fact:
        case ProfileImported():
            return Profile(fact.details, ProfileStage.PUBLISHED, reference=fact.reference)
        case ProfileDrafted():
            return Profile(
                fact.details,
                ProfileStage.DRAFT,
                fact.station_id,
                need_id=fact.need_id,
                achievement_id=fact.achievement_id,
            )
    assert profile is not None, "history starts with ProfileImported or ProfileDrafted"
    match fact:
        case ProfileAmended(details=details):
            return replace(profile, details=details)
        case ProfilePublished(on=on, reference=reference):
            details = profile.details.model_copy(update={"published": on})
            return replace(profile, details=details, stage=ProfileStage.PUBLISHED, reference=reference)
        case ProfileWithdrawn():
            return replace(profile, stage=ProfileStage.WITHDRAWN, standing=None)
        case ProfileReported() | ProfileRemoved():
            standing = standing_after(profile.standing, fact)
            stage = ProfileStage.PUBLISHED if standing.offered else ProfileStage.WITHDRAWN
            return replace(profile, standing=standing, stage=stage)
        case _:
            assert_never(fact)


# -- decisions ---------------------------------------------------------------


def import_(
    profile: Profile | None, station: Station, partner: Partner | None, claims: Claims, command: ImportProfile
) -> ProfileImported:
    """A foreign profile is imported once. Keywords that the lists do not know are kept: the lists change."""
    ensure(profile is None, "profile.exists", "the profile is imported already; amend it")
    ensure(station.opened_on is not None, "station.not_open", "takes a station that has opened")
    ensure_reference(command.reference, command.details)
    ensure(
        all(claim is None for claim in claims.found.values()),
        "profile.own_reference",
        f"{command.reference} is a profile of one of our own stations",
    )
    ensure(
        command.partner_id is None or partner is not None,
        "partner.unknown",
        f"there is no partner {command.partner_id}",
    )
    ensure_imported(command.details)
    return ProfileImported(**dict(command))


def draft(
    profile: Profile | None,
    station: Station,
    need: Need | None,
    achievement: Achievement | None,
    command: DraftProfile,
) -> ProfileDrafted:
    """An open station drafts what asks from a published need, and what offers from a published achievement."""
    ensure(profile is None, "profile.exists", "the profile is drafted already; amend it")
    ensure(station.opened_on is not None, "station.not_open", "takes a station that has opened")
    ensure(
        (command.need_id is None) != (command.achievement_id is None),
        "profile.one_subject",
        "a profile rests on a need or on an achievement, and on one of them only",
    )
    ensure_subject(command.details.type, need, achievement)
    ensure_drafted(command.details)
    return ProfileDrafted(**dict(command))


def amend(profile: Profile, command: AmendProfile) -> ProfileAmended | tuple[()]:
    """It is corrected until it is withdrawn. Type and reference stay; of our own, so does the day of publication."""
    ensure_not_withdrawn(profile)
    details = command.details
    ensure(
        details.type is profile.details.type,
        "profile.type_fixed",
        f"the profile is a {profile.details.type}; another type takes another profile",
    )
    own = profile.origin is Origin.OWN
    if profile.reference is not None:
        (ensure_own_reference if own else ensure_reference)(profile.reference, details)
    if own:
        details = details.model_copy(update={"published": profile.details.published})
        ensure_drafted(details)
    else:
        ensure_imported(details)
    return ProfileAmended(details=details) if details != profile.details else ()


def publish(
    profile: Profile,
    need: Need | None,
    achievement: Achievement | None,
    imported: Profile | None,
    claims: Claims,
    command: PublishProfile,
) -> Decision:
    """A draft is published while what it rests on still is, before it expires, under a reference of its own."""
    ensure(
        profile.stage is ProfileStage.DRAFT,
        "profile.not_draft",
        f"publishing takes a draft; this profile is {profile.stage}",
    )
    ensure_subject(profile.details.type, need, achievement)
    ensure(
        not profile.details.expired(command.on),
        "profile.expired",
        f"the profile expires on {profile.details.expires}; publishing takes a day until then",
    )
    if command.reference is not None:
        ensure_own_reference(command.reference, profile.details)
    ensure(imported is None, "profile.foreign_reference", f"{command.reference} is a profile that was imported")
    published = ProfilePublished(on=command.on, reference=command.reference)
    return Decision((published,), claims.taken(*command.claims()))


def withdraw(profile: Profile, command: WithdrawProfile) -> ProfileWithdrawn:
    """A profile is withdrawn once: our own by its station, a foreign one by whoever learns that it is gone."""
    ensure_not_withdrawn(profile)
    return ProfileWithdrawn(reason=command.reason, on=command.on)


def report(profile: Profile, claims: Claims, command: ReportProfile) -> Decision:
    """What its source says of a foreign profile; one that was withdrawn here stays so, whatever is said."""
    ensure_followed(profile)
    return reported(profile.standing, claims, command)


def remove(profile: Profile, command: RemoveProfile) -> ProfileRemoved | tuple[()]:
    """A foreign profile that is gone at its source is offered no longer here."""
    ensure_followed(profile)
    return removed(profile.standing, command)


def ensure_followed(profile: Profile) -> None:
    """A foreign profile is followed at its source until somebody here withdraws it."""
    ensure(profile.origin is Origin.FOREIGN, "profile.not_foreign", "takes a profile that was imported, not our own")
    off_at_source = profile.standing is not None and not profile.standing.offered
    ensure(
        profile.stage is ProfileStage.PUBLISHED or off_at_source,
        "profile.withdrawn",
        "the profile has been withdrawn",
    )


def ensure_not_withdrawn(profile: Profile) -> None:
    """What was withdrawn stays as it is."""
    ensure(profile.stage is not ProfileStage.WITHDRAWN, "profile.withdrawn", "the profile has been withdrawn")


SLICE = Slice(
    "profile",
    Profile,
    (ProfileImported, ProfileDrafted, ProfileAmended, ProfilePublished, ProfileWithdrawn, *STANDING_FACTS),
    evolve,
    (import_, draft, amend, publish, withdraw, report, remove),
)

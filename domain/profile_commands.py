"""What may be asked of profiles (合作信息): to import, draft, amend, publish and withdraw them."""

from __future__ import annotations

from datetime import date

from domain.kernel.claims import ClaimKey
from domain.kernel.commands import Command
from domain.kernel.fields import Code, Line
from domain.kernel.ids import derived_id
from domain.profile_details import ProfileDetails
from domain.reference.een import parse_reference
from domain.references import AchievementId, NeedId, PartnerId, ProfileId, StationId
from domain.values import Source


def imported_id(reference: str) -> str:
    """The id of the foreign profile with this EEN reference, however it is spaced and spelled."""
    return derived_id("profile", "een", str(parse_reference(reference)))


def reference_claim(reference: str) -> ClaimKey:
    """A reference that EEN gave to one of our own profiles belongs to no other."""
    return ClaimKey("een_reference", str(parse_reference(reference)))


class ImportProfile(Command):
    station_id: StationId
    reference: Code
    details: ProfileDetails
    source: Source
    partner_id: PartnerId | None = None

    def derives_from(self) -> tuple[str, ...]:
        return "een", str(parse_reference(self.reference))

    def claims(self) -> tuple[ClaimKey, ...]:
        return (reference_claim(self.reference),)


class DraftProfile(Command):
    station_id: StationId
    details: ProfileDetails
    need_id: NeedId | None = None
    achievement_id: AchievementId | None = None


class AmendProfile(Command):
    profile_id: ProfileId
    details: ProfileDetails


class PublishProfile(Command):
    profile_id: ProfileId
    on: date
    reference: Code | None = None

    @property
    def imported_id(self) -> str | None:
        return imported_id(self.reference) if self.reference else None

    def claims(self) -> tuple[ClaimKey, ...]:
        return (reference_claim(self.reference),) if self.reference else ()


class WithdrawProfile(Command):
    profile_id: ProfileId
    reason: Line
    on: date

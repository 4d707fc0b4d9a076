"""What a file says, record by record, and what in it could not be read.

Two records are equal when they say the same; where they stand and what was noted about them does not count.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from domain.profile_standing import SourceStatus
from domain.reference.een import IprStatus, PartnershipType, ProfileType, Reference, SoughtPartner, StageOfDevelopment


class Kind(StrEnum):
    """The kinds of file that can be read, told by their content."""

    POD_XML = "pod-xml"
    PROFILE_PAGE = "profile-page"
    B2B_JSON = "b2b-json"
    NEEDS_CSV = "needs-csv"
    ACHIEVEMENTS_CSV = "achievements-csv"


@dataclass(frozen=True, slots=True)
class Call:
    """The call of a framework programme that an R&D request answers. The budget is text, as EEN's users write it."""

    framework: str | None = None
    title: str | None = None
    scheme: str | None = None
    budget: str | None = None
    deadline: date | None = None
    weeks: int | None = None
    url: str | None = None
    project: str | None = None
    coordinator_required: bool | None = None


@dataclass(frozen=True, slots=True)
class PartnerContact:
    """The EEN partner behind a profile (its code is two letters and five digits) and its person. Personal data."""

    organisation: str | None = None
    country: str | None = None
    partner_id: str | None = None
    full_name: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRecord:
    """An EEN profile. What a file leaves out or leaves empty is None or an empty tuple.

    Countries are ISO 3166 alpha-2 codes. No target country means: none is left out. Keywords that the lists do not know
    stand in `unknown_keywords`. A profile is open for interest unless its file says that it is not. What only EEN's
    partner web service says: how the profile stands there, when it was last changed, and its number there.
    """

    where: str = field(compare=False)
    source_system: str
    reference: Reference
    title: str
    summary: str | None = None
    description: str | None = None
    advantages: str | None = None
    partner_sought: str | None = None
    partner_role: str | None = None
    technical_specification: str | None = None
    stage: StageOfDevelopment | None = None
    stage_note: str | None = None
    ipr: IprStatus | None = None
    ipr_note: str | None = None
    partnerships: tuple[PartnershipType, ...] = ()
    partner_kinds: tuple[SoughtPartner, ...] = ()
    technologies: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    unknown_keywords: tuple[str, ...] = ()
    sdgs: tuple[int, ...] = ()
    country: str | None = None
    target_countries: tuple[str, ...] = ()
    submitted: date | None = None
    updated: date | None = None
    published: date | None = None
    expires: date | None = None
    eoi_deadline: date | None = None
    call: Call | None = None
    open_for_interest: bool = True
    contact: PartnerContact | None = None
    public_url: str | None = None
    status: SourceStatus | None = None
    modified: datetime | None = None
    source_id: str | None = None
    warnings: tuple[str, ...] = field(default=(), compare=False)

    @property
    def type(self) -> ProfileType:
        return self.reference.type

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it one of a kind within a file. Two states of a profile may stand in one, each of its moment."""
        moment = (self.modified.isoformat(),) if self.modified else ()
        return (str(self.reference), *moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRecord:
    """A limited record of EEN's partner web service: how a profile stands there, and nothing of what it says.

    It names the profile by its number there, by its reference, or by both.
    """

    where: str = field(compare=False)
    source_system: str
    source_id: str | None = None
    reference: Reference | None = None
    status: SourceStatus
    modified: datetime | None = None
    warnings: tuple[str, ...] = field(default=(), compare=False)

    @property
    def name(self) -> str:
        return str(self.reference) if self.reference else self.source_id or ""

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it one of a kind within a file."""
        moment = (self.modified.isoformat(),) if self.modified else ()
        return (self.name, "limited", *moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedRecord:
    """A row of the form for technology needs (企业技术需求). Money is in CNY, contacts are personal data.

    `credit_code` is None when the row has none or one whose check character does not fit: the organisation is
    unverified then.
    """

    where: str = field(compare=False)
    source_system: str
    reference: str | None = None
    title: str
    fields: tuple[str, ...] = ()
    cooperation_modes: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    description: str | None = None
    goal: str | None = None
    investment: Decimal | None = None
    organisation: str
    credit_code: str | None = None
    address: str | None = None
    contact_name: str | None = None
    contact_phone: str | None = None
    contact_email: str | None = None
    warnings: tuple[str, ...] = field(default=(), compare=False)

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it one of a kind within a file."""
        return (self.reference,) if self.reference else (self.organisation, self.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class AchievementRecord:
    """A row of the register of achievements (科技成果登记). Contacts are personal data."""

    where: str = field(compare=False)
    source_system: str
    reference: str | None = None
    title: str
    keywords: tuple[str, ...] = ()
    organisation: str
    programme: str | None = None
    project_number: str | None = None
    secrecy: str | None = None
    achievement_kind: str | None = None
    ip_forms: tuple[str, ...] = ()
    stage: str | None = None
    level: str | None = None
    fields: tuple[str, ...] = ()
    summary: str | None = None
    contact_name: str | None = None
    contact_phone: str | None = None
    warnings: tuple[str, ...] = field(default=(), compare=False)

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it one of a kind within a file."""
        return (self.reference,) if self.reference else (self.organisation, self.title)


Record: TypeAlias = ProfileRecord | StandingRecord | NeedRecord | AchievementRecord


@dataclass(frozen=True, slots=True)
class Quarantined:
    """What was not taken: where it stands (`line 4`, a path such as `/pod/profile[2]`, or `file` for all of it), a
    stable code, what is wrong, and what would have been accepted.
    """

    file: str
    where: str
    code: str
    reason: str
    accepted: str


@dataclass(frozen=True, slots=True)
class Read:
    """All that reading a file came to. `repeated` counts records that the file says again word for word."""

    file: str
    kind: Kind | None
    encoding: str | None = None
    records: tuple[Record, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    repeated: int = 0
    notes: tuple[str, ...] = ()

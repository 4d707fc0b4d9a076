"""The import of EEN profiles: what they say, how they stand at their source, and the contact points behind them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.kernel.claims import Claim
from domain.kernel.ids import derived_id
from domain.partners import EngagePartner, Purpose, RecordPartner
from domain.profile_commands import AmendProfile, ImportProfile, imported_id, reference_claim
from domain.profile_details import ProfileDetails
from domain.profile_standing import ReportProfile, SourceStatus, older, source_claim
from domain.profiles import Profile
from domain.values import Source
from infra.imports.details import partner_details, profile_details
from infra.imports.recording import Recording, amended, contact_of
from infra.imports.records import ProfileRecord, StandingRecord
from infra.imports.report import FileReport, Happened, Line
from infra.imports.told import Told

OURS = "profiles of our own stations, which are written here and not imported"
UNKNOWN = "limited records of profiles that are not known here"
UNPUBLISHED = "profiles that are not known here and not published at their source"


@dataclass(slots=True)
class ProfileRecording(Recording):
    """Records profiles. A state that is older than what is known changes nothing."""

    def profile(self, record: ProfileRecord, file: FileReport) -> Line | None:
        """Record what a profile says; None when it is not for this network to record, which the file's notes say."""
        details = profile_details(record)
        id = imported_id(record.reference.raw)
        open = details.takes_interest(self.today) and not details.expired(self.today)
        line = Line(record.where, record.reference.raw, id, Happened.UNCHANGED, record.warnings, open)
        if record.status is not None and self._is_ours(str(record.reference)):
            file.passed_over[OURS] += 1
            return None
        partner = self._partner(record)
        known = self.book.find(id)
        if known is not None:
            return self._followed(known.state, record, details, line)
        if record.status not in (None, SourceStatus.PUBLISHED):
            file.passed_over[UNPUBLISHED] += 1
            return None
        source = Source(system=record.source_system, reference=str(record.reference))
        self.give(
            ImportProfile(
                station_id=self.station_id,
                reference=record.reference.raw,
                details=details,
                source=source,
                partner_id=partner,
            )
        )
        self._report(id, record)
        return replace(line, happened=Happened.ACCEPTED)

    def standing(self, record: StandingRecord, file: FileReport) -> Line | None:
        """Record how a profile stands at its source; None for one that is not known here, or is our own."""
        if record.reference is not None and self._is_ours(str(record.reference)):
            file.passed_over[OURS] += 1
            return None
        id = self._named(record)
        known = self.book.find(id) if id else None
        if id is None or known is None:
            file.passed_over[UNKNOWN] += 1
            return None
        profile: Profile = known.state
        line = Line(record.where, record.name, id, Happened.UNCHANGED, record.warnings)
        if older(record.modified, profile.standing):
            return _warned(line, _outdated(profile))
        return replace(line, happened=_either(self._report(id, record)))

    def _followed(self, profile: Profile, record: ProfileRecord, details: ProfileDetails, line: Line) -> Line:
        """What comes of a profile that is known: first how it stands at its source, then what it says."""
        id = line.entity_id
        if _is_outdated(profile, record):
            return _warned(line, _outdated(profile))
        off = profile.standing if profile.standing and not profile.standing.offered else None
        if record.status is None and off is not None and off.status is not SourceStatus.GONE:
            return _warned(line, f"its source said last that it is {off.status}: this file does not say otherwise")
        back = replace(record, status=SourceStatus.PUBLISHED) if off and record.status is None else record
        moved = self._report(id, back)
        if record.status not in (None, SourceStatus.PUBLISHED):
            return replace(line, happened=_either(moved))
        told = Told.by(self.book.history(id))
        said = _over(told.details or profile.details, details)
        now = told.details_now(profile.details, said, record.where)
        changed = amended(self.give(AmendProfile(profile_id=id, details=now))) is Happened.AMENDED
        return replace(line, happened=_either(moved or changed))

    def _report(self, id: str, record: ProfileRecord | StandingRecord) -> bool:
        """Report how the profile stands, if the record says so, and whether that was news."""
        if record.status is None:
            return False
        report = ReportProfile(
            profile_id=id,
            on=self.today,
            status=record.status,
            modified=record.modified,
            source_id=record.source_id,
        )
        return self.give(report).changed

    def _named(self, record: StandingRecord) -> str | None:
        """The profile that a limited record names, by its reference or by its number at the source."""
        if record.reference is not None:
            return imported_id(record.reference.raw)
        return self._holder(source_claim(record.source_id).id) if record.source_id else None

    def _is_ours(self, reference: str) -> bool:
        return self._holder(reference_claim(reference).id) is not None

    def _holder(self, claim_id: str) -> str | None:
        claim = self.book.find(claim_id)
        return claim.state.holder_id if claim is not None and isinstance(claim.state, Claim) else None

    def _partner(self, record: ProfileRecord) -> str | None:
        """The contact point abroad that answers for a profile, working with the station that imports it.

        A station that has ended its work with the partner does not begin again by importing.
        """
        contact = record.contact
        details = partner_details(contact, record.country) if contact else None
        if contact is None or details is None:
            return None
        command = RecordPartner(
            station_id=self.station_id, details=details, since=self.today, purposes=(Purpose.MATCHING,)
        )
        id = derived_id("partner", *command.derives_from())
        known = self.book.find(id)
        if known is None:
            person = contact_of(id, contact.full_name, contact.phone, contact.email)
            self.give(command.model_copy(update={"contact": person}))
        elif self.station_id not in known.state.engagements:
            engage = EngagePartner(
                partner_id=id, station_id=self.station_id, since=self.today, purposes=(Purpose.MATCHING,)
            )
            self.give(engage)
        return id


def _is_outdated(profile: Profile, record: ProfileRecord) -> bool:
    """Whether more recent news of the profile is known: by the moment of its last change, else by the day."""
    if record.modified and profile.standing and profile.standing.modified:
        return older(record.modified, profile.standing)
    known = profile.details.updated
    return record.updated is not None and known is not None and record.updated < known


def _outdated(profile: Profile) -> str:
    standing = profile.standing
    known = standing.modified if standing and standing.modified else profile.details.updated
    return f"it is older than what is known, which is of {known}, and changes nothing"


def _warned(line: Line, warning: str) -> Line:
    return replace(line, warnings=(*line.warnings, warning))


def _either(changed: bool) -> Happened:
    return Happened.AMENDED if changed else Happened.UNCHANGED


def _over(known: ProfileDetails, said: ProfileDetails) -> ProfileDetails:
    """What a file says over what is known: what it leaves out stays, since not every kind of file says everything."""
    silent = {name for name in ProfileDetails.model_fields if getattr(said, name) in (None, ())}
    return said.model_copy(update={name: getattr(known, name) for name in silent})

"""The import: records become commands, and what is recorded already is compared, not recorded again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pydantic import ValidationError

from domain.achievements import AmendAchievement, RegisterAchievement
from domain.kernel.claims import Claim
from domain.kernel.commands import Command
from domain.kernel.ids import derived_id
from domain.kernel.refusals import Refusal
from domain.needs import AmendNeed, RecordNeed
from domain.organisations import RecordOrganisation, credit_code_claim
from domain.values import Source
from infra.imports.details import achievement_details, need_details, organisation_details
from infra.imports.flaws import Flaw
from infra.imports.profile_recording import ProfileRecording
from infra.imports.reading import read_file
from infra.imports.recording import amended, contact_of
from infra.imports.records import (
    AchievementRecord,
    NeedRecord,
    ProfileRecord,
    Quarantined,
    Read,
    Record,
    StandingRecord,
)
from infra.imports.report import FileReport, Happened, Line, Report
from infra.imports.told import Told

REGISTER = "achievement-register"
"""The system that gives achievements their numbers (成果登记号)."""


@dataclass(slots=True)
class Importer(ProfileRecording):
    """Imports files for a station, on behalf of a person, judging dates by a day."""

    def files(
        self,
        paths: list[Path],
        dry_run: bool = False,
        read: Callable[[Path, int], None] = lambda _path, _bytes: None,
        recorded: Callable[[FileReport, int], None] = lambda _file, _total: None,
        report: Report | None = None,
    ) -> Report:
        """Import all of them. `read` hears of bytes that were read, `recorded` of each record that was dealt with.

        A `report` that is given is added to, and tells what was done should something break off.
        """
        report = Report(dry_run=dry_run) if report is None else report
        for path in paths:
            report.files.append(self.content(read_file(path, progress=partial(read, path)), recorded))
        return report

    def content(
        self, content: Read, recorded: Callable[[FileReport, int], None] = lambda _file, _total: None
    ) -> FileReport:
        """Import what was read of one file."""
        file = FileReport.of(content)
        for record in content.records:
            self.take(record, file)
            recorded(file, len(content.records))
        return file

    def take(self, record: Record, file: FileReport) -> None:
        """Deal with one record; one that the rules refuse is quarantined, and the others go on."""
        try:
            if (line := self._line(record, file)) is not None:
                file.lines.append(line)
        except Refusal as refusal:
            accepted = "a record that the rules of the network accept"
            file.quarantined.append(Quarantined(file.file, record.where, refusal.code, refusal.explanation, accepted))
        except Flaw as flaw:
            file.quarantined.append(flaw.quarantined(file.file))
        except ValidationError as error:
            file.quarantined.append(misshapen(error, record.where).quarantined(file.file))

    def _line(self, record: Record, file: FileReport) -> Line | None:
        match record:
            case NeedRecord():
                return self._need(record)
            case AchievementRecord():
                return self._achievement(record)
            case ProfileRecord():
                return self.profile(record, file)
            case StandingRecord():
                return self.standing(record, file)

    # -- nouns ---------------------------------------------------------------

    def _need(self, record: NeedRecord) -> Line:
        warnings = list(record.warnings)
        details = need_details(record, warnings.append)
        organisation = self._organisation(record.organisation, record.address, record.credit_code)
        source = _source(self.station_id, record)
        id = derived_id("need", source.system, source.reference)
        contact = contact_of(id, record.contact_name, record.contact_phone, record.contact_email)
        new = RecordNeed(
            station_id=self.station_id, organisation_id=organisation, details=details, contact=contact, source=source
        )
        amendment = AmendNeed(need_id=id, details=details, contact=contact)
        happened = self._recorded_or_amended(id, new, amendment, record.where)
        return Line(record.where, source.reference, id, happened, tuple(warnings))

    def _achievement(self, record: AchievementRecord) -> Line:
        warnings = list(record.warnings)
        details = achievement_details(record, warnings.append)
        organisation = self._organisation(record.organisation, None, None)
        source = _source(REGISTER if record.reference else self.station_id, record)
        id = derived_id("achievement", source.system, source.reference)
        contact = contact_of(id, record.contact_name, record.contact_phone, None)
        new = RegisterAchievement(
            station_id=self.station_id, organisation_id=organisation, details=details, contact=contact, source=source
        )
        amendment = AmendAchievement(achievement_id=id, details=details, contact=contact)
        happened = self._recorded_or_amended(id, new, amendment, record.where)
        return Line(record.where, source.reference, id, happened, tuple(warnings))

    def _recorded_or_amended(
        self, id: str, new: Command, amendment: AmendNeed | AmendAchievement, where: str
    ) -> Happened:
        """Record what is new, and amend what is known by what the file says anew."""
        known = self.book.find(id)
        if known is None:
            self.give(new)
            return Happened.ACCEPTED
        told = Told.by(self.book.history(id))
        news = {
            "details": told.details_now(known.state.details, amendment.details, where),
            "contact": told.contact_now(amendment.contact, self.same_contact, known.state.contact, where),
        }
        return amended(self.give(amendment.model_copy(update=news)))

    # -- what comes with them ------------------------------------------------

    def _organisation(self, name: str, address: str | None, credit_code: str | None) -> str:
        """The organisation that holds the credit code, else the one of this name; recorded if there is none.

        What is known of it stays: a local edit is not overwritten by an import.
        """
        if credit_code:
            claim = self.book.find(credit_code_claim(credit_code).id)
            if claim is not None and isinstance(claim.state, Claim) and claim.state.holder_id:
                return claim.state.holder_id
        source = Source(system=self.station_id, reference=name)
        id = derived_id("organisation", source.system, source.reference)
        if self.book.find(id) is None:
            self.give(
                RecordOrganisation(
                    station_id=self.station_id,
                    details=organisation_details(name, address),
                    credit_code=credit_code,
                    source=source,
                )
            )
        return id


def misshapen(error: ValidationError, where: str) -> Flaw:
    """What a record says does not fit into the domain: a text too long, a line with breaks, and the like."""
    first = error.errors()[0]
    path = ".".join(map(str, first["loc"]))
    return Flaw(
        "record.misshapen", f"{path}: {first['msg']}", "a record whose fields have the shape of the forms", where
    )


def _source(system: str, record: NeedRecord | AchievementRecord) -> Source:
    """What names a record: its reference, else the organisation and the title."""
    return Source(system=system, reference=record.reference or f"{record.organisation} {record.title}")

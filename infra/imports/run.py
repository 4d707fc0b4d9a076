"""The import: records become commands, and what is recorded already is compared, not recorded again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from pydantic import ValidationError

from domain.achievements import AmendAchievement, RegisterAchievement
from domain.kernel.claims import Claim
from domain.kernel.commands import Command
from domain.kernel.context import Context
from domain.kernel.history import Commit
from domain.kernel.ids import derived_id
from domain.kernel.outcomes import Desk, Outcome
from domain.kernel.performing import Entity
from domain.kernel.refusals import Refusal
from domain.needs import AmendNeed, RecordNeed
from domain.organisations import RecordOrganisation, credit_code_claim
from domain.partners import EngagePartner, Purpose, RecordPartner
from domain.profile_commands import AmendProfile, ImportProfile
from domain.profile_details import ProfileDetails
from domain.values import Contact, Source
from infra.imports.details import (
    achievement_details,
    need_details,
    organisation_details,
    partner_details,
    profile_details,
)
from infra.imports.flaws import Flaw
from infra.imports.reading import read_file
from infra.imports.records import AchievementRecord, NeedRecord, ProfileRecord, Quarantined, Record
from infra.imports.report import FileReport, Happened, Line, Report
from infra.imports.told import IMPORT, Told
from infra.vault import Vault

REGISTER = "achievement-register"
"""The system that gives achievements their numbers (成果登记号)."""


class Book(Desk, Protocol):
    """A desk that also knows what is recorded."""

    def find(self, id: str) -> Entity | None: ...

    def history(self, id: str, after: int = 0, limit: int = 1_000) -> list[Commit]: ...


@dataclass(slots=True)
class Importer:
    """Imports files for a station, on behalf of a person, judging dates by a day."""

    book: Book
    vault: Vault
    actor: str
    acting_for: str
    station_id: str
    today: date
    clock: Callable[[], datetime]
    run: str = field(default_factory=lambda: uuid4().hex)
    _sent: int = 0

    def files(
        self,
        paths: list[Path],
        dry_run: bool = False,
        read: Callable[[Path, int], None] = lambda _path, _bytes: None,
        recorded: Callable[[FileReport, int], None] = lambda _file, _total: None,
    ) -> Report:
        """Import all of them. `read` hears of bytes that were read, `recorded` of each record that was dealt with."""
        report = Report(dry_run=dry_run)
        for path in paths:
            content = read_file(path, progress=partial(read, path))
            file = FileReport.of(content)
            report.files.append(file)
            for record in content.records:
                self.take(record, file)
                recorded(file, len(content.records))
        return report

    def take(self, record: Record, file: FileReport) -> None:
        """Deal with one record; one that the rules refuse is quarantined, and the others go on."""
        try:
            file.lines.append(self._line(record))
        except Refusal as refusal:
            accepted = "a record that the rules of the network accept"
            file.quarantined.append(Quarantined(file.file, record.where, refusal.code, refusal.explanation, accepted))
        except Flaw as flaw:
            file.quarantined.append(flaw.quarantined(file.file))
        except ValidationError as error:
            file.quarantined.append(misshapen(error, record.where).quarantined(file.file))

    def _line(self, record: Record) -> Line:
        match record:
            case NeedRecord():
                return self._need(record)
            case AchievementRecord():
                return self._achievement(record)
            case ProfileRecord():
                return self._profile(record)

    # -- nouns ---------------------------------------------------------------

    def _need(self, record: NeedRecord) -> Line:
        warnings = list(record.warnings)
        details = need_details(record, warnings.append)
        organisation = self._organisation(record.organisation, record.address, record.credit_code)
        source = _source(self.station_id, record)
        id = derived_id("need", source.system, source.reference)
        contact = _contact(id, record.contact_name, record.contact_phone, record.contact_email)
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
        contact = _contact(id, record.contact_name, record.contact_phone, None)
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
            self._give(new)
            return Happened.ACCEPTED
        told = Told.by(self.book.history(id))
        news = {
            "details": told.details_now(known.state.details, amendment.details, where),
            "contact": told.contact_now(amendment.contact, self._same_contact, known.state.contact, where),
        }
        return _amended(self._give(amendment.model_copy(update=news)))

    def _profile(self, record: ProfileRecord) -> Line:
        details = profile_details(record)
        reference = record.reference.raw
        command = ImportProfile(
            station_id=self.station_id,
            reference=reference,
            details=details,
            source=Source(system=record.source_system, reference=str(record.reference)),
        )
        id = derived_id("profile", *command.derives_from())
        open = details.takes_interest(self.today) and not details.expired(self.today)
        partner = self._partner(record)
        if (known := self.book.find(id)) is not None:
            told = Told.by(self.book.history(id))
            said = _over(told.details or known.state.details, details)
            now = told.details_now(known.state.details, said, record.where)
            outcome = self._give(AmendProfile(profile_id=id, details=now))
            return Line(record.where, reference, id, _amended(outcome), record.warnings, open)
        self._give(command.model_copy(update={"partner_id": partner}))
        return Line(record.where, reference, id, Happened.ACCEPTED, record.warnings, open)

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
            self._give(
                RecordOrganisation(
                    station_id=self.station_id,
                    details=organisation_details(name, address),
                    credit_code=credit_code,
                    source=source,
                )
            )
        return id

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
            person = _contact(id, contact.full_name, contact.phone, contact.email)
            self._give(command.model_copy(update={"contact": person}))
        elif self.station_id not in known.state.engagements:
            engage = EngagePartner(
                partner_id=id, station_id=self.station_id, since=self.today, purposes=(Purpose.MATCHING,)
            )
            self._give(engage)
        return id

    def _same_contact(self, known: Contact | None, said: Contact) -> bool:
        """Whether a contact that is known says the same as one from a file; compared without opening anything."""
        if known is None:
            return False
        pairs = [(getattr(known, name), getattr(said, name)) for name in ("name", "phone", "email")]
        return all(self.vault.same(old, new) if old and new else old == new for old, new in pairs)

    def _give(self, command: Command) -> Outcome:
        self._sent += 1
        context = Context(
            actor=self.actor,
            station_id=self.acting_for,
            request_id=f"{IMPORT}{self.run}/{self._sent}",
            at=self.clock(),
        )
        return self.book.perform(command, context)


def misshapen(error: ValidationError, where: str) -> Flaw:
    """What a record says does not fit into the domain: a text too long, a line with breaks, and the like."""
    first = error.errors()[0]
    path = ".".join(map(str, first["loc"]))
    return Flaw(
        "record.misshapen", f"{path}: {first['msg']}", "a record whose fields have the shape of the forms", where
    )


def _over(known: ProfileDetails, said: ProfileDetails) -> ProfileDetails:
    """What a file says over what is known: what it leaves out stays, since not every kind of file says everything."""
    silent = {name for name in ProfileDetails.model_fields if getattr(said, name) in (None, ())}
    return said.model_copy(update={name: getattr(known, name) for name in silent})


def _contact(holder: str, name: str | None, phone: str | None, email: str | None) -> Contact | None:
    """The contact person of a record: known by the record alone, so that the id says nothing about the person."""
    if not (name or phone or email):
        return None
    return Contact(person_id=derived_id("person", "contact", holder), name=name, phone=phone, email=email)


def _source(system: str, record: NeedRecord | AchievementRecord) -> Source:
    """What names a record: its reference, else the organisation and the title."""
    return Source(system=system, reference=record.reference or f"{record.organisation} {record.title}")


def _amended(outcome: Outcome) -> Happened:
    return Happened.AMENDED if outcome.changed else Happened.UNCHANGED

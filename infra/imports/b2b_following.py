"""Following EEN's partner web service: what changed there since the last time, page by page.

How far it has come is kept in the data folder after each page, so that a run that was cut off is gone on with. Whatever
is read twice changes nothing the second time.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import orjson

from infra.errors import UnfitError
from infra.imports.b2b_service import PartnerService
from infra.imports.reading import read_page
from infra.imports.records import ProfileRecord, Read, StandingRecord
from infra.imports.report import FileReport, Report
from infra.imports.run import Importer

FILE: Final = "een.json"
ROUNDS: Final = 3
"""How often all is read, at most, when profiles that were read already change meanwhile."""
OVERLAP: Final = timedelta(days=1)
"""The service takes days, and in which zone they begin it does not say."""


@dataclass(slots=True)
class Bookmark:
    """How far a service has been read: to the changes of this moment, kept in a file of the data folder."""

    file: Path
    service: str
    until: datetime | None = None

    @classmethod
    def of(cls, folder: Path, service: str) -> Bookmark:
        """The bookmark of this service; at the beginning, where there is none or it is another service's.

        Raises UnfitError for a file that is none.
        """
        file = folder / FILE
        try:
            kept = orjson.loads(file.read_bytes())
            until = datetime.fromisoformat(kept["until"])
            return cls(file, service, until if kept["service"] == service else None)
        except FileNotFoundError:
            return cls(file, service)
        except (ValueError, KeyError, TypeError):
            reason = "it does not say how far EEN's service was read; delete it, and all is read again"
            raise UnfitError(f"{file}: {reason}") from None

    @property
    def since(self) -> date | None:
        """The day from which there may be news."""
        return (self.until - OVERLAP).date() if self.until else None

    def move(self, until: datetime | None) -> None:
        """Keep that all is read up to here; it never goes back."""
        if until is None or (self.until is not None and until <= self.until):
            return
        self.until = until
        part = self.file.with_suffix(".part")
        part.write_bytes(orjson.dumps({"service": self.service, "until": until.isoformat()}) + b"\n")
        os.replace(part, self.file)


@dataclass(slots=True)
class Following:
    """Imports what a service has to say. Without a bookmark nothing is kept of how far that went."""

    service: PartnerService
    importer: Importer
    report: Report
    bookmark: Bookmark | None = None
    recorded: Callable[[FileReport, int], None] = lambda _file, _total: None
    _seen: dict[str, datetime | None] = field(default_factory=dict)

    def follow(self, since: date | None) -> None:
        """Import all changes from this day on. What has been imported stays in the report when a page does not come.

        A profile that changes while it is read goes to the end, and one that was not read yet may slip to a page that
        was. So when one comes twice, all of the days are read again. Raises OutOfReachError, UnfitError.
        """
        for number in range(1, ROUNDS + 1):
            if not self._round(since, f"round {number}, " if number > 1 else ""):
                return

    def _round(self, since: date | None, prefix: str) -> bool:
        """Read all pages, and say whether one of their profiles had changed since it was read."""
        self._seen.clear()
        moved = False
        for number, page in enumerate(self.service.pages(since), start=1):
            read = read_page(f"{prefix}page {number}", page)
            self.report.files.append(self.importer.content(read, self.recorded))
            moved = self._noted(read) or moved
            if self.bookmark is not None and not self.report.dry_run:
                self.bookmark.move(_latest(read, self.importer.clock()))
        return moved

    def _noted(self, read: Read) -> bool:
        """Remember the profiles of a page; whether one of them was read before, in another state."""
        moved = False
        for record in _of_profiles(read):
            name = record.source_id or str(record.reference)
            moved = moved or self._seen.get(name, record.modified) != record.modified
            self._seen[name] = record.modified
        return moved


def _of_profiles(read: Read) -> list[ProfileRecord | StandingRecord]:
    return [each for each in read.records if isinstance(each, ProfileRecord | StandingRecord)]


def _latest(read: Read, now: datetime) -> datetime | None:
    """The last change on a page, and never one of the future, behind which the next changes would be missed."""
    moments = (each.modified for each in _of_profiles(read))
    return max((min(each, now) for each in moments if each is not None), default=None)

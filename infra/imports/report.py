"""What an import came to: what happened to each record, and what was not taken."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from infra.imports.records import Quarantined, Read


class Happened(StrEnum):
    """What an import did with a record."""

    ACCEPTED = "accepted"
    AMENDED = "amended"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a file: its reference, the entity that it became or is, what happened, and what was noted.

    `open` says of a profile whether interest in it could be expressed on the day that the import was judged by.
    """

    where: str
    reference: str
    entity_id: str
    happened: Happened
    warnings: tuple[str, ...] = ()
    open: bool | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """A profile that a complete listing of its source held no longer."""

    reference: str
    entity_id: str


@dataclass(slots=True)
class FileReport:
    """What a file came to."""

    file: str
    kind: str | None
    encoding: str | None
    repeated: int
    notes: tuple[str, ...]
    lines: list[Line] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    """What was read and is not for this network to record, and how often."""

    @property
    def all_notes(self) -> tuple[str, ...]:
        return (*self.notes, *(f"{what}: {number:,}" for what, number in self.passed_over.items()))

    @classmethod
    def of(cls, read: Read) -> FileReport:
        kind = read.kind.value if read.kind else None
        return cls(read.file, kind, read.encoding, read.repeated, read.notes, quarantined=list(read.quarantined))

    def counts(self) -> dict[str, int]:
        """How many records were accepted, amended, unchanged, repeated within the file, and quarantined."""
        happened = Counter(line.happened for line in self.lines)
        return {
            **{each.value: happened[each] for each in Happened},
            "repeated": self.repeated,
            "quarantined": len(self.quarantined),
        }


@dataclass(slots=True)
class Report:
    """What an import of several files came to. `removed` and `not_removed` are of a complete listing only: what it
    held no longer, or why nothing could be told from it.
    """

    files: list[FileReport] = field(default_factory=list)
    dry_run: bool = False
    removed: list[Removed] = field(default_factory=list)
    not_removed: str | None = None

    def counts(self) -> dict[str, int]:
        total: Counter[str] = Counter({each.value: 0 for each in Happened})
        for file in self.files:
            total.update(file.counts())
        return dict(total)

    def as_json(self) -> dict[str, Any]:
        """The whole report, for scripts."""
        return {
            "dryRun": self.dry_run,
            "counts": self.counts(),
            "files": [_file(file) for file in self.files],
            "removed": [{"reference": each.reference, "id": each.entity_id} for each in self.removed],
            "notRemoved": self.not_removed,
        }


def _file(file: FileReport) -> dict[str, Any]:
    return {
        "file": file.file,
        "kind": file.kind,
        "encoding": file.encoding,
        "notes": list(file.all_notes),
        "counts": file.counts(),
        "records": [_line(line) for line in file.lines],
        "quarantined": [
            {
                "where": each.where,
                "code": each.code,
                "reason": each.reason,
                "accepted": each.accepted,
            }
            for each in file.quarantined
        ],
    }


def _line(line: Line) -> dict[str, Any]:
    shown = {
        "where": line.where,
        "reference": line.reference,
        "id": line.entity_id,
        "happened": line.happened.value,
        "warnings": list(line.warnings),
    }
    return shown if line.open is None else {**shown, "open": line.open}

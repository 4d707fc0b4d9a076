"""The way in: any file of a known kind, read whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, assert_never

from infra.imports import b2b, page, pod
from infra.imports.achievements import ACHIEVEMENT_COLUMNS, achievement_in
from infra.imports.flaws import Flaw
from infra.imports.needs import NEED_COLUMNS, need_in
from infra.imports.records import Kind, Quarantined, Read, Record
from infra.imports.sniff import UNKNOWN_KIND, Sniffed, sniff
from infra.imports.source import Bounds, Progress, Source, ensure_size, rewindable
from infra.imports.tables import read_rows, rows

_STANDARD = Bounds()


def read_file(
    name: str | Path,
    content: bytes | IO[bytes] | None = None,
    *,
    progress: Progress | None = None,
    bounds: Bounds = _STANDARD,
) -> Read:
    """What a file says. Without `content` the file of that name is opened; an OSError is left to the caller.

    What cannot be read is in `quarantined`, and a flaw of the file as a whole leaves no record at all. `progress` is
    told how many bytes have been read.
    """
    if content is None:
        with Path(name).open("rb") as stream:
            return read_file(name, stream, progress=progress, bounds=bounds)
    sniffed: Sniffed | None = None
    try:
        with rewindable(content, bounds.file) as stream:
            source = Source(str(name), stream, bounds, progress)
            ensure_size(source.size(), bounds.file)
            sniffed = sniff(source.head())
            notes: list[str] = []
            records, quarantined, repeated = _settled(source.name, bounds, _found(source, sniffed, notes))
            return Read(source.name, sniffed.kind, sniffed.encoding, records, quarantined, repeated, tuple(notes))
    except Flaw as flaw:
        known = sniffed if flaw.code != UNKNOWN_KIND else None
        kind, encoding = (known.kind, known.encoding) if known else (None, None)
        return Read(str(name), kind, encoding, quarantined=(flaw.quarantined(str(name)),))


def read_page(name: str, content: Any, bounds: Bounds = _STANDARD) -> Read:
    """What a page of EEN's partner web service says that has come as a value already; the rest is as in `read_file`."""
    try:
        records, quarantined, repeated = _settled(name, bounds, b2b.read_items(content))
        return Read(name, Kind.B2B_JSON, "utf-8", records, quarantined, repeated)
    except Flaw as flaw:
        return Read(name, Kind.B2B_JSON, "utf-8", quarantined=(flaw.quarantined(name),))


def _found(source: Source, sniffed: Sniffed, notes: list[str]) -> Iterator[Record | Flaw]:
    match sniffed.kind:
        case Kind.POD_XML:
            return pod.profiles(source, sniffed.encoding, notes)
        case Kind.PROFILE_PAGE:
            return page.profiles(source)
        case Kind.B2B_JSON:
            return b2b.profiles(source)
        case Kind.NEEDS_CSV:
            return read_rows(rows(source, sniffed.encoding, NEED_COLUMNS, notes), need_in)
        case Kind.ACHIEVEMENTS_CSV:
            return read_rows(rows(source, sniffed.encoding, ACHIEVEMENT_COLUMNS, notes), achievement_in)
        case _:
            assert_never(sniffed.kind)


def _settled(
    name: str, bounds: Bounds, found: Iterable[Record | Flaw]
) -> tuple[tuple[Record, ...], tuple[Quarantined, ...], int]:
    """Each record once, what is quarantined, and how often a record was repeated.

    A second record of the same name that says something else is quarantined. Flaws: `file.too_many_records`,
    `file.too_many_flaws`.
    """
    records: dict[tuple[str, ...], Record] = {}
    quarantined: list[Quarantined] = []
    repeated = 0
    for each in found:
        if isinstance(each, Flaw):
            quarantined.append(each.quarantined(name))
        elif (first := records.setdefault(each.key, each)) != each:
            quarantined.append(_duplicate(first, each).quarantined(name))
        else:
            repeated += first is not each
        _ensure_few("records", len(records), bounds.records)
        _ensure_few("flaws", len(quarantined), bounds.flaws)
    return tuple(records.values()), tuple(quarantined), repeated


def _ensure_few(what: str, number: int, bound: int) -> None:
    if number > bound:
        raise Flaw(f"file.too_many_{what}", f"it has more than {bound:,} {what}", f"at most {bound:,} {what}")


def _duplicate(first: Record, second: Record) -> Flaw:
    named = " of ".join(reversed(second.key))
    reason = f"{named} already stands at {first.where} with other content"
    return Flaw("record.duplicate", reason, "each record once, or twice word for word", second.where)

"""Tables: CSV files with a header, row by row, bounded in memory. What a cell says is text and nothing but text.

A row counts once its line has ended: the last line of a cut-off file may look whole and not be.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from infra.imports.flaws import FILE, Flaw, shown
from infra.imports.records import Record
from infra.imports.source import Source
from infra.imports.texts import bounded, cleaned, one_line


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a form: those that a file must have, each filled in every row, and those that it may have."""

    required: tuple[str, ...]
    optional: tuple[str, ...]

    @property
    def all(self) -> frozenset[str]:
        return frozenset((*self.required, *self.optional))


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line that it starts on, and its cells by column."""

    where: str
    cells: dict[str, str]

    def text(self, column: str, length: int) -> str | None:
        """What stands in the column, None when it is empty or missing. Flaw: `text.too_long`."""
        return cleaned(bounded(self.cells.get(column, ""), length, self.where, column))

    def line(self, column: str, length: int) -> str | None:
        """The same on one line: breaks in the cell count as blanks. Flaw: `text.too_long`."""
        found = self.text(column, length)
        return one_line(found) if found else None

    def required(self, column: str, length: int) -> str:
        """What stands in the column. Flaws: `row.empty_cell`, `text.too_long`."""
        found = self.text(column, length)
        if found is None:
            raise Flaw("row.empty_cell", f"{column} is empty", f"a row in which {column} is filled in", self.where)
        return found


def header_in(cells: Iterable[str]) -> tuple[str, ...]:
    """The names of columns, brackets and letters of full width made plain ones."""
    return tuple(unicodedata.normalize("NFKC", cell).strip(' "\t') for cell in cells)


def rows(source: Source, encoding: str, columns: Columns, notes: list[str]) -> Iterator[Row | Flaw]:
    """The rows of a table, with a flaw in the place of each row that is none. What concerns the file goes to `notes`.

    Flaws of the whole file, raised: `table.columns_missing`, `table.columns_twice`, `file.cut_off`, `file.encoding`.
    """
    lines = _Lines(source.text(encoding), source.bounds.piece)
    reader = csv.reader(lines, strict=True)
    header = _header(reader, columns, notes)
    empty = True
    while True:
        first = lines.number + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield _malformed(error, lines, first)
            continue
        if cells is None:
            break
        if any(cell.strip() for cell in cells):
            empty = False
            yield _row(cells, header, f"line {first}", whole=lines.ended)
    if empty:
        notes.append("it has a header and no row that can be read")


def read_rows(found: Iterable[Row | Flaw], build: Callable[[Row], Record]) -> Iterator[Record | Flaw]:
    """What `build` makes of the rows; a flaw stays in its place, and so does one that `build` finds."""
    for row in found:
        if isinstance(row, Flaw):
            yield row
            continue
        try:
            yield build(row)
        except Flaw as flaw:
            yield flaw


class _Lines:
    """The lines of a text, for the CSV reader: one that is too long is an error, and the next follows after it."""

    def __init__(self, text: Iterable[str], longest: int) -> None:
        self._lines = _lines(text, longest)
        self._longest = longest
        self.number = 0
        self.ended = True

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        if line is None:
            raise csv.Error(f"line longer than {self._longest:,} characters")
        self.ended = line.endswith("\n")
        return line


def _lines(text: Iterable[str], longest: int) -> Iterator[str | None]:
    """The lines with their ends, whichever of the three kinds these are, and None for a line that is too long."""
    newlines = io.IncrementalNewlineDecoder(None, translate=True)
    carry, dropped = "", False
    for chunk in text:
        *whole, rest = newlines.decode(chunk).split("\n")
        for part in whole:
            line = carry + part
            yield None if dropped or len(line) > longest else f"{line}\n"
            carry, dropped = "", False
        carry += rest
        if len(carry) > longest:
            carry, dropped = "", True
    carry += newlines.decode("", final=True)
    if dropped or carry:
        yield None if dropped else carry


def _header(reader: Iterator[list[str]], columns: Columns, notes: list[str]) -> tuple[str, ...]:
    try:
        header = header_in(next((cells for cells in reader if any(cells)), ()))
    except csv.Error as error:
        raise Flaw("table.header", f"its header cannot be read: {error}", ", ".join(columns.required)) from error
    if missing := [column for column in columns.required if column not in header]:
        required = ", ".join(columns.required)
        raise Flaw("table.columns_missing", f"it lacks the columns {', '.join(missing)}", f"a header with {required}")
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise Flaw("table.columns_twice", f"the columns {', '.join(twice)} stand in it twice", "each column once", FILE)
    if unused := [shown(name) for name in header if name not in columns.all]:
        notes.append(f"columns that are not read: {', '.join(unused)}")
    return header


def _malformed(error: csv.Error, lines: _Lines, first: int) -> Flaw:
    if "unexpected end of data" in str(error):
        raise Flaw("file.cut_off", f"it ends inside the quotation marks of line {first}", "the whole file") from error
    where = f"line {first}" if lines.number == first else f"lines {first} to {lines.number}"
    accepted = "cells divided by commas, quoted where they hold a comma, a quotation mark or a line break"
    return Flaw("row.malformed", f"it is no row of a table: {error}", accepted, where)


def _row(cells: list[str], header: tuple[str, ...], where: str, *, whole: bool) -> Row | Flaw:
    if not whole and len(cells) < len(header):
        raise Flaw("file.cut_off", f"it ends in the middle of {where}", "the whole file")
    if len(cells) != len(header):
        reason = f"it has {len(cells)} cells, the header has {len(header)}"
        return Flaw("row.columns", reason, f"a row of {len(header)} cells", where)
    if not whole:
        accepted = "a last line that ends with a line break, as the others do"
        return Flaw("row.unfinished", "its line does not end, so that its last cell may be cut off", accepted, where)
    return Row(where, dict(zip(header, cells, strict=True)))

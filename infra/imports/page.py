"""The text of a public EEN profile page as JSON: `{"reference": …, "page_url": …, "text": …}`, or a list of these.

The page is one run of text in which labels follow each other in a known order. A page whose end is missing is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import unquote, urlsplit

import orjson

from domain.reference.countries import country
from domain.reference.een import (
    Reference,
    parse_ipr_status,
    parse_partner_kind,
    parse_partnership,
    parse_stage,
)
from domain.reference.keywords import market_keywords, technology_keywords, typed_codes
from infra.imports.flaws import FILE, Flaw, shown
from infra.imports.page_labels import REQUIRED, goals, parts
from infra.imports.profiles import Notes, checked, doubts, ensure_type, reference_in
from infra.imports.records import Call, ProfileRecord, Record
from infra.imports.source import Source, ensure_size
from infra.imports.texts import LINE, PROSE, bounded, cleaned, day, each_of, one_line, yes_or_no

SYSTEM = "een"
_LONGEST_STATUS = 8
"""In words; more would make a long note costly to read."""

_FORM = 'the JSON of an EEN profile page: {"reference": …, "page_url": …, "text": …}, or a list of these'
_WHOLE_PAGE = "the text of a whole page, from its profile type to its last label, Share this page"


def profiles(source: Source) -> Iterator[Record | Flaw]:
    """The profiles of a file of pages, with a flaw in the place of each that cannot be read.

    Flaws of the whole file, raised: `json.malformed`, `file.unknown_kind`, `file.too_large`, `file.encoding`.
    """
    ensure_size(source.size(), source.bounds.page)
    try:
        content = orjson.loads("".join(source.text("utf-8")))
    except orjson.JSONDecodeError as error:
        raise Flaw("json.malformed", f"it is no JSON, or cut off: {error}", _FORM) from error
    pages = content if isinstance(content, list) else [content]
    for number, page in enumerate(pages, start=1):
        if not isinstance(page, dict) or not isinstance(page.get("text"), str):
            raise Flaw("file.unknown_kind", "it is JSON, but holds something else than profile pages", _FORM, FILE)
        try:
            yield _profile(page, "$" if page is content else f"$[{number - 1}]")
        except Flaw as flaw:
            yield flaw


def _profile(page: dict[str, Any], where: str) -> ProfileRecord:
    notes = Notes()
    found = parts(one_line(cleaned(page["text"]) or ""))
    if missing := [label for label in REQUIRED if label not in found]:
        reason = f"its text lacks {', '.join(missing)}: it is cut off, or of another form"
        raise Flaw("page.incomplete", reason, _WHOLE_PAGE, f"{where}.text")
    said = _Page(found, f"{where}.text", notes)
    reference = _reference(page, said, where)
    ensure_type(reference, said.text("Profile Type"), said.where)
    published, expires = _validity(said)
    address = notes.address("the address of the page", _given(page, "page_url", where))
    ipr, ipr_note = _ipr(said)
    profile = ProfileRecord(
        where=where,
        source_system=SYSTEM,
        reference=reference,
        title=_title(_given(page, "title", where), address, said),
        summary=said.text("Short Summary", PROSE),
        description=said.text("Full Description", PROSE),
        advantages=said.text("Advantages and Innovations", PROSE),
        partner_role=said.text("Expected Role of a Partner", PROSE),
        technical_specification=said.text("Technical Specification or Expertise Sought", PROSE),
        stage=notes.known("the stage", said.text("Stage of Development"), parse_stage),
        ipr=parse_ipr_status(ipr) if ipr else None,
        ipr_note=ipr_note,
        partnerships=said.every("Type of partnership", parse_partnership),
        partner_kinds=said.every("Type and Size of Partner", parse_partner_kind),
        technologies=notes.keywords("the technology keyword", said.codes("Technology keywords"), technology_keywords()),
        markets=notes.keywords("the market keyword", said.codes("Market keywords"), market_keywords()),
        unknown_keywords=tuple(notes.unknown_keywords),
        sdgs=goals(said.text("Sustainable Development Goals", PROSE) or ""),
        country=said.country() or reference.country,
        target_countries=said.targets(),
        published=published,
        expires=expires,
        eoi_deadline=said.deadline("Deadline for EoI"),
        call=_call(said),
        open_for_interest="Express interest" in (said.text("Contact", PROSE) or ""),
        public_url=address,
    )
    return replace(checked(profile), warnings=(*notes.warnings, *doubts(profile)))


class _Page:
    """What a page says under its labels, with a place for what is noted on the way."""

    def __init__(self, found: dict[str, str], where: str, notes: Notes) -> None:
        self._found = found
        self.where = where
        self.notes = notes

    def text(self, label: str, length: int = LINE) -> str | None:
        """What follows the label, None when it is nothing. Flaw: `text.too_long`."""
        return bounded(self._found.get(label, ""), length, self.where, label) or None

    def every(self, label: str, parse: Any) -> tuple[Any, ...]:
        """All entries that follow the label. What is none of them is noted."""
        found, rest = each_of(self.text(label, PROSE) or "", parse)
        if rest:
            self.notes.warn(f"under {label} is left out what is not known: {shown(rest)}")
        return found

    def codes(self, label: str) -> tuple[str, ...]:
        return typed_codes(self.text(label, PROSE) or "")

    def country(self) -> str | None:
        found = self.notes.known("the country", self.text("Company's Country"), country)
        return found.code if found else None

    def targets(self) -> tuple[str, ...]:
        text = self.text("Targeted countries", PROSE)
        if text is None or text.casefold() == "all countries":
            return ()
        return tuple(each.code for each in self.every("Targeted countries", country))

    def deadline(self, label: str) -> date | None:
        """The day that follows the label. Flaw: `date.unreadable`."""
        text = self.text(label)
        return _day(text, label, self.where) if text else None


def _given(page: dict[str, Any], name: str, where: str) -> str | None:
    """A text that stands beside the page's text. Flaw: `page.field`."""
    value = page.get(name)
    if value is not None and not isinstance(value, str):
        raise Flaw("page.field", f"{name} is no text", f"{name} as a text", f"{where}.{name}")
    return cleaned(value)


def _reference(page: dict[str, Any], said: _Page, where: str) -> Reference:
    """The reference, which the file and its text must agree on. Flaws: `reference.…`, `page.other_reference`."""
    printed = reference_in(said.text("POD Reference"), said.where)
    given = _given(page, "reference", where)
    if given and str(reference_in(given, f"{where}.reference")) != str(printed):
        reason = f"the file calls it {shown(given)}, its text says {printed}"
        raise Flaw("page.other_reference", reason, "the same reference in both", f"{where}.reference")
    return printed


def _validity(said: _Page) -> tuple[date, date]:
    text = said.text("Term of Validity") or ""
    begins, _, ends = text.replace("–", "-").partition(" - ")
    return _day(begins, "Term of Validity", said.where), _day(ends, "Term of Validity", said.where)


def _day(text: str, label: str, where: str) -> date:
    found = day(text)
    if found is None:
        raise Flaw(
            "date.unreadable", f"{label} says {shown(text)}, which is no day", "a day such as 31 July 2026", where
        )
    return found


def _ipr(said: _Page) -> tuple[str | None, str | None]:
    """The status, and what stands behind it."""
    words = (said.text("IPR status", PROSE) or "").split()
    for end in range(min(len(words), _LONGEST_STATUS), 0, -1):
        status = " ".join(words[:end])
        if parse_ipr_status(status):
            return status, said.text("IPR notes", PROSE) or " ".join(words[end:]) or None
    return None, said.text("IPR notes", PROSE) or " ".join(words) or None


def _title(given: str | None, address: str | None, said: _Page) -> str:
    """The page's text lacks its title: it stands beside it, or is made of the address, or of the summary."""
    if given:
        return bounded(one_line(given), LINE, said.where, "the title")
    words = unquote(urlsplit(address or "").path).rpartition("/")[2].replace("-", " ").strip()
    said.notes.warn(f"the title is made of {'the address of the page' if words else 'the summary'}")
    made = one_line(words or said.text("Short Summary", PROSE) or str(said.text("POD Reference")))
    return (made[:1].upper() + made[1:])[:LINE]


def _call(said: _Page) -> Call | None:
    notes = said.notes
    call = Call(
        framework=said.text("Framework program"),
        title=said.text("Call title and identifier"),
        scheme=said.text("Submission and evaluation scheme", PROSE),
        budget=said.text("Anticipated project budget"),
        deadline=notes.known("the deadline of the call", said.text("Deadline of the call"), day),
        weeks=notes.known("the duration in weeks", said.text("Project duration in weeks"), _weeks),
        url=notes.address("the page of the call", said.text("Web link to the call", PROSE)),
        project=said.text("Project title and acronym"),
        coordinator_required=notes.known(
            "whether a coordinator is required", said.text("Coordinator required"), yes_or_no
        ),
    )
    return call if call != Call() else None


def _weeks(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None

"""One profile of POD v6: from the texts of its elements to a record. Empty elements are absent values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from domain.reference.countries import Country, country
from domain.reference.een import parse_ipr_status, parse_partnership, parse_stage
from domain.reference.keywords import KeywordTree, market_keywords, technology_keywords
from infra.imports.flaws import Flaw, shown
from infra.imports.profiles import Notes, checked, doubts, ensure_type, reference_in
from infra.imports.records import Call, PartnerContact, ProfileRecord
from infra.imports.texts import CODE, LINE, PROSE, bounded, cleaned, day, one_line, yes_or_no

SYSTEM = "een"

_WANTED = frozenset(
    {
        "reference/external",
        "reference/type",
        "datum/submit",
        "datum/update",
        "datum/deadline",
        "content/title",
        "content/summary",
        "content/description",
        "company/country/key",
        "company/country/label",
        "contact/partnerid",
        "contact/organization",
        "contact/organizationcountry/key",
        "contact/organizationcountry/label",
        "contact/fullname",
        "contact/email",
        "contact/phone",
        "cooperation/plusvalue",
        "cooperation/techspec",
        "cooperation/stagedev/stage",
        "cooperation/stagedev/comment",
        "cooperation/ipr/status",
        "cooperation/ipr/comment",
        "cooperation/partner/area",
        "cooperation/partner/sought",
        "cooperation/partner/task",
        "keyword/technologies/technology/key",
        "keyword/technologies/technology/label",
        "keyword/markets/market/key",
        "keyword/markets/market/label",
        "program/framework",
        "program/programme",
        "program/subprogramme",
        "program/acronym",
        "program/call/deadline",
        "program/call/website",
        "program/funding",
        "program/evaluation",
        "program/coordinator",
        "program/duration",
        "program/prebudget",
        "program/url",
        "dissemination/preferred/country/key",
        "dissemination/preferred/country/label",
        "eoi/status",
    }
)
_PARTNERSHIPS = "partnerships"
_WEEKS = re.compile(r"([0-9]{1,4})\s*weeks?", re.IGNORECASE)


def wanted(path: Sequence[str]) -> bool:
    """Whether the text at this path, below the profile, is one that a record keeps."""
    return "/".join(path) in _WANTED or (len(path) == 2 and path[0] == _PARTNERSHIPS)


class Values:
    """The texts of a profile by path, in their order. Empty ones are not kept."""

    def __init__(self) -> None:
        self._texts: dict[str, list[str]] = {}
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def add(self, path: str, text: str) -> None:
        if text.strip():
            key = _PARTNERSHIPS if path.startswith(f"{_PARTNERSHIPS}/") else path
            self._texts.setdefault(key, []).append(text)
            self._size += 1

    def all(self, path: str, where: str, length: int = LINE) -> tuple[str, ...]:
        """All texts at the path. Flaw: `text.too_long`."""
        at = f"{where}/{path}"
        texts = (cleaned(bounded(text, length, at, path)) for text in self._texts.get(path, ()))
        return tuple(text for text in texts if text)

    def first(self, path: str, where: str, length: int = LINE) -> str | None:
        """The first text at the path, None when there is none. Flaw: `text.too_long`."""
        return next(iter(self.all(path, where, length)), None)


def profile_in(values: Values, where: str) -> ProfileRecord:
    """The record of a profile.

    Flaws: `reference.…`, `profile.type_unknown`, `profile.type_differs`, `profile.untitled`, `profile.expires_first`,
    `date.unreadable` (of the expiry, on which it hangs whether the profile is open), `text.too_long`.
    """
    notes = Notes()
    reference = reference_in(values.first("reference/external", where), f"{where}/reference/external")
    ensure_type(reference, values.first("reference/type", where), f"{where}/reference/type")
    title = values.first("content/title", where)
    if title is None:
        raise Flaw("profile.untitled", "it has no title", "a profile with a title", f"{where}/content/title")
    technologies = _keywords(values, where, "technology", "keyword/technologies/technology", notes)
    markets = _keywords(values, where, "market", "keyword/markets/market", notes)
    profile = ProfileRecord(
        where=where,
        source_system=SYSTEM,
        reference=reference,
        title=one_line(title),
        summary=values.first("content/summary", where, PROSE),
        description=values.first("content/description", where, PROSE),
        advantages=values.first("cooperation/plusvalue", where, PROSE),
        partner_sought=_joined(values, where, "cooperation/partner/area", "cooperation/partner/sought"),
        partner_role=values.first("cooperation/partner/task", where, PROSE),
        technical_specification=values.first("cooperation/techspec", where, PROSE),
        stage=notes.known("the stage", values.first("cooperation/stagedev/stage", where), parse_stage),
        stage_note=values.first("cooperation/stagedev/comment", where, PROSE),
        ipr=notes.known("the IPR status", values.first("cooperation/ipr/status", where), parse_ipr_status),
        ipr_note=values.first("cooperation/ipr/comment", where, PROSE),
        partnerships=notes.all_known("a partnership", values.all(_PARTNERSHIPS, where), parse_partnership),
        technologies=technologies,
        markets=markets,
        unknown_keywords=tuple(notes.unknown_keywords),
        country=_country(values, where, "company/country", notes) or reference.country,
        target_countries=tuple(
            each.code for each in _countries(values, where, "dissemination/preferred/country", notes)
        ),
        submitted=notes.known("the date of submission", values.first("datum/submit", where), day),
        updated=notes.known("the date of the update", values.first("datum/update", where), day),
        expires=_expiry(values, where),
        call=_call(values, where, notes),
        open_for_interest=_open(values, where, notes),
        contact=_contact(values, where, notes),
    )
    return replace(checked(profile), warnings=(*notes.warnings, *doubts(profile)))


def _joined(values: Values, where: str, *paths: str, between: str = "\n") -> str | None:
    """What stands at the paths, one after the other. Flaw: `text.too_long`."""
    texts = (values.first(path, where, PROSE) for path in paths)
    joined = between.join(dict.fromkeys(text for text in texts if text))
    return bounded(joined, PROSE, f"{where}/{paths[0]}", " and ".join(paths)) or None


def _keywords(values: Values, where: str, what: str, path: str, notes: Notes) -> tuple[str, ...]:
    """The codes; where a file gives labels alone, those that a label names."""
    tree: KeywordTree = technology_keywords() if what == "technology" else market_keywords()
    codes = values.all(f"{path}/key", where, CODE)
    if codes:
        return notes.keywords(f"the {what} keyword", codes, tree)
    labels = values.all(f"{path}/label", where)
    return tuple(each.code for each in notes.all_known(f"a {what} keyword", labels, tree.parse))


def _countries(values: Values, where: str, path: str, notes: Notes) -> tuple[Country, ...]:
    texts = values.all(f"{path}/key", where) or values.all(f"{path}/label", where)
    return notes.all_known("a country", texts, country)


def _country(values: Values, where: str, path: str, notes: Notes) -> str | None:
    return next((each.code for each in _countries(values, where, path, notes)), None)


def _expiry(values: Values, where: str) -> date | None:
    text = values.first("datum/deadline", where)
    found = day(text) if text else None
    if text and found is None:
        reason = f"it is to expire on {shown(text)}, which is no day"
        raise Flaw("date.unreadable", reason, "a day such as 2027-07-31", f"{where}/datum/deadline")
    return found


def _open(values: Values, where: str, notes: Notes) -> bool:
    """What cannot be told apart from yes and no counts as no: nobody is sent to a closed door."""
    text = values.first("eoi/status", where)
    return text is None or notes.known("whether it is open for interest", text, yes_or_no) is True


def _call(values: Values, where: str, notes: Notes) -> Call | None:
    website = values.first("program/call/website", where, PROSE) or values.first("program/url", where, PROSE)
    call = Call(
        framework=_joined(
            values, where, "program/framework", "program/programme", "program/subprogramme", between=" / "
        ),
        scheme=_joined(values, where, "program/funding", "program/evaluation"),
        budget=values.first("program/prebudget", where),
        deadline=notes.known("the deadline of the call", values.first("program/call/deadline", where), day),
        weeks=notes.known("the duration in weeks", values.first("program/duration", where), _weeks),
        url=notes.address("the page of the call", website),
        project=values.first("program/acronym", where),
        coordinator_required=notes.known(
            "whether a coordinator is required", values.first("program/coordinator", where), yes_or_no
        ),
    )
    return call if call != Call() else None


def _weeks(text: str) -> int | None:
    """Only with its unit: the files do not say which one they count in."""
    match = _WEEKS.fullmatch(text)
    return int(match[1]) if match else None


def _contact(values: Values, where: str, notes: Notes) -> PartnerContact | None:
    contact = PartnerContact(
        organisation=values.first("contact/organization", where),
        country=_country(values, where, "contact/organizationcountry", notes),
        partner_id=values.first("contact/partnerid", where, CODE),
        full_name=values.first("contact/fullname", where),
        email=values.first("contact/email", where),
        phone=values.first("contact/phone", where),
    )
    return contact if contact != PartnerContact() else None

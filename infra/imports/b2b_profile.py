"""One profile of EEN's partner web service: from its JSON to a record.

Profiles that are neither published nor the caller's own come limited: a number, a status, and null or "N/A" for the
rest. Such a record says where the profile stands, and nothing of what it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from domain.profile_standing import SourceStatus
from domain.reference.countries import country
from domain.reference.een import Reference, parse_ipr_status, parse_partner_kind, parse_partnership, parse_stage
from domain.reference.keywords import market_keywords, sdg_goals, technology_keywords
from infra.imports.b2b_values import Item
from infra.imports.flaws import Flaw, shown
from infra.imports.json_values import Members, ensure_once
from infra.imports.profiles import Notes, checked, doubts, ensure_type, reference_in
from infra.imports.records import Call, ProfileRecord, Record, StandingRecord
from infra.imports.texts import CODE, PROSE

SYSTEM = "een"

REPORTED = tuple(each for each in SourceStatus if each is not SourceStatus.GONE)
"""The statuses that the service gives."""
CORE = ("title", "shortSummary", "description", "expectedRoleOfThePartner")
"""Where these are all without a value, the record is a limited one."""
_GOAL = re.compile(r"goal\s*([0-9]{1,2})\b.*", re.IGNORECASE)
_NO_GOAL = "not relevant"


def record_in(content: Any, where: str) -> Record:
    """The record of a profile, full or limited.

    Flaws: `profile.member`, `profile.status_unknown`, `profile.unnamed`, `profile.untitled`, `profile.too_large`,
    `profile.type_…`, `profile.expires_first`, `reference.…`, `date.unreadable`, `text.…`, `json.name_twice`.
    """
    if not isinstance(content, Members):
        raise Flaw("profile.member", "it is no object", "an object with the members of a profile", where)
    ensure_once(content, where)
    item = Item(content, where, Notes())
    status = _status(item)
    if all(item.text(name, PROSE) is None for name in CORE):
        return _limited(item, status)
    return _full(item, status)


def _limited(item: Item, status: SourceStatus) -> StandingRecord:
    given = item.text("reference")
    source_id = item.text("id", CODE)
    if given is None and source_id is None:
        reason = "it has neither an id nor a reference"
        raise Flaw("profile.unnamed", reason, "an id, a reference, or both", item.where)
    return StandingRecord(
        where=item.where,
        source_system=SYSTEM,
        source_id=source_id,
        reference=reference_in(given, item.at("reference")) if given else None,
        status=status,
        modified=item.moment("lastModified", "the moment of the last change"),
        warnings=tuple(item.notes.warnings),
    )


def _full(item: Item, status: SourceStatus) -> ProfileRecord:
    notes = item.notes
    reference = reference_in(item.text("reference"), item.at("reference"))
    _ensure_type(item, reference)
    title = item.line("title", advised=256)
    if title is None:
        raise Flaw("profile.untitled", "it has no title", "a profile with a title", item.at("title"))
    modified = item.moment("lastModified", "the moment of the last change")
    profile = ProfileRecord(
        where=item.where,
        source_system=SYSTEM,
        source_id=item.text("id", CODE),
        status=status,
        modified=modified,
        reference=reference,
        title=title,
        summary=item.text("shortSummary", PROSE, advised=500),
        description=item.text("description", PROSE, advised=4_000),
        advantages=item.text("advantagesAndInnovation", PROSE, advised=2_000),
        partner_role=item.text("expectedRoleOfThePartner", PROSE, advised=4_000),
        technical_specification=item.text("technicalSpecificationOrExpertiseSought", PROSE, advised=2_000),
        stage=item.coded("stageOfDevelopment", "the stage", parse_stage),
        ipr=item.coded("iprStatus", "the IPR status", parse_ipr_status),
        ipr_note=item.text("iprNotes", PROSE),
        partnerships=item.all_coded("typesOfPartnership", "a partnership", parse_partnership),
        partner_kinds=item.all_coded("typesAndSizes", "a type of partner", parse_partner_kind),
        technologies=item.keywords("technologyKeywords", "technology", technology_keywords()),
        markets=item.keywords("marketKeywords", "market", market_keywords()),
        unknown_keywords=tuple(notes.unknown_keywords),
        sdgs=_goals(item),
        country=_code(item, "partnerOrganisationCountry", "the country") or reference.country,
        target_countries=_targets(item),
        submitted=item.day("created", "the date of submission"),
        updated=modified.date() if modified else None,
        published=item.day("publicationDate", "the date of publication"),
        expires=item.needed_day("expirationDate"),
        eoi_deadline=item.needed_day("deadlineForEoI"),
        call=_call(item),
        open_for_interest=_open(item),
        public_url=notes.address("the address of the page", item.text("publicURL", PROSE)),
    )
    return replace(checked(profile), warnings=(*notes.warnings, *doubts(profile), *_dates(profile)))


def _status(item: Item) -> SourceStatus:
    given = [text for spellings in item.entries("profileStatus") for text in spellings]
    names = {text.upper().replace(" ", "_") for text in given}
    found = next((each for each in REPORTED if each.name in names), None)
    if found is None:
        accepted = ", ".join(each.name for each in REPORTED)
        reason = f"{shown(given[0])} is no status" if given else "it has no status"
        raise Flaw("profile.status_unknown", reason, accepted, item.at("profileStatus"))
    return found


def _ensure_type(item: Item, reference: Reference) -> None:
    """One of the spellings names the type of the reference; if none does, the first says what is wrong."""
    for spellings in item.entries("profileType"):
        for number, spelling in enumerate(spellings):
            try:
                ensure_type(reference, spelling, item.at("profileType"))
            except Flaw:
                if number == len(spellings) - 1:
                    raise
            else:
                break


def _goals(item: Item) -> tuple[int, ...]:
    """The numbers of the goals; "Not relevant" is none."""

    def goal(text: str) -> int | None:
        if text.casefold() == _NO_GOAL:
            return 0
        found = _GOAL.fullmatch(text)
        return int(found[1]) if found and int(found[1]) in sdg_goals() else None

    return tuple(sorted({each for each in item.all_coded("sdgKeywords", "a goal", goal) if each}))


def _code(item: Item, name: str, what: str) -> str | None:
    found = item.coded(name, what, country)
    return found.code if found else None


def _targets(item: Item) -> tuple[str, ...]:
    """The target countries; none means that none is left out."""
    entries = list(item.entries("targetedCountries"))
    if any(text.casefold() in {"all", "all countries"} for spellings in entries for text in spellings):
        return ()
    return tuple(each.code for each in item.all_coded("targetedCountries", "a target country", country))


def _open(item: Item) -> bool:
    """That a profile is published does not say it; where nothing is said, nobody is sent to a closed door."""
    found = item.flag("openForEOI", "whether it is open for interest")
    if found is None:
        item.notes.warn("openForEOI says nothing: it counts as closed for interest")
    return found is True


def _call(item: Item) -> Call | None:
    notes = item.notes
    call = Call(
        framework=item.text("frameworkProgram", PROSE),
        title=item.text("callTitleAndIdentifier", PROSE),
        scheme=item.text("submissionAndEvaluationScheme", PROSE),
        budget=item.text("anticipatedProjectBudget"),
        deadline=item.day("deadlineOfTheCall", "the deadline of the call"),
        weeks=notes.known("the duration in weeks", item.text("projectDurationInWeeks"), _weeks),
        url=notes.address("the page of the call", item.text("webLinkToTheCall", PROSE)),
        project=item.text("projectTitleAndAcronym", PROSE),
        coordinator_required=item.flag("coordinatorRequired", "whether a coordinator is required"),
    )
    return call if call != Call() else None


def _weeks(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


def _dates(profile: ProfileRecord) -> Iterable[str]:
    """What is odd about the days of a profile, and no reason to leave it out."""
    order = (("created", profile.submitted), ("published", profile.published))
    for (one, first), (other, second) in ((order[0], order[1]), (order[0], ("last changed", profile.updated))):
        if first and second and second < first:
            yield f"it was {other} on {second}, before it was {one} on {first}"

"""What the readers of EEN profiles share: references, keywords, addresses of pages, and what a profile must be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from domain.kernel.refusals import Refusal
from domain.reference.een import (
    PARTNERSHIPS,
    REFERENCE_FORM,
    ProfileType,
    Reference,
    parse_profile_type,
    parse_reference,
)
from domain.reference.keywords import KeywordTree
from infra.imports.flaws import Flaw, shown
from infra.imports.records import ProfileRecord
from infra.imports.texts import page_address

Found = TypeVar("Found")

TYPES = ", ".join(ProfileType)


@dataclass(slots=True)
class Notes:
    """What is noted while a profile is read: warnings, and keywords that the lists do not know."""

    warnings: list[str] = field(default_factory=list)
    unknown_keywords: list[str] = field(default_factory=list)

    def warn(self, warning: str) -> None:
        self.warnings.append(warning)

    def known(self, what: str, text: str | None, parse: Callable[[str], Found | None]) -> Found | None:
        """What `parse` makes of the text; what it does not know is left out, with a warning."""
        if text is None:
            return None
        found = parse(text)
        if found is None:
            self.warn(f"{what} is not known and left out: {shown(text)}")
        return found

    def all_known(self, what: str, texts: Iterable[str], parse: Callable[[str], Found | None]) -> tuple[Found, ...]:
        """What `parse` makes of each, once; what it does not know is left out, with a warning."""
        found = (self.known(what, text, parse) for text in texts)
        return tuple(dict.fromkeys(each for each in found if each is not None))

    def keywords(self, what: str, codes: Iterable[str], tree: KeywordTree) -> tuple[str, ...]:
        """The codes that the list knows, each once; the others are noted."""
        codes = tuple(dict.fromkeys(codes))
        for code in codes:
            if code not in tree:
                self.warn(f"{what} {shown(code)} is not in the list")
                self.unknown_keywords.append(code)
        return tuple(code for code in codes if code in tree)

    def address(self, what: str, text: str | None) -> str | None:
        """The address of a web page; one that is none, or that no reader should be sent to, is left out."""
        if text is None:
            return None
        found = page_address(text)
        if found is None:
            self.warn(f"{what} is no http or https address and is left out: {shown(text)}")
        return found


def reference_in(text: str | None, where: str) -> Reference:
    """The reference. Flaws: `reference.missing`, `reference.malformed`, `reference.date_impossible`."""
    if text is None:
        raise Flaw("reference.missing", "it has no reference", REFERENCE_FORM, where)
    try:
        return parse_reference(text)
    except Refusal as refusal:
        reason = f"{shown(text)} is no reference: {refusal.explanation}"
        raise Flaw(refusal.code, reason, REFERENCE_FORM, where) from refusal


def ensure_type(reference: Reference, text: str | None, where: str) -> None:
    """The type that a file states is the one in the reference.

    Flaws: `profile.type_unknown`, `profile.type_differs`.
    """
    if text is None:
        return
    found = parse_profile_type(text)
    if found is None:
        raise Flaw("profile.type_unknown", f"{shown(text)} is no type of profile", TYPES, where)
    if found is not reference.type:
        reason = f"its type is {found}, but {reference} names a {reference.type}"
        raise Flaw("profile.type_differs", reason, f"the type {reference.type}, or the reference of a {found}", where)


def checked(profile: ProfileRecord) -> ProfileRecord:
    """The profile, if its dates can be in that order. Flaw: `profile.expires_first`."""
    begins = profile.published or profile.submitted
    if begins and profile.expires and profile.expires < begins:
        reason = f"it expires on {profile.expires}, before it was submitted on {begins}"
        raise Flaw("profile.expires_first", reason, "an expiry on the day of submission or later", profile.where)
    return profile


def doubts(profile: ProfileRecord) -> Iterable[str]:
    """What is odd about a profile and yet no reason to leave it out."""
    fitting = PARTNERSHIPS[profile.type]
    for partnership in profile.partnerships:
        if partnership not in fitting:
            yield f"{shown(partnership.label)} is no partnership that a {profile.type} may look for"
    call = profile.call
    if call and call.deadline and profile.eoi_deadline and profile.eoi_deadline > call.deadline:
        yield f"interest may be expressed until {profile.eoi_deadline}, after the call has closed on {call.deadline}"
    if profile.reference.country is None:
        yield f"the letters {profile.reference.letters} in {profile.reference} name no country"

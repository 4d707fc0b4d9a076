"""The members of a profile of the partner web service: null and "N/A" are no values, numbers may be texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from domain.reference.keywords import KeywordTree
from infra.imports.flaws import Flaw, shown
from infra.imports.json_values import Members, ensure_once
from infra.imports.profiles import Notes
from infra.imports.texts import LINE, PROSE, bounded, cleaned, day, one_line, yes_or_no

Found = TypeVar("Found")

NAMES = ("code", "acronym", "key", "name", "label", "title", "value")
"""Under which an entry of a code list says what it is, the surest first."""
MOST_ENTRIES = 300
"""More entries than the longest code list of such a profile has, all countries."""
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Item:
    """One profile as an object of JSON, where it stands, and what is noted while it is read."""

    members: Members
    where: str
    notes: Notes

    def at(self, name: str) -> str:
        return f"{self.where}.{name}"

    def text(self, name: str, length: int = LINE, *, advised: int | None = None) -> str | None:
        """The text of that name; one that is longer than EEN advises is taken, and noted.

        Flaws: `profile.member`, `text.too_long`, `text.broken`, `json.name_twice`.
        """
        text = self._plain(self.members.get(name), name)
        if text is None:
            return None
        found = bounded(text, length, self.at(name), name)
        if advised is not None and len(found) > advised:
            self.notes.warn(f"{name} has {len(found):,} characters, of which EEN takes {advised:,}")
        return found

    def line(self, name: str, *, advised: int | None = None) -> str | None:
        """The same on one line."""
        found = self.text(name, advised=advised)
        return one_line(found) if found else None

    def coded(self, name: str, what: str, parse: Callable[[str], Found | None]) -> Found | None:
        """What an entry of a code list means; one that is not known is left out, with a warning."""
        return next(iter(self.all_coded(name, what, parse)), None)

    def all_coded(self, name: str, what: str, parse: Callable[[str], Found | None]) -> tuple[Found, ...]:
        """What the entries mean, each once."""
        found: dict[Found, None] = {}
        for spellings in self.entries(name):
            meant = next((each for each in map(parse, spellings) if each is not None), None)
            if meant is None:
                self.notes.warn(f"{what} is not known and left out: {shown(spellings[0])}")
            else:
                found[meant] = None
        return tuple(found)

    def keywords(self, name: str, what: str, tree: KeywordTree) -> tuple[str, ...]:
        """The codes of keywords, of either generation; what the list does not know is noted."""
        found: dict[str, None] = {}
        for spellings in self.entries(name):
            keyword = next((each for each in map(tree.parse, spellings) if each is not None), None)
            if keyword is None:
                self.notes.warn(f"the {what} keyword {shown(spellings[0])} is not in the list")
                self.notes.unknown_keywords.append(spellings[0])
            else:
                found[keyword.code] = None
        return tuple(found)

    def entries(self, name: str) -> Iterator[tuple[str, ...]]:
        """The entries of a list, each with every spelling that it gives. Entries without any are left out.

        A single text may list several, with semicolons between them. Flaws: `profile.member`, `profile.too_large`.
        """
        value = self.members.get(name)
        if isinstance(value, str):
            value = value.split(";")
        given = value if isinstance(value, list) else [] if value is None else [value]
        if len(given) > MOST_ENTRIES:
            accepted = f"at most {MOST_ENTRIES:,} entries"
            raise Flaw("profile.too_large", f"{name} has {len(given):,} entries", accepted, self.at(name))
        for entry in given:
            if spellings := tuple(self._spellings(entry, name)):
                yield spellings

    def flag(self, name: str, what: str) -> bool | None:
        """Yes or no; None for anything else, with a warning unless it is nothing."""
        value = self.members.get(name)
        if isinstance(value, bool):
            return value
        return self.notes.known(what, self.text(name), yes_or_no)

    def day(self, name: str, what: str) -> date | None:
        """The day of that name, with a warning for what is none."""
        return self.notes.known(what, self.text(name), day)

    def needed_day(self, name: str) -> date | None:
        """The same for a day on which it hangs whether the profile is open. Flaw: `date.unreadable`."""
        text = self.text(name)
        found = day(text) if text else None
        if text and found is None:
            reason = f"{name} says {shown(text)}, which is no day"
            raise Flaw("date.unreadable", reason, "a day such as 2027-07-31", self.at(name))
        return found

    def moment(self, name: str, what: str) -> datetime | None:
        """The time of that name; without an offset it is in UTC."""
        return self.notes.known(what, self.text(name), moment)

    def _spellings(self, entry: Any, name: str) -> Iterator[str]:
        if isinstance(entry, Members):
            ensure_once(entry, self.at(name))
            given = [entry.get(each) for each in NAMES if not isinstance(entry.get(each), Members | list | bool)]
        else:
            given = [entry]
        for each in given:
            if text := self._plain(each, name):
                yield one_line(bounded(text, LINE, self.at(name), name))

    def _plain(self, value: Any, name: str) -> str | None:
        """A text, or a number as one. Flaws: `profile.member`, `text.broken`, `text.too_long`."""
        if isinstance(value, Members):
            return next(self._spellings(value, name), None)
        if value is None or (isinstance(value, str) and value.strip().casefold() == "n/a"):
            return None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str):
            raise Flaw("profile.member", f"{name} is neither a text nor a number", f"{name} as a text", self.at(name))
        if _SURROGATE.search(value):
            raise Flaw("text.broken", f"{name} holds half of a character", "whole characters", self.at(name))
        return cleaned(bounded(value, PROSE, self.at(name), name))


def moment(text: str) -> datetime | None:
    """The time that a text names in ISO 8601; None when it is none. Without an offset it is in UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)

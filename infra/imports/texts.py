"""Reading of single texts: lines, prose, dates, addresses of pages, lists. Each says what it takes, or gives None."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TypeVar
from urllib.parse import urlsplit

from infra.imports.flaws import Flaw

LINE = 500
"""The longest line that is taken, in characters: titles, names."""

PROSE = 20_000
"""The longest prose that is taken, in characters."""

CODE = 64
"""The longest code of a list or a register that is taken, in characters."""

ADDRESS = 2_000
"""The longest address of a page that is taken, in characters."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_STAMP = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:[T ].*|[0-9]{9})?")
_SPOKEN = re.compile(r"([0-9]{1,2})\s+([A-Za-z]{3})[a-z]*\.?\s+([0-9]{4})")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SEPARATORS = re.compile(r"[;；,，、\n]+")

Found = TypeVar("Found")


def cleaned(text: str | None) -> str | None:
    """The text without blanks around it and without control characters; None when nothing is left."""
    if text is None:
        return None
    return _CONTROL.sub("", text).strip() or None


def bounded(text: str, length: int, where: str, what: str) -> str:
    """The text, if it is not longer than that. Flaw: `text.too_long`."""
    if len(text) > length:
        raise Flaw("text.too_long", f"{what} is too long", f"at most {length:,} characters", where)
    return text


def one_line(text: str) -> str:
    """The text with every run of blanks and line breaks as one blank."""
    return " ".join(text.split())


def day(text: str) -> date | None:
    """The day that a text names: `2026-07-31` (a time of day may follow), `20260731`, `31 July 2026`, `20 Aug 2026`.

    None when it is none of these, or no day of the calendar.
    """
    text = text.strip()
    if match := _STAMP.fullmatch(text):
        year, month, number = (int(part) for part in match.groups())
    elif (match := _SPOKEN.fullmatch(text)) and match[2].casefold() in _MONTHS:
        year, month, number = int(match[3]), _MONTHS.index(match[2].casefold()) + 1, int(match[1])
    else:
        return None
    try:
        return date(year, month, number)
    except ValueError:
        return None


def yes_or_no(text: str) -> bool | None:
    """What true, yes and 1, or false, no and 0 say; None for anything else."""
    word = text.strip().casefold()
    if word in {"true", "yes", "1"}:
        return True
    return False if word in {"false", "no", "0"} else None


def page_address(text: str) -> str | None:
    """The address of a web page that is safe to link to, its scheme in small letters.

    It has http or https, a host and no password; None for any other.
    """
    text = text.strip()
    if len(text) > ADDRESS or any(each.isspace() or not each.isprintable() for each in text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        return None
    return parts.scheme + text[len(parts.scheme) :]


def listed(text: str | None) -> tuple[str, ...]:
    """The entries of a list in one cell, separated by semicolons, commas or 、, each once, in their order."""
    entries = (one_line(entry) for entry in _SEPARATORS.split(text or ""))
    return tuple(dict.fromkeys(entry for entry in entries if entry))


def each_of(text: str, parse: Callable[[str], Found | None]) -> tuple[tuple[Found, ...], str]:
    """What stands in a run of names without separators, and the words that are part of none.

    At every word the longest name is taken: `SME 50 - 249 University` is two kinds of partner.
    """
    words, found, rest, start = text.split(), [], [], 0
    while start < len(words):
        for end in range(min(len(words), start + 9), start, -1):
            name = parse(" ".join(words[start:end]).strip(",;"))
            if name is not None:
                found.append(name)
                start = end
                break
        else:
            rest.append(words[start])
            start += 1
    return tuple(dict.fromkeys(found)), " ".join(rest)

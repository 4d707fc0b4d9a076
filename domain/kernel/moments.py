"""Moments as people name them: a place in the log, or a time by its clocks."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TypeAlias

from domain.kernel.days import CHINA

AsOf: TypeAlias = int | datetime
"""A position of the log, or a time. The time means the last commit up to which nothing was recorded after it."""

LONGEST = 18
"""Digits of a position: what fits into 64 bits."""
TIMES = "a day such as 2026-03-01 (its end in China), or a time with its offset such as 2026-03-01T12:00+08:00"


class MomentError(ValueError):
    """The text names no moment; says what would."""


class NoSuchMomentError(Exception):
    """The log has no such position or time; says why in one line, and what it has."""


def as_of(text: str) -> AsOf:
    """What a text means: digits alone are a position, everything else is a time. Raises MomentError."""
    if text.isascii() and text.isdigit():
        if len(text) > LONGEST:
            raise MomentError(f"{text[:LONGEST]}…: a position has at most {LONGEST} digits")
        return int(text)
    try:
        return moment(text)
    except MomentError:
        raise MomentError(f"{text}: takes a position of the log, {TIMES}") from None


def moment(text: str) -> datetime:
    """The time that a text in ISO 8601 names. A plain day means all of it, as days are in China: its last moment.

    Raises MomentError, also for a time that does not say its offset from UTC.
    """
    try:
        return datetime.combine(date.fromisoformat(text), time.max, CHINA)
    except ValueError:
        pass
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise MomentError(f"{text}: takes {TIMES}")
    return found

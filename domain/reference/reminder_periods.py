"""How long advisers wait: until an interest is acknowledged, between follow-ups, and until silence is an answer.

These are this network's own defaults, no rule of the EEN. They are dated, so that what was due on a day stays what it
was when the periods change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ReminderPeriods:
    """The periods that hold since a day, in calendar days."""

    since: date
    acknowledge: int
    """Until the adviser abroad has heard of us."""
    follow_up: int
    """Of silence, until somebody asks again; and again after as many."""
    silence: int
    """After which an interest may be given up for dead."""


PERIODS: tuple[ReminderPeriods, ...] = (
    ReminderPeriods(since=date(2010, 1, 1), acknowledge=5, follow_up=30, silence=90),
)
"""The earliest first."""


def reminder_periods(on: date, periods: tuple[ReminderPeriods, ...] = PERIODS) -> ReminderPeriods:
    """Those of the day; before the first of them, the first."""
    return max((each for each in periods if each.since <= on), key=lambda each: each.since, default=periods[0])

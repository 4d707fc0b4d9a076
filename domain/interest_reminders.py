"""Reminders: what an adviser is to be reminded of on a day, from the periods of that day and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.interest_stages import LIVE, InterestStage
from domain.reference.reminder_periods import ReminderPeriods, reminder_periods


class ReminderKind(StrEnum):
    """What is to be done."""

    ACKNOWLEDGE = "acknowledge"
    """Let the adviser abroad hear of it: nobody there has, since it was expressed."""
    FOLLOW_UP = "follow_up"
    """Ask again: nothing was heard or said for a while."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something to be done since a day."""

    kind: ReminderKind
    due: date


def reminder_due(
    stage: InterestStage, begun: date, last_contact: date | None, reached_out: bool, on: date
) -> Reminder | None:
    """What is due on this day for an interest that stands so; None when nothing is, or nothing any more.

    A follow-up that was not made is due anew after each further period of silence.
    """
    if stage not in LIVE:
        return None
    periods = reminder_periods(on)
    if not reached_out:
        due = begun + timedelta(days=periods.acknowledge)
        return Reminder(ReminderKind.ACKNOWLEDGE, due) if on >= due else None
    since = last_contact or begun
    times = (on - since).days // periods.follow_up
    return Reminder(ReminderKind.FOLLOW_UP, since + timedelta(days=times * periods.follow_up)) if times > 0 else None


def dead_from(begun: date, last_contact: date | None, periods: ReminderPeriods) -> date:
    """The first day on which the silence is long enough to be an answer."""
    return (last_contact or begun) + timedelta(days=periods.silence)

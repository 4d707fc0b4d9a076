"""Reminders: to let the other side hear of it, and to ask again after each period of silence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from domain.interest_reminders import Reminder, ReminderKind, dead_from, reminder_due
from domain.interest_stages import LIVE, InterestStage
from domain.reference.reminder_periods import PERIODS, ReminderPeriods, reminder_periods

BEGUN, HEARD = date(2026, 3, 2), date(2026, 3, 10)
DAYS = st.dates(date(2026, 3, 10), date(2027, 3, 10))


def test_the_adviser_abroad_hears_of_it_within_five_days() -> None:
    stage = InterestStage.PENDING
    assert reminder_due(stage, BEGUN, None, False, date(2026, 3, 6)) is None
    due = Reminder(ReminderKind.ACKNOWLEDGE, date(2026, 3, 7))
    assert reminder_due(stage, BEGUN, None, False, date(2026, 3, 7)) == due
    assert reminder_due(stage, BEGUN, BEGUN, False, date(2026, 5, 1)) == due, "that they wrote is no answer of ours"


@pytest.mark.parametrize(("days", "times"), [(0, 0), (29, 0), (30, 1), (59, 1), (60, 2), (365, 12)])
def test_after_each_thirty_days_of_silence_somebody_asks_again(days: int, times: int) -> None:
    found = reminder_due(InterestStage.REFERRED, BEGUN, HEARD, True, HEARD + timedelta(days=days))
    due = HEARD + timedelta(days=30 * times)
    assert found == (Reminder(ReminderKind.FOLLOW_UP, due) if times else None)


@given_any(st.sampled_from(sorted(set(InterestStage) - LIVE)), st.booleans(), DAYS)
def test_nothing_is_due_when_it_has_ended(stage: InterestStage, reached_out: bool, on: date) -> None:
    assert reminder_due(stage, BEGUN, HEARD, reached_out, on) is None


@given_any(st.sampled_from(sorted(LIVE)), st.booleans(), DAYS)
def test_what_is_due_has_fallen_due_by_then_and_lasts(stage: InterestStage, reached_out: bool, on: date) -> None:
    found = reminder_due(stage, BEGUN, HEARD, reached_out, on)
    if found is None:
        assert reached_out is True or on < BEGUN + timedelta(days=5)
        assert (on - HEARD).days < 30
    else:
        assert found.due <= on
        assert reminder_due(stage, BEGUN, HEARD, reached_out, found.due) == found


def test_the_periods_of_the_day_count() -> None:
    later = ReminderPeriods(since=date(2026, 6, 1), acknowledge=3, follow_up=14, silence=60)
    periods = (*PERIODS, later)
    assert reminder_periods(date(2026, 5, 31), periods) == PERIODS[0]
    assert reminder_periods(date(2026, 6, 1), periods) == later
    assert reminder_periods(date(1999, 1, 1), periods) == PERIODS[0]


def test_silence_counts_from_the_last_contact_or_else_from_the_beginning() -> None:
    assert dead_from(BEGUN, HEARD, PERIODS[0]) == date(2026, 6, 8)
    assert dead_from(BEGUN, None, PERIODS[0]) == date(2026, 5, 31)

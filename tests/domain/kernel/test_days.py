"""Days of the network."""

from __future__ import annotations

from datetime import UTC, date, datetime

from domain.kernel.days import day_of


def test_a_day_begins_at_midnight_in_china() -> None:
    assert day_of(datetime(2026, 8, 10, 15, 59, tzinfo=UTC)) == date(2026, 8, 10)
    assert day_of(datetime(2026, 8, 10, 16, 0, tzinfo=UTC)) == date(2026, 8, 11)

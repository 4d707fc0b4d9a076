"""Days: the time of the sample network, in working days of eight and a half hours in China, from a Monday on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

WEEKS = 45
"""Full weeks between the first day and the week of the last one."""

OPENS = time(1, tzinfo=UTC)
"""Nine in the morning in China."""

SECONDS = 8.5 * 3600


@dataclass(frozen=True, slots=True)
class Days:
    """The working days up to `today`. Moments are counted from the first morning: 5.5 is noon of the sixth day."""

    today: date

    @property
    def first(self) -> date:
        """A Monday; 2026-01-05 when today is 2026-11-20."""
        return self.today - timedelta(days=self.today.weekday(), weeks=WEEKS)

    @property
    def last(self) -> float:
        """The last minutes of the last working day, today's if it is one."""
        return WEEKS * 5 + min(self.today.weekday(), 4) + 0.99

    def day(self, moment: float) -> date:
        weeks, day = divmod(int(moment), 5)
        return self.first + timedelta(weeks=weeks, days=day)

    def at(self, moment: float) -> datetime:
        """The moment by the clock, to the second."""
        return datetime.combine(self.day(moment), OPENS) + timedelta(seconds=int(moment % 1 * SECONDS))

    def moment(self, day: date) -> float:
        """The morning of a day, or of the Monday after it."""
        weeks, weekday = divmod((day - self.first).days, 7)
        return float(weeks * 5 + min(weekday, 5))

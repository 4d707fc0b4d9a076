"""Days: the network's calendar is China's, which keeps one time for the whole country."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "CST")
"""China Standard Time (北京时间), UTC+8, without summer time since 1991."""


def day_of(moment: datetime) -> date:
    """The day on which a moment falls in China."""
    return moment.astimezone(CHINA).date()

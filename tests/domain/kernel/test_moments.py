"""Moments: what a position, a day and a time mean, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.days import CHINA, day_of
from domain.kernel.moments import MomentError, as_of, moment


def test_a_plain_day_means_all_of_it_in_china() -> None:
    end = moment("2026-03-01")
    assert end + timedelta(microseconds=1) == datetime(2026, 3, 2, tzinfo=CHINA) == datetime(2026, 3, 1, 16, tzinfo=UTC)
    assert end == as_of("2026-03-01")


@given(st.dates())
def test_the_moment_of_a_day_is_the_last_one_on_it(day: object) -> None:
    assert day_of(moment(str(day))) == day


@pytest.mark.parametrize(
    "text", ["2026-03-01T12:00+08:00", "2026-03-01T04:00:00Z", "2026-03-01T04:00:00.000000+00:00", "20260301T040000Z"]
)
def test_a_time_says_its_offset(text: str) -> None:
    assert moment(text) == as_of(text) == datetime(2026, 3, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize(("text", "position"), [("0", 0), ("41", 41), ("20260301", 20260301), ("9" * 18, 10**18 - 1)])
def test_digits_alone_are_a_position(text: str, position: int) -> None:
    assert as_of(text) == position


@pytest.mark.parametrize("text", ["", "-1", "1.5", "now", "2026-02-30", "2026-03-01T12:00", "12:00", "٤١", "41 "])
def test_what_names_no_moment_is_refused_with_what_would(text: str) -> None:
    with pytest.raises(MomentError, match=r"takes a position of the log, a day such as 2026-03-01 .*offset") as refused:
        as_of(text)
    assert str(refused.value).startswith(f"{text}: ")
    with pytest.raises(MomentError, match="takes a day such as 2026-03-01"):
        moment(text)


def test_a_position_that_no_log_reaches_is_refused_without_repeating_it() -> None:
    with pytest.raises(MomentError, match=r"^9{18}…: a position has at most 18 digits$"):
        as_of("9" * 5_000)

"""How large the sample network is, and its time."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from infra.sample.chance import chance, one_of
from infra.sample.days import Days
from infra.sample.pilot import MOST_STATIONS, Pilot


def test_a_pilot_is_known_by_its_name() -> None:
    pilot = Pilot(7, 12, 345, date(2027, 2, 3))
    assert pilot.name == "sample/7/12/345/2027-02-03"
    assert Pilot.named(f"{pilot.name}/need/17") == pilot
    assert Pilot.named("install/0123") is None


@pytest.mark.parametrize(("stations", "regions"), [(1, 2), (4, 2), (5, 3), (20, 10), (MOST_STATIONS, 10)])
def test_regional_stations_are_half_as_many_as_base_stations_from_two_to_ten(stations: int, regions: int) -> None:
    assert Pilot(stations=stations).regions == regions


def test_there_is_at_least_one_of_everything() -> None:
    assert Pilot(visits=20).count(0.001) == 1
    assert Pilot(visits=1000).count(0.3) == 300


def test_time_begins_on_a_monday_and_ends_with_today() -> None:
    days = Days(date(2026, 11, 20))
    assert days.first == date(2026, 1, 5)
    assert days.at(0) == datetime(2026, 1, 5, 1, tzinfo=UTC)
    assert days.at(days.last).date() == date(2026, 11, 20)
    assert days.at(5.5) == datetime(2026, 1, 12, 5, 15, tzinfo=UTC)


def test_time_that_ends_on_a_sunday_ends_on_the_friday_before() -> None:
    days = Days(date(2026, 11, 22))
    assert days.at(days.last).date() == date(2026, 11, 20)


def test_the_sample_works_on_working_days_and_in_office_hours_only() -> None:
    days = Days(date(2026, 11, 20))
    moments = [days.at(number / 7) for number in range(int(days.last * 7))]
    assert moments == sorted(moments)
    assert all(each.weekday() < 5 and 1 <= each.hour < 10 for each in moments)


def test_the_moment_of_a_day_is_its_morning_or_that_of_the_next_monday() -> None:
    days = Days(date(2026, 11, 20))
    assert days.at(days.moment(date(2026, 1, 14))) == datetime(2026, 1, 14, 1, tzinfo=UTC)
    assert days.day(days.moment(date(2026, 1, 17))) == date(2026, 1, 19)
    assert days.moment(date(2025, 12, 31)) < 0


def test_draws_depend_on_the_name_and_on_what_is_drawn_and_on_nothing_else() -> None:
    first = [chance("a", "need", number).random() for number in range(5)]
    assert [chance("a", "need", number).random() for number in range(5)] == first
    assert chance("b", "need", 0).random() != first[0]
    drawn = [one_of(chance("a", number), {"often": 9, "rarely": 1}) for number in range(200)]
    assert 150 < drawn.count("often") < 200

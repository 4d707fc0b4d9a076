"""The machine of an interest: every stage has a way on or is the end, and how long it stood in each."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from domain.interest_stages import LIVE, MOVES, WAY, InterestStage, days_in_stages
from domain.interest_stages import InterestStage as Stage

ENDS = {Stage.ARCHIVED}


def reachable(stage: InterestStage) -> set[InterestStage]:
    found, new = set[InterestStage](), {stage}
    while new:
        found |= new
        new = {to for each in new for to in MOVES[each]} - found
    return found


def test_every_stage_is_reached_from_the_first() -> None:
    assert reachable(Stage.PENDING) == set(InterestStage) == MOVES.keys()


@pytest.mark.parametrize("stage", InterestStage)
def test_every_stage_leads_to_an_end(stage: InterestStage) -> None:
    assert reachable(stage) >= ENDS
    assert bool(MOVES[stage]) is (stage not in ENDS)


def test_what_is_live_may_be_closed_and_may_die_and_nothing_else_may() -> None:
    assert {stage for stage in InterestStage if Stage.CLOSED in MOVES[stage]} == LIVE
    assert {stage for stage in InterestStage if Stage.DIED in MOVES[stage]} == LIVE
    assert len(WAY) == 9


def test_the_days_in_each_stage_follow_from_the_days_on_which_it_came_there() -> None:
    reached = {
        Stage.PENDING: date(2026, 3, 2),
        Stage.SIGNPOSTED: date(2026, 3, 3),
        Stage.ALLOCATED: date(2026, 3, 3),
        Stage.DIED: date(2026, 6, 11),
    }
    days = {Stage.PENDING: 1, Stage.SIGNPOSTED: 0, Stage.ALLOCATED: 100, Stage.DIED: 60}
    assert days_in_stages(reached, date(2026, 8, 10)) == days
    assert days_in_stages(reached, date(2026, 3, 2)) == {Stage.PENDING: 0}
    assert days_in_stages({}, date(2026, 3, 2)) == {}


@given_any(st.lists(st.dates(date(2020, 1, 1), date(2025, 1, 1)), min_size=1, max_size=9), st.integers(0, 900))
def test_the_days_in_all_stages_add_up_to_its_age(days: list[date], more: int) -> None:
    reached = dict(zip(WAY, sorted(days), strict=False))
    on = date.fromordinal(max(days).toordinal() + more)
    ages = days_in_stages(reached, on)
    assert sum(ages.values()) == (on - min(days)).days
    assert all(age >= 0 for age in ages.values())
    assert ages.keys() == reached.keys()

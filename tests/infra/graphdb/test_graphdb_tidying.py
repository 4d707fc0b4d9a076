"""What nobody reads any more goes, and what was half made is given up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from leftovers import left_of
from neo4j import Driver

from infra.graphdb import shown
from infra.graphdb.engines.interface import GraphEngine
from infra.graphdb.generations import Generations, GoneError
from infra.graphdb.home import State
from infra.graphdb.tidying import ABANDONED, GRACE, OUTDATED, Tidying


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_what_nobody_reads_any_more_is_removed_after_its_grace_and_not_before(
    generations: Generations, engine: GraphEngine, driver: Driver
) -> None:
    assert GRACE > shown.CERTAIN
    number, kept = (generations.begin(join=False) for _ in range(2))
    generations.home.mark(number, State.RETIRED)
    clock = Clock()
    tidying = Tidying(generations, clock)
    for clock.now in (0, GRACE - 0.1):
        tidying.tidy(generations.home.records())
        tidying.wait()
        assert left_of(driver, generations, number) != []
    clock.now = GRACE
    tidying.tidy(generations.home.records())
    tidying.wait()
    assert left_of(driver, generations, number) == []
    assert [record.number for record in generations.home.records()] == [kept]


def test_what_was_begun_and_shows_no_sign_of_life_is_given_up(version: Callable[[int], Generations]) -> None:
    clock, mine = Clock(), version(2)
    served, begun = (mine.begin(join=False) for _ in range(2))
    with mine.home.transaction() as transaction:
        mine.home.serve(served, None, transaction)
    old = version(1).begin(join=False)
    owner = mine.ownership(begun)
    assert owner.take(owner.look())
    tidying = Tidying(mine, clock)

    def states() -> dict[int, State]:
        tidying.tidy(mine.home.records())
        return {record.number: record.state for record in mine.home.records()}

    for clock.now in (0, ABANDONED - 1):
        assert states() == {served: State.SERVED, begun: State.BUILDING, old: State.BUILDING}
        assert owner.beat()
    clock.now = ABANDONED + 1
    assert states()[begun] is State.BUILDING
    clock.now = 2 * ABANDONED + 1
    assert states() == {served: State.SERVED, begun: State.RETIRED, old: State.BUILDING}
    clock.now = OUTDATED
    assert states()[old] is State.RETIRED


def test_a_generation_that_was_removed_meanwhile_is_not_left_half_made(
    generations: Generations, engine: GraphEngine, driver: Driver
) -> None:
    record = generations.home.begin(1, join=False)
    generations.home.forget(record.number)
    with pytest.raises(GoneError, match="was removed while it was being made"):
        generations.prepare(record.number)
    assert left_of(driver, generations, record.number) == []

"""Several who come at the same moment: one of them is the first, and nobody is told of a conflict."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from infra.graphdb.generations import Generations
from infra.graphdb.home import State
from infra.graphdb.ownership import Standing

T = TypeVar("T")
HOW_MANY = 6


def all_at_once(work: Callable[[], T], how_many: int = HOW_MANY) -> list[T]:
    """What each of them got."""
    barrier = Barrier(how_many)

    def begin() -> T:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(how_many) as pool:
        return [each.result() for each in [pool.submit(begin) for _ in range(how_many)]]


def test_of_those_who_take_a_generation_at_once_one_becomes_its_owner(generations: Generations) -> None:
    number = generations.begin(join=True)
    for epoch in range(1, 6):
        seen = generations.ownership(number).look()
        assert all_at_once(lambda: generations.ownership(number).take(seen)).count(True) == 1  # noqa: B023
        standing = generations.standing(number)
        assert standing is not None
        assert standing.epoch == epoch


def test_generations_that_are_begun_at_once_have_numbers_of_their_own(generations: Generations) -> None:
    begun = all_at_once(lambda: generations.home.begin(1, join=False))
    assert len({record.number for record in begun}) == HOW_MANY
    assert generations.home.records() == sorted(begun, key=lambda record: record.number)
    assert all_at_once(lambda: generations.home.begin(1, join=True)) == [generations.home.records()[0]] * HOW_MANY


def test_generations_whose_state_changes_at_once_are_all_in_it_after_that(generations: Generations) -> None:
    numbers = iter([generations.home.begin(1, join=False).number for _ in range(HOW_MANY)])
    all_at_once(lambda: generations.home.mark(next(numbers), State.KEPT))
    assert {record.state for record in generations.home.records()} == {State.KEPT}


def test_generations_that_are_made_at_once_all_stand_after_that(generations: Generations) -> None:
    numbers = all_at_once(lambda: generations.begin(join=False), 3)
    assert [generations.standing(number) for number in numbers] == [Standing()] * 3

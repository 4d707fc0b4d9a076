"""The metrics of a ranking are those of the literature, worked out by hand on small ones."""

from __future__ import annotations

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching_metrics import gain, ndcg, recall, reciprocal_rank

GRADES = {"answers": 3, "much": 2, "related": 1}
graded = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(1, 3), min_size=1)


def test_a_better_grade_is_worth_more_than_twice_as_much() -> None:
    assert [gain(grade) for grade in range(4)] == [0, 1, 3, 7]


def test_the_ideal_ranking_is_worth_one() -> None:
    assert ndcg(["answers", "much", "related"], GRADES) == 1


def test_a_ranking_is_discounted_by_the_logarithm_of_its_ranks() -> None:
    ideal = 7 + 3 / log2(3) + 1 / 2
    assert ndcg(["other", "much", "answers"], GRADES) == pytest.approx((3 / log2(3) + 7 / 2) / ideal)


def test_a_relevant_one_that_is_left_out_is_paid_for() -> None:
    assert ndcg(["answers", "much"], GRADES) < 1
    assert recall(["answers", "much"], GRADES) == pytest.approx(2 / 3)


def test_what_comes_below_the_depth_does_not_count() -> None:
    ranking = [*(f"other {number}" for number in range(10)), "answers"]
    assert ndcg(ranking, GRADES) == 0
    assert recall(ranking, GRADES) == 0
    assert ndcg(ranking, GRADES, depth=11) > 0
    assert recall(ranking, GRADES, depth=11) == pytest.approx(1 / 3)


def test_the_ideal_has_no_more_than_the_depth_either() -> None:
    assert ndcg(["answers"], GRADES, depth=1) == 1


def test_the_reciprocal_rank_is_that_of_the_first_with_a_grade() -> None:
    assert reciprocal_rank(["other", "another", "related", "answers"], GRADES) == pytest.approx(1 / 3)
    assert reciprocal_rank(["other"], GRADES) == 0
    assert reciprocal_rank([], GRADES) == 0


@given(graded, st.data())
def test_no_order_is_worth_more_than_the_ideal_one(grades: dict[str, int], data: st.DataObject) -> None:
    order = data.draw(st.permutations(sorted(grades)))
    assert 0 < ndcg(order, grades, depth=len(order)) <= 1 + 1e-9


@given(graded, st.data())
def test_an_exchange_that_brings_the_better_one_forward_raises_the_worth(
    grades: dict[str, int], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(sorted(grades)))
    place = data.draw(st.integers(0, len(order) - 1))
    exchanged = [*order[:place], *reversed(order[place : place + 2]), *order[place + 2 :]]
    if place + 1 < len(order) and grades[order[place]] < grades[order[place + 1]]:
        assert ndcg(exchanged, grades, len(order)) > ndcg(order, grades, len(order))
    else:
        assert ndcg(exchanged, grades, len(order)) <= ndcg(order, grades, len(order)) + 1e-9

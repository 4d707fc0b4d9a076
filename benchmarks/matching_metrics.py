"""How good a ranking is, seen by grades that a person gave: nDCG, recall, and the rank of the first that is relevant.

A grade is a whole number from 1; what has none is not relevant. The ideal ranking holds all that have a grade, so one
that leaves a relevant one out pays for it. Source: Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR
techniques", ACM TOIS 20(4), 2002, with the gain 2^grade - 1 of Burges et al., ICML 2005.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import fsum, log2


def gain(grade: int) -> int:
    """What one of this grade is worth: 0, 1, 3, 7."""
    return int(2**grade - 1)


def discounted(grades: Iterable[int]) -> float:
    """The gains of a ranking, one of rank n divided by log2(n + 1)."""
    return fsum(gain(grade) / log2(rank + 1) for rank, grade in enumerate(grades, 1))


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """The discounted gain of the first of a ranking, as a share of that of the ideal one: 0 to 1."""
    ideal = discounted(sorted(grades.values(), reverse=True)[:depth])
    return discounted(grades.get(id, 0) for id in ranking[:depth]) / ideal


def recall(ranking: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """The share of those with a grade that are among the first of a ranking."""
    return len(grades.keys() & set(ranking[:depth])) / len(grades)


def reciprocal_rank(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
    """One divided by the rank of the first that has a grade; 0 when none of them is in the ranking."""
    return next((1 / rank for rank, id in enumerate(ranking, 1) if id in grades), 0.0)

"""What the public is told of a table of counts, against somebody who knows the rule and the total."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from itertools import permutations, product
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.small_counts import FEW, publicly

Table: TypeAlias = tuple[int, ...]
"""How many there are of each value of a small vocabulary: the values are the places."""

Shown: TypeAlias = tuple[tuple[int, int | None], ...] | None
"""What is told of a table."""

Rule: TypeAlias = Callable[[Mapping[int, int]], Mapping[int, int | None] | None]

MOST = FEW + 4
TABLES = st.dictionaries(st.text(max_size=2), st.integers(1, 40), max_size=12)


def found_out(rule: Rule, values: int) -> Table | None:
    """A table of which a count is found out by who tries all tables that look alike and add up alike, if there is one.

    Of what is not named nothing may be certain; a gap must stand for few, and as well for many.
    """
    alike: dict[tuple[Shown, int], list[Table]] = defaultdict(list)
    for table in product(range(MOST + 1), repeat=values):
        told = rule({value: count for value, count in enumerate(table) if count})
        alike[None if told is None else tuple(sorted(told.items())), sum(table)].append(table)
    for (shown, _), tables in alike.items():
        for value in range(values):
            counts = {table[value] for table in tables}
            gap = shown is not None and dict(shown).get(value, 0) is None
            if (shown is None and len(counts) == 1) or (gap and not min(counts) < FEW <= max(counts)):
                return tables[0]
    return None


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({}, {}),
        ({"a": 5}, {"a": 5}),
        ({"a": 9, "b": 5, "c": 70}, {"a": 9, "b": 5, "c": 70}),
        ({"a": 9, "b": 4, "c": 70}, {"a": None, "b": None, "c": 70}),
        ({"a": 9, "b": 1, "c": 70, "d": 9, "e": 2}, {"a": None, "b": None, "c": 70, "d": None, "e": None}),
        ({"a": 4}, None),
        ({"a": 1, "b": 2, "c": 3, "d": 4}, None),
        ({"a": 100, "b": 1}, None),
        ({"a": 9, "b": 9, "c": 1}, None),
    ],
)
def test_small_counts_and_the_smallest_of_the_others_are_gaps(
    counts: dict[str, int], told: dict[str, int | None] | None
) -> None:
    assert publicly(counts) == told


@pytest.mark.parametrize("values", [2, 3, 4])
def test_who_knows_the_rule_and_the_total_and_tries_every_table_finds_no_count_out(values: int) -> None:
    assert found_out(publicly, values) is None


def small_only(counts: Mapping[int, int]) -> dict[int, int | None]:
    """The threshold rule alone."""
    return {value: count if count >= FEW else None for value, count in counts.items()}


def as_little_as_possible(counts: Mapping[int, int]) -> dict[int, int | None] | None:
    """A second gap only where there is one alone, and nothing said where there is no second one."""
    told = small_only(counts)
    if list(told.values()).count(None) != 1:
        return told
    enough = sorted((count, value) for value, count in told.items() if count is not None)
    return {**told, enough[0][1]: None} if enough else None


@pytest.mark.parametrize("rule", [small_only, as_little_as_possible])
def test_rules_that_suppress_less_are_found_out(rule: Rule) -> None:
    assert found_out(rule, 3) is not None


@given(TABLES)
def test_no_small_count_is_said_and_none_is_changed(counts: dict[str, int]) -> None:
    told = publicly(counts)
    assert told is None or told.keys() == counts.keys()
    for value, count in (told or {}).items():
        assert count in (None, counts[value])
        assert count is None or count >= FEW
    if all(count >= FEW for count in counts.values()):
        assert told == counts


@given(TABLES)
def test_of_the_gaps_some_are_small_and_some_are_not(counts: dict[str, int]) -> None:
    told = publicly(counts) or {}
    gaps = [counts[value] for value, count in told.items() if count is None]
    assert not gaps or min(gaps) < FEW <= max(gaps)


@given(TABLES, st.randoms(use_true_random=False))
def test_gaps_may_change_places_and_nothing_looks_different(counts: dict[str, int], chance: object) -> None:
    """That is why knowing the rule does not help."""
    told = publicly(counts)
    gaps = [value for value, count in (told or {}).items() if count is None]
    for order in list(permutations(gaps))[:24] if len(gaps) < 6 else [gaps[::-1]]:
        moved: Mapping[str, int] = counts | {value: counts[other] for value, other in zip(gaps, order, strict=True)}
        assert publicly(moved) == told

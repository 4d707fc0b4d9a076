"""Small counts: what a table of counts may say to the public, so that no count of a few can be told from it.

The threshold rule of statistical disclosure control, with complementary suppression: a count below the threshold is
not said, and neither is the smallest one above it, since the total would give a single gap away. The rule looks at
counts only, never at what was counted. So whoever knows the rule and the total can exchange the counts of any two gaps,
and has a table that looks the same; and among the gaps there are always counts on both sides of the threshold. Where no
count would be left to say, nothing is said at all, not even what was counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

FEW = 5
"""Counts below this are small. No statute of the network sets it; offices of statistics use 3 to 10."""

Value = TypeVar("Value")


def publicly(counts: Mapping[Value, int]) -> dict[Value, int | None] | None:
    """The counts, each at least 1, as the public may see them: None for a gap; None altogether where little is left."""
    different = set(counts.values())
    enough = sorted(count for count in different if count >= FEW)
    if len(enough) == len(different):
        return dict(counts)
    said = set(enough[1:])
    return {value: count if count in said else None for value, count in counts.items()} if said else None

"""Okapi BM25: how much a word of a query tells of a text.

Robertson and Zaragoza, *The Probabilistic Relevance Framework*, 2009, with the usual parameters.
"""

from __future__ import annotations

from math import log
from typing import Any, Final

K1: Final = 1.2
"""How soon it stops to matter that a word comes again."""
B: Final = 0.75
"""How much a long text counts less for the same word."""


def rarity(having: int, texts: int) -> float:
    """How much a word tells by itself that so many of so many texts have: more, the fewer they are."""
    return log(1 + (texts - having + 0.5) / (having + 0.5))


def score(rare: float, times: Any, length: Any, average: float) -> Any:
    """What it tells of a text of this length in which it stands so many times; `average` is the length on the whole.

    Takes numbers, or arrays with one for each text, and gives the same.
    """
    return times * (rare * (K1 + 1)) / (times + (K1 * (1 - B) + length * (K1 * B / average)))

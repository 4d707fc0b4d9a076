"""Findings: what was not as it has to be, counted by what it is, the first of each in words."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import Final

SHOWN: Final = 5
"""Findings of a kind that are kept in words."""
LONGEST: Final = 600
"""Characters of these words."""


class Kind(StrEnum):
    """What was found."""

    NEVER_SO = "records shown as they were not"
    MISSING = "records left out"
    STRANGE = "records shown where they do not belong"
    ORDER = "pages out of order"
    COUNT = "counts that were not so"
    RANKED = "counterparts that were not so"
    BACK = "positions and records that went back"
    UNSEEN = "answers older than was asked for"
    OUTCOME = "requests with another outcome when they were sent again"
    FORM = "answers without data and without a documented code"
    LOST = "connections that the server broke off"
    UNKNOWN = "mutations of which nobody knows what came"
    LOG = "differences between the log and what was told of it"


class Findings:
    """All that was found."""

    def __init__(self) -> None:
        self.counts: Counter[Kind] = Counter()
        self.words: list[str] = []

    def add(self, kind: Kind, words: str) -> None:
        self.counts[kind] += 1
        if self.counts[kind] <= SHOWN:
            self.words.append(f"{kind}: {words}"[:LONGEST])

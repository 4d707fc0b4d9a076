"""What a log counts of itself, in the form in which it is asked for."""

from __future__ import annotations

import threading
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Final

BOUNDS: Final = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""Upper bounds of the classes of the histogram, in seconds."""


class Histogram:
    """How long outcomes took: how many fell into each class, the last of which has no bound."""

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS) + 1)
        self.sum = 0.0
        self._lock = threading.Lock()

    def add(self, seconds: float, of: int = 1) -> None:
        with self._lock:
            self.counts[bisect_left(BOUNDS, seconds)] += of
            self.sum += seconds * of

    def cumulative(self) -> list[tuple[float, int]]:
        """Each bound, and how many took no longer."""
        total, found = 0, []
        for bound, count in zip((*BOUNDS, float("inf")), self.counts, strict=True):
            total += count
            found.append((bound, total))
        return found


@dataclass(frozen=True, slots=True)
class Measures:
    """A log as it stands.

    `end` is the number of records in the log and `folded` how many of them this node has folded (-1: the log does not
    answer); `head` the last notification id. The counts are since this process opened the log.
    """

    engine: str
    end: int
    folded: int
    head: int
    index_bytes: int
    unwritten_bytes: int
    accepted: int
    duplicates: int
    cancels: int
    ignored: int
    unknown: int
    rejected: dict[str, int] = field(default_factory=dict)
    stopped: str | None = None

    @property
    def lag(self) -> int:
        """How many records the fold is behind the log; -1 when the log does not answer."""
        return -1 if self.end < 0 else max(0, self.end - self.folded)

"""Memory of processes over time, and whether it grows."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field

import psutil

MEGABYTE = 1_000_000


@dataclass
class Memory:
    """The memory of one process, sampled with the moment of each sample; times are seconds of one clock."""

    pid: int
    samples: list[tuple[float, float]] = field(default_factory=list)

    def sample(self, at: float) -> None:
        self.samples.append((at, psutil.Process(self.pid).memory_info().rss / MEGABYTE))

    def fifths(self, without: tuple[float, float]) -> tuple[float, float]:
        """The medians of the second fifth and of the last, in megabytes, of the samples outside of a time."""
        begin, end = without
        line = [megabytes for at, megabytes in self.samples if not begin <= at <= end]
        fifth = max(1, len(line) // 5)
        return statistics.median(line[fifth : 2 * fifth] or line), statistics.median(line[-fifth:])

    @property
    def most(self) -> float:
        return max(megabytes for _, megabytes in self.samples)

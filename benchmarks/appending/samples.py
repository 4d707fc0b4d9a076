"""Samples of several rounds: medians, ratios within a round, and every one of them kept."""

from __future__ import annotations

import statistics
from typing import Any

from appending.bars import Bar, Key
from appending.measurement import Cell, Sample
from appending.sides import Side


class Samples:
    """What was measured, in the order in which it was asked for."""

    def __init__(self) -> None:
        self._samples: dict[Key, list[Sample]] = {}

    def add(self, side: Side, cell: Cell, sample: Sample) -> None:
        self._samples.setdefault((side, cell), []).append(sample)

    def rows(self) -> list[dict[str, Any]]:
        """A row for each side and load: medians over the rounds, and the rates of all rounds."""
        return [
            row(
                side.name,
                load=str(cell),
                events=cell.events,
                rates=[sample.per_second for sample in samples],
                p50_ms=statistics.median(sample.p50 for sample in samples),
                p99_ms=statistics.median(sample.p99 for sample in samples),
            )
            for (side, cell), samples in self._samples.items()
        ]

    def ratio(self, bar: Bar) -> float:
        """The median of the ratios within each round."""

        def figures(key: Key) -> list[float]:
            return [sample.p50 if bar.by_latency else sample.per_second for sample in self._samples[key]]

        pairs = zip(figures(bar.ours), figures(bar.theirs), strict=True)
        return statistics.median(ours / theirs for ours, theirs in pairs)


def row(
    what: str,
    rates: list[float],
    *,
    load: str = "-",
    events: int | str = "-",
    p50_ms: float | str = "-",
    p99_ms: float | str = "-",
) -> dict[str, Any]:
    """A row of the table, in which every experiment has the same columns."""
    return {
        "what": what,
        "writers": load,
        "events": events,
        "per_second": float(round(statistics.median(rates))),
        "p50_ms": p50_ms,
        "p99_ms": p99_ms,
        "rounds": " ".join(f"{rate:.0f}" for rate in rates),
    }

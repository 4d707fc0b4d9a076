"""As of: a need and its neighbours as they stood at some position, beside reading those events and not decoding them.

The floor reads the stored events of the need and of those neighbours up to that position from the log's index of
entities, one entity after the other: no answer that rests on these events is quicker. Each side is asked about every
need once in a round, in two halves that take turns, so that neither finds in memory what the other has just read.
Besides, it is asked at which position a time lies. The last row is what the first question of all costs: the traces of
the whole log are made, once.

What dominates, by cProfile: looking up where an entity's events stand, and decoding them.

Run: python benchmarks/as_of.py [--quick] [--json FILE]
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any

from graphing.lives import NOON, record
from graphing.neighbourhoods import neighbourhoods
from measuring import Results, finish, options, quantile

from domain.needs import NeedRecorded
from infra.application import Network
from infra.eventlog.index import LATEST
from infra.past import NetworkPasts

NEED, TIME, FLOOR = "a need and its neighbours", "the position of a time", "the same events, not decoded"


class Questions:
    """The questions of one run, and how many seconds each took."""

    def __init__(self, network: Network, pasts: NetworkPasts, asked: int) -> None:
        self.network, self.pasts = network, pasts
        self.samples: dict[str, list[float]] = {NEED: [], TIME: [], FLOOR: []}
        chance, needs = random.Random(1), [id for id, _ in network.facts_of(NeedRecorded)]
        head = network.head()
        self.asked = [
            (id, chance.randrange(head // 2, head + 1)) for id in chance.sample(needs, min(asked, len(needs)))
        ]
        self.near = {id: [id, *self._neighbours(id, position)] for id, position in self.asked}

    def ask(self) -> None:
        """One round."""
        half = len(self.asked) // 2
        for one, other in ((self.asked[:half], self.asked[half:]), (self.asked[half:], self.asked[:half])):
            for id, position in one:
                self._timed(NEED, lambda: self._neighbours(id, position))  # noqa: B023 - called at once
            for id, position in other:
                self._timed(FLOOR, lambda: self._events(self.near[id], position))  # noqa: B023 - as above
                self._timed(TIME, lambda: self.pasts.position(NOON + timedelta(seconds=position)))  # noqa: B023 - as above

    def _neighbours(self, id: str, position: int) -> list[str]:
        past = self.pasts.at(position)
        past.record(id)
        return [each.id for each in past.neighbours(id)]

    def _events(self, ids: Iterable[str], position: int) -> list[Any]:
        recorder = self.network.recorder
        return [
            event
            for id in ids
            for _, events in takewhile(lambda each: each[0].last <= position, recorder.select_entity(id, 0, LATEST))
            for event in events
        ]

    def _timed(self, what: str, asking: Callable[[], Any]) -> None:
        began = time.perf_counter()
        asking()
        self.samples[what].append(time.perf_counter() - began)


def main() -> None:
    chosen = options(__doc__)
    events, asked, rounds = (4_000, 40, 1) if chosen.quick else (100_000, 2_000, 5)
    with tempfile.TemporaryDirectory() as name, Network(Path(name)) as network:
        record(network, neighbourhoods(events))
        with NetworkPasts(network) as pasts:
            began = time.perf_counter()
            pasts.position(NOON + timedelta(days=10_000))
            made = time.perf_counter() - began
            questions = Questions(network, pasts, asked)
            for _ in range(rounds):
                questions.ask()
        head, traces = network.head(), pasts.traces.path.stat().st_size
    near = statistics.mean(len(ids) - 1 for ids in questions.near.values())
    results = Results(
        f"As of, {head:,} events, {near:.1f} neighbours on average, traces of {traces:,} bytes; milliseconds"
    )
    floor = statistics.median(questions.samples[FLOOR])
    for what, seconds in (*questions.samples.items(), ("the traces of the whole log", [made, made])):
        p50, p99 = quantile(seconds, 0.50), quantile(seconds, 0.99)
        results.row(what=what, asked=len(seconds), p50=1_000 * p50, p99=1_000 * p99, p50_of_floor=p50 / floor)
    finish(results, chosen)


if __name__ == "__main__":
    main()

"""Rounds of load: every question, over one connection and over several, to each side by turns."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final

import psutil

from answering import driver as bare_driver
from answering.documents import QUESTIONS
from answering.ground import Ground
from answering.load import LoadError, Sample, under_load, write_questions
from answering.sides import Graphene, Neo4jGraphQL, Side

DRIVER: Final = "driver"
"""The name of the side that is no server."""
SHARES: Final = 1.5
"""So many times what an answer takes when all others come first: for so long a side is under load at least."""
QUIET: Final = 0.05
"""Seconds within which a server at rest uses next to no processor time."""
RESTLESS: Final = 120.0
"""Seconds that one may go on with what was asked of it by somebody who has gone."""

Cell = tuple[str, int, str]
"""A question, how many connections, and the side that is asked."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How many rounds there are, over how many connections, and for how long each side is under load in each.

    Without `warm` nothing goes before them, and @neo4j/graphql is asked by lists.
    """

    rounds: int
    seconds: float
    connections: tuple[int, ...] = (1, 16)
    warm: bool = True

    def of(self, connections: int, latency: float) -> Effort:
        """The effort for a side that answers one in so many seconds: a slow one takes longer, and fewer times."""
        seconds = max(self.seconds, SHARES * connections * latency)
        return replace(self, rounds=max(1, round(self.rounds * self.seconds / seconds)), seconds=seconds)


@dataclass
class Rounds:
    """The sides over their ground, and what was measured of them; `failures` says where the graphene app gave way."""

    sides: Sequence[Side]
    ground: Ground
    folder: Path
    effort: Effort
    samples: dict[Cell, list[Sample]] = field(default_factory=dict)
    ways: dict[tuple[str, int], bool] = field(default_factory=dict)
    failures: dict[Cell, str] = field(default_factory=dict)
    _efforts: dict[Cell, Effort] = field(default_factory=dict)

    def run(self) -> None:
        """Warm all of them up, and measure them by turns; each round begins with another side."""
        for question in QUESTIONS:
            for connections in self.effort.connections:
                self._begin(question, connections)
        for number in range(self.effort.rounds):
            for question in QUESTIONS:
                for connections in self.effort.connections:
                    self._round(number, question, connections)

    def _begin(self, question: str, connections: int) -> None:
        """Warm them up, see how long they take, and which way of asking is the quicker one."""
        for side in self.sides:
            effort = self._efforts[question, connections, side.name] = self.effort.of(
                connections, latency(side, question)
            )
            if isinstance(side, Neo4jGraphQL):
                self.ways[question, connections] = self._by_connections(side, question, connections, effort)
            elif effort == self.effort and effort.warm:
                self._measured(side, question, connections, effort.seconds)
        self._efforts[question, connections, DRIVER] = self.effort

    def _by_connections(self, side: Neo4jGraphQL, question: str, connections: int, effort: Effort) -> bool:
        """Whether its connections are quicker than its lists."""
        if not effort.warm:
            return False
        rates = {}
        for way in (True, False):
            side.prefer(question, connections=way)
            self._measured(side, question, connections, effort.seconds / 2)
            rates[way] = self._measured(side, question, connections, effort.seconds / 2).per_second
        return rates[True] > rates[False]

    def _round(self, number: int, question: str, connections: int) -> None:
        turns = list(self._turns(question, connections))
        for name, turn in (*turns[number % len(turns) :], *turns[: number % len(turns)]):
            cell = question, connections, name
            if number < self._efforts[cell].rounds and cell not in self.failures:
                told = self._turn(cell, turn)
                print(f"round {number}: {question} over {connections}: {name}: {told}", file=sys.stderr)

    def _turn(self, cell: Cell, turn: Callable[[], Sample]) -> str:
        """Measure once, and tell what came of it. The graphene app may give way: it is started again then."""
        try:
            sample = turn()
        except LoadError as error:
            side = next((each for each in self.sides if each.name == cell[2]), None)
            if not isinstance(side, Graphene):
                raise
            self.failures[cell] = str(error)
            side.kill()
            side.launch()
            side.wait()
            return f"gives way: {error}"
        self.samples.setdefault(cell, []).append(sample)
        return f"{sample.per_second:,.1f} answers a second, p50 {sample.p50:.1f} ms, p99 {sample.p99:.1f} ms"

    def _turns(self, question: str, connections: int) -> Iterator[tuple[str, Callable[[], Sample]]]:
        for side in self.sides:
            seconds = self._efforts[question, connections, side.name].seconds
            yield side.name, partial(self._measured, side, question, connections, seconds)
        seconds = self.effort.seconds
        yield DRIVER, partial(bare_driver.measured, self.ground.statements, question, connections, seconds)

    def _measured(self, side: Side, question: str, connections: int, seconds: float) -> Sample:
        if isinstance(side, Neo4jGraphQL) and (question, connections) in self.ways:
            side.prefer(question, connections=self.ways[question, connections])
        file = self.folder / f"{side.name}.txt"
        write_questions(file, side.headers, side.bodies(question))
        sample = under_load(side.url, file, connections, seconds)
        _at_rest(side)
        return sample


def latency(side: Side, question: str) -> float:
    """Seconds that an answer takes which nobody else waits for; the best of a few."""
    seconds = []
    for number in range(3):
        began = time.perf_counter()
        side.ask(question, number % len(side.bodies(question)))
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def _at_rest(side: Side) -> None:
    """Wait until a server does no more for those who have gone."""
    process, until = psutil.Process(side.pid), time.monotonic() + RESTLESS
    while time.monotonic() < until:
        before = sum(process.cpu_times()[:2])
        time.sleep(QUIET)
        if sum(process.cpu_times()[:2]) - before < QUIET / 2:
            return
    raise TimeoutError(f"{side.name} is still at work")

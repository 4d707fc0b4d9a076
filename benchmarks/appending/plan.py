"""What is measured in a run, and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from appending import bars, sides
from appending.bars import Bar, Key
from appending.measurement import Cell
from appending.sides import Side

EVENTS = (1, 10, 100)
LOADS = [Cell(writers, events) for events in EVENTS for writers in (1, 4, 16, 32)]
LOADS += [Cell(32, events, processes=2) for events in EVENTS]
FLOOR_LOADS = [load for load in LOADS if load.writers in (1, 32)]

TABLE: list[Key] = [
    *((side, load) for load in LOADS for side in (*sides.BY_RECORDER, *sides.BY_CLIENT)),
    *((side, load) for load in FLOOR_LOADS for side in sides.SENDS),
    *((side, Cell(1, events)) for events in EVENTS for side in sides.PIPELINED),
    *((side, Cell(writers)) for writers in (1, 32, 128) for side in sides.ASYNC),
]
QUICK_TABLE: list[Key] = [(sides.POSTGRES, Cell(2)), (sides.EMBEDDED, Cell(4, processes=2))]


@dataclass(frozen=True, slots=True)
class Plan:
    """warming: seconds of load beforehand, for Java compiles what it runs often.

    bars: what they stand on is measured in so many rounds, of so many seconds each.
    table: everything else, with rounds and seconds of its own; the rounds also of replays and the enrolment scenario.
    contexts: topics to replay, without contexts and with them, each written for so many seconds by some processes.
    enrolling: sides of the enrolment scenario, and its seconds.
    """

    warming: float
    bars: tuple[Bar, ...]
    rounds: int
    seconds: float
    table: list[Key]
    table_rounds: int
    table_seconds: float
    contexts: tuple[bool, ...]
    writing: float
    writing_processes: int
    enrolling: tuple[Side, ...]
    enrolling_seconds: float

    def measurements(self) -> Iterator[tuple[Side, Cell, float]]:
        """Everything in the order of measuring: rounds, in them loads, in them the sides."""
        decisive = sorted(
            dict.fromkeys(key for bar in self.bars for key in (bar.ours, bar.theirs)),
            key=lambda key: (key[1].writers, key[1].events),
        )
        rest = [key for key in self.table if key not in decisive]
        for round in range(self.rounds):
            for side, load in decisive:
                yield side, load, self.seconds
            for side, load in rest if round < self.table_rounds else ():
                yield side, load, self.table_seconds


def plan(*, quick: bool) -> Plan:
    if quick:
        few = (sides.EMBEDDED_RECORDER, sides.UMADB_RECORDER)
        return Plan(0.0, bars.QUICK, 1, 0.4, QUICK_TABLE, 1, 0.4, (True,), 0.4, 1, few, 0.1)
    return Plan(3.0, bars.FULL, 5, 1.2, TABLE, 3, 0.5, (False, True), 15.0, 2, sides.BY_RECORDER, 1.5)

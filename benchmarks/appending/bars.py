"""What our log has to reach beside its peers: a ratio of two measurements, and the least that it may be."""

from __future__ import annotations

from dataclasses import dataclass

from appending import sides
from appending.measurement import Cell
from appending.sides import Side

ONE, MANY, TENS, CROWD = Cell(), Cell(32), Cell(32, 10), Cell(128)
Key = tuple[Side, Cell]


@dataclass(frozen=True, slots=True)
class Bar:
    """Commits a second of ours, in those of theirs; or, `by_latency`, half of the commits' latency, and at most so."""

    ours: Key
    theirs: Key
    bar: float
    by_latency: bool = False

    @property
    def name(self) -> str:
        what = "latency" if self.by_latency else "rate"
        return f"{what}, {_name(self.ours)} / {_name(self.theirs)}"


def _name(key: Key) -> str:
    side, cell = key
    each = f", {cell.events} events each" if cell.events > 1 else ""
    return f"{side.name} ({cell} writers{each})"


def _beside(ours: Side, theirs: Side, bar: float, cell: Cell = MANY, their_cell: Cell | None = None) -> Bar:
    return Bar((ours, cell), (theirs, their_cell or cell), bar)


QUICK = (
    _beside(sides.EMBEDDED_RECORDER, sides.SQLITE, 3),
    _beside(sides.CONFLUENT_RECORDER, sides.UMADB_RECORDER, 1.5),
    _beside(sides.CONFLUENT_ASYNC, sides.UMADB, 2, CROWD),
    Bar((sides.CONFLUENT, ONE), (sides.CONFLUENT_SENDS, ONE), 2, by_latency=True),
)
FULL = (
    *QUICK,
    _beside(sides.CONFLUENT_RECORDER, sides.SQLITE, 3),
    _beside(sides.KAFKA_PYTHON_RECORDER, sides.SQLITE, 2),
    _beside(sides.EMBEDDED_RECORDER, sides.UMADB_RECORDER, 1.5),
    _beside(sides.KAFKA_PYTHON_RECORDER, sides.UMADB_RECORDER, 1),
    _beside(sides.EMBEDDED_RECORDER, sides.UMADB_RECORDER, 2.5, TENS),
    _beside(sides.CONFLUENT_RECORDER, sides.UMADB_RECORDER, 2.5, TENS),
    _beside(sides.EMBEDDED, sides.UMADB, 0.9),
    _beside(sides.CONFLUENT, sides.UMADB, 0.9),
    _beside(sides.EMBEDDED_ASYNC, sides.UMADB, 2, CROWD),
    _beside(sides.EMBEDDED_ASYNC, sides.UMADB, 2, CROWD, MANY),
    _beside(sides.CONFLUENT_ASYNC, sides.UMADB, 2, CROWD, MANY),
)

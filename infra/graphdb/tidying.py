"""Tidying: what becomes of generations that nobody reads, or builds, any more."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Thread
from typing import Final

import structlog

from infra.graphdb.generations import Generations
from infra.graphdb.home import Record, State, served
from infra.logs import told

GRACE: Final = 30.0
"""Seconds for which a generation is kept after another one is read: longer than anybody may be reading it still."""
ABANDONED: Final = 30.0
"""Seconds without a sign of life after which one that was being built is given up."""
OUTDATED: Final = 600.0
"""Seconds without a sign of life after which a graph of an older version is given up."""


class Tidying:
    """Removes them in time, by the clock of the process that does it."""

    def __init__(self, generations: Generations, clock: Callable[[], float] = time.monotonic) -> None:
        self._generations = generations
        self._clock = clock
        self._thread: Thread | None = None
        self._signs: dict[int, tuple[object, float]] = {}
        self._log = structlog.get_logger("graph.tidying").bind(projection=generations.projection.name)

    def tidy(self, records: list[Record]) -> None:
        """Look at all of them once; those that it is time for are removed in a thread of their own, one at a time."""
        version = self._generations.projection.version
        for record in records:
            if record.state is State.RETIRED:
                if self._quiet(record.number, record.state) >= GRACE and not self._removing():
                    self._thread = Thread(target=self._remove, args=(record.number,), name="tidying", daemon=True)
                    self._thread.start()
            elif (patience := self._patience(record, version, records)) is not None:
                self._give_up(record, patience)

    def _give_up(self, record: Record, patience: float) -> None:
        """Let it be removed, if there was no sign of life for so many seconds."""
        if self._quiet(record.number, self._generations.standing(record.number)) >= patience:
            self._log.warning("graph.generation.given_up", generation=record.number, state=record.state.value)
            self._generations.home.mark(record.number, State.RETIRED)

    def wait(self) -> None:
        """Wait until what is being removed is removed."""
        if self._thread is not None:
            self._thread.join()

    def _removing(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _remove(self, number: int) -> None:
        """Remove it, which may take minutes; if that fails, or the process ends, it is begun again at a later look."""
        try:
            self._generations.remove(number)
            self._log.info("graph.generation.removed", generation=number)
        except Exception as error:
            self._log.warning("graph.generation.not_removed", generation=number, error=told(error))

    def _patience(self, record: Record, version: int, records: list[Record]) -> float | None:
        """For how long it may be without a sign of life; None where that does not matter."""
        if record.version == version and record.state is State.BUILDING and served(records, version):
            return ABANDONED
        if record.version < version and record.state is not State.KEPT:
            return OUTDATED
        return None

    def _quiet(self, number: int, sign: object) -> float:
        """Seconds since the last change of this sign."""
        now = self._clock()
        if number not in self._signs or self._signs[number][0] != sign:
            self._signs[number] = sign, now
        return now - self._signs[number][1]

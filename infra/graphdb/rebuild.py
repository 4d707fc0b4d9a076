"""A rebuild: the graph again from the beginning of the log, beside the one that is read, and then in its place."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event

from domain.kernel.history import Commit
from infra.beside import running_beside
from infra.graphdb.gathering import Source
from infra.graphdb.generations import Generations
from infra.graphdb.heart import SILENCE
from infra.graphdb.home import State, in_state
from infra.graphdb.projector import Projector
from infra.graphdb.tidying import ABANDONED

AT_REST, UNDER_LOAD = 5_000, 5_000
"""How many events its batches hold: nobody waits for one of them."""
STEP = 0.1
"""Seconds between two looks at how far it is."""

Report = Callable[[int, int], None]
"""Hears how many events are in the new graph, and how many there will be."""


class RebuildError(Exception):
    """The graph was not built again; there is nothing of it, and what was there before is read as before."""


@dataclass(frozen=True, slots=True)
class Until:
    """The log up to a position, where a commit ends."""

    source: Source
    position: int

    def commits(self, after: int, limit: int) -> Sequence[Commit]:
        if after >= self.position:
            return ()
        return [each for each in self.source.commits(after, limit) if each.position <= self.position]

    def head(self) -> int:
        return self.position

    def chain(self, position: int) -> bytes | None:
        return self.source.chain(position)

    def skips(self, projection: str, version: int) -> frozenset[int]:
        return self.source.skips(projection, version)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The new generation, how far it is, and how many seconds it took to bring it there from nothing."""

    number: int
    position: int
    seconds: float


def rebuild(generations: Generations, source: Source, report: Report, stop: Event) -> Rebuilt:
    """Build the graph again and let it be read instead of the old one.

    Raises RebuildError when it is broken off by `stop`, or stops at a fact, or another one is under way.
    """
    with _built(generations, source, report, stop) as (rebuilt, projector):
        while not generations.switch(rebuilt.number, lambda: projector.position):
            _pause(generations, rebuilt.number, projector, stop)
    return rebuilt


def rebuild_as_of(generations: Generations, source: Source, position: int, report: Report, stop: Event) -> Rebuilt:
    """Build the graph as it was at this position, beside the one that is read; it is kept until it is removed."""
    with _built(generations, Until(source, position), report, stop) as (rebuilt, _):
        generations.home.mark(rebuilt.number, State.KEPT)
    return rebuilt


@contextmanager
def _built(
    generations: Generations, source: Source, report: Report, stop: Event
) -> Iterator[tuple[Rebuilt, Projector]]:
    """A new generation that has caught up with the log, and its projector. Nothing is left of one that fails."""
    _nobody_else(generations)
    number = generations.begin(join=False)
    done = False
    try:
        projector = Projector(source, generations.writer(number), at_rest=AT_REST, under_load=UNDER_LOAD)
        began = time.monotonic()
        with running_beside(projector, "rebuild"):
            while projector.lag():
                report(projector.position, source.head())
                _pause(generations, number, projector, stop)
            report(projector.position, source.head())
            yield Rebuilt(number, projector.position, time.monotonic() - began), projector
            done = True
    finally:
        if not done:
            generations.remove(number)


def _nobody_else(generations: Generations) -> None:
    """See that no other generation of this version is being built by somebody who lives; remove what the dead left."""
    version = generations.projection.version
    for record in in_state(generations.home.records(), version, State.BUILDING):
        before = generations.standing(record.number)
        deadline = time.monotonic() + (SILENCE if before else ABANDONED)
        while time.monotonic() < deadline:
            time.sleep(STEP)
            if generations.standing(record.number) != before:
                raise RebuildError(f"generation {record.number} is being built already; wait for it, or end that")
        generations.remove(record.number)


def _pause(generations: Generations, number: int, projector: Projector, stop: Event) -> None:
    """Wait a little. Raises RebuildError when there is nothing to wait for any more."""
    if projector.stopped is not None:
        raise RebuildError(f"the new graph stopped: {projector.stopped}")
    if generations.standing(number) is None:
        raise RebuildError(f"generation {number} was removed by somebody else")
    if stop.wait(STEP):
        raise RebuildError("broken off")

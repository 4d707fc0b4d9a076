"""An engine for a contest, which can be killed and comes back at the same address."""

from __future__ import annotations

import itertools
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from small_graph import SMALL
from waiting import until

from infra.graphdb.embedded.process import ArcadeDB
from infra.graphdb.engines.arcadedb import ArcadeDBEngine
from infra.graphdb.engines.interface import GraphEngine
from infra.graphdb.engines.neo4j import Neo4jEngine
from infra.servers.neo4j import Neo4jServer
from tests.takeovers.contest import Contest
from tests.takeovers.job import Job

RATE = 60.0
"""Commits a second: more transactions of a few events each than rest between them."""
SILENCE = 0.6
BEGINNING = 4.0
"""Seconds until a contest begins: all of its processes are there by then, and reach for the generation at once."""
A_TAKEOVER = 6.0
"""Seconds that one takes at most, about, with what comes before it."""


class Arena:
    """An engine, and contests on it, each in a generation of its own."""

    def __init__(self, engine: GraphEngine, restart: Callable[[], None]) -> None:
        self._engine = engine
        self._restart = restart
        self._numbers = itertools.count(1_000)

    @contextmanager
    def contest(self, folder: Path, seed: int, takeovers: int, *, locks: bool = True) -> Iterator[Contest]:
        """Projectors at work on a history that goes on for about as long as so many takeovers take."""
        number = next(self._numbers)
        commits = int(RATE * A_TAKEOVER * takeovers)
        generation = self._engine.generation(SMALL, number)
        self._engine.prepare(generation)
        job = Job(self._engine, number, seed, commits, RATE, time.monotonic() + BEGINNING, SILENCE, locks)
        with self._engine.driver() as driver:
            contest = Contest(job, driver, folder, self._restart)
            try:
                yield contest
            finally:
                contest.end()
        self._engine.remove(generation)

    def uncontrolled(self, folder: Path, seed: int) -> list[str]:
        """What is found wrong after a short contest without the lock, in which all project at once.

        It need not be anything: what goes wrong has to happen within some milliseconds.
        """
        with self.contest(folder, seed, takeovers=1, locks=False) as contest:
            return contest.run(random.Random(seed), 0, 0)


@contextmanager
def arcadedb(folder: Path) -> Iterator[Arena]:
    with ArcadeDB(folder, heap="512m") as process:

        def restart() -> None:
            restarts = process.restarts
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
            until(lambda: process.restarts > restarts)

        yield Arena(ArcadeDBEngine(process.start()), restart)


@contextmanager
def neo4j(folder: Path) -> Iterator[Arena]:
    with Neo4jServer(folder) as server:
        yield arena_of(server)


def arena_of(server: Neo4jServer) -> Arena:
    """A Neo4j that runs."""

    def restart() -> None:
        server.kill()
        server.start()

    return Arena(Neo4jEngine(server.uri, server.user, server.password), restart)

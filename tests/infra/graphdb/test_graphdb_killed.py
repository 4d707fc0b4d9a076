"""Projectors and engines killed at random points: the graph ends as if nothing had happened."""

from __future__ import annotations

import os
import pickle
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Event, Thread

import pytest
from direct import standing
from neo4j import Driver
from small_graph import SMALL, SmallLog, graph_of, history
from structlog.testing import capture_logs

from infra.graphdb.embedded.process import ArcadeDB
from infra.graphdb.engines.arcadedb import ArcadeDBEngine
from infra.graphdb.engines.interface import GraphEngine
from infra.graphdb.generation import Generation
from infra.graphdb.ownership import Ownership
from infra.graphdb.projector import Projector
from infra.graphdb.snapshot import snapshot
from infra.graphdb.writer import Writer

KILLS = 9


@pytest.mark.parametrize("engine", ["arcadedb"], indirect=True)
def test_a_projector_killed_at_random_points_ends_with_the_graph_of_one_that_never_was(
    engine: GraphEngine, generation: Generation, driver: Driver, support: Path
) -> None:
    seed, commits = 11, 2_000
    chance = random.Random(seed)
    log = SmallLog(history(seed, commits))
    killed_at: list[int] = []
    while len(killed_at) < KILLS:
        # Small batches and several kills per history: each stops the projector on its way, not after it.
        target = log.head() * (len(killed_at) + chance.random()) / (KILLS + 1)
        process = _projecting(engine, generation, support, seed, commits, limit=12)
        while _position(driver, generation) < target:
            assert process.poll() is None
        time.sleep(chance.uniform(0, 0.004))
        process.kill()
        assert process.wait(10) == -signal.SIGKILL
        killed_at.append(_position(driver, generation))
    assert killed_at == sorted(killed_at)
    assert 0 < killed_at[-1] < log.head()
    last = _projecting(engine, generation, support, seed, commits, limit=1_000)
    assert last.wait(30) == 0
    assert snapshot(driver, generation) == graph_of(log.kept)
    assert _position(driver, generation) == log.head()


def test_an_engine_killed_in_the_middle_comes_back_and_the_graph_catches_up(tmp_path: Path) -> None:
    log = SmallLog(history(seed=12, commits=1_500))
    stop = Event()
    with ArcadeDB(tmp_path / "graph") as process, capture_logs() as logs:
        engine = ArcadeDBEngine(process.start())
        generation = engine.generation(SMALL, 1)
        engine.prepare(generation)
        with engine.driver() as driver:
            projector = Projector(
                log, Writer(Ownership(driver, generation), engine), silence=0, at_rest=12, under_load=12
            )
            thread = Thread(target=projector.run, args=(stop,))
            thread.start()
            try:
                for share in (0.2, 0.5):
                    assert projector.wait_for(int(log.head() * share), 20) < log.head()
                    _kill(process)
                assert projector.wait_for(log.head(), 30) == log.head()
            finally:
                stop.set()
                projector.wake()
                thread.join()
            assert snapshot(driver, generation) == graph_of(log.kept)
        assert process.restarts == 2
    events = [each["event"] for each in logs]
    assert events.count("graph.engine.died") == 2
    assert "graph.projector.trouble" in events
    assert projector.stopped is None


def _projecting(
    engine: GraphEngine, generation: Generation, support: Path, seed: int, commits: int, limit: int
) -> subprocess.Popen[bytes]:
    """A process that projects this history, already at it."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(support), str(support.parents[1]))),
        "ENGINE": pickle.dumps((engine, generation.number)).hex(),
    }
    script = str(support / "projecting.py")
    return subprocess.Popen([sys.executable, script, str(seed), str(commits), str(limit)], env=environment)


def _position(driver: Driver, generation: Generation) -> int:
    return int(standing(driver, generation).get("position", 0))


def _kill(engine: ArcadeDB) -> None:
    """Kill the engine and wait until another process runs in its place."""
    before = engine.pid
    assert before is not None
    os.kill(before, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while engine.pid == before:
        assert time.monotonic() < deadline
        time.sleep(0.01)

"""The pulse: it goes as long as somebody projects, and says nothing where the work stands still."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from at_work import running
from small_graph import NeedBroken, NeedCounted, SmallLog, history
from waiting import until

from infra.graphdb.engines.neo4j import Neo4jEngine
from infra.graphdb.generations import Generations
from infra.graphdb.keeper import Keeper
from infra.graphdb.pulse import Pulse
from infra.servers.neo4j import Neo4jServer

PATIENCE = 60


@pytest.fixture
def engine(neo4j: Neo4jServer) -> Neo4jEngine:
    """Projectors are processes of their own on Neo4j only."""
    return Neo4jEngine(neo4j.uri, neo4j.user, neo4j.password)


def test_the_pulse_goes_with_the_work_also_where_one_stands_by(generations: Generations, tmp_path: Path) -> None:
    log = SmallLog(history(seed=1, commits=30))
    keepers = [Keeper(generations, log), Keeper(generations, log)]
    reasons: list[str] = []
    files = [tmp_path / "one", tmp_path / "other"]
    pulses = [
        Pulse(file, keeper, lambda: next(iter(reasons), None)) for file, keeper in zip(files, keepers, strict=True)
    ]
    assert not any(pulse.beat() for pulse in pulses)
    assert not any(file.exists() for file in files)
    with running(keepers[0]), running(keepers[1]):
        for pulse, file in zip(pulses, files, strict=True):
            until(pulse.beat, PATIENCE)
            assert file.exists()
            file.unlink()
        assert [keeper.owns for keeper in keepers].count(True) == 1
        reasons.append("the log is another one")
        assert not any(pulse.beat() for pulse in pulses)
    assert not any(file.exists() for file in files)


def test_there_is_no_pulse_where_nobody_brings_the_graph_further(
    version: Callable[[int], Generations], tmp_path: Path
) -> None:
    log = SmallLog(history(seed=2, commits=5))
    with running(Keeper(version(1), log)) as builder:
        until(lambda: builder.ready() and builder.lag() == 0, PATIENCE)
    with running(Keeper(version(1), log, projects=False)) as watching:
        pulse = Pulse(tmp_path / "pulse", watching, lambda: None)
        until(lambda: watching.lag() == 0 and pulse.beat(), PATIENCE)
        log.append(("need_1", NeedCounted(times=1)))
        assert not pulse.beat()


def test_a_fact_that_cannot_be_applied_ends_the_pulse(generations: Generations, tmp_path: Path) -> None:
    log = SmallLog(history(seed=3, commits=5))
    with running(Keeper(generations, log)) as keeper:
        pulse = Pulse(tmp_path / "pulse", keeper, lambda: None)
        until(pulse.beat, PATIENCE)
        log.append(("need_1", NeedBroken()))
        keeper.wake()
        until(lambda: keeper.stopped is not None, PATIENCE)
        assert not pulse.beat()

"""What a projector does that rests on how its database writes and refuses: the same on each."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from at_work import Hold, projecting, running
from direct import standing
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from neo4j import Driver
from small_graph import SMALL, NeedClosed, NeedOversized, SmallLog, graph_of, history

from infra.graphdb.engines import neo4j as neo4j_engine
from infra.graphdb.engines.interface import GraphEngine
from infra.graphdb.engines.neo4j import Neo4jEngine
from infra.graphdb.generation import Generation
from infra.graphdb.ownership import Ownership
from infra.graphdb.snapshot import snapshot
from infra.graphdb.writer import Writer
from infra.servers.neo4j import Neo4jServer
from projections.memory import Graph


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 99), size=st.integers(1, 60), batch=st.sampled_from([1, 2, 7, 40, 1000]))
def test_whatever_the_batches_the_graph_is_the_one_in_memory(
    engine: GraphEngine, new_generation: Callable[[], Generation], driver: Driver, seed: int, size: int, batch: int
) -> None:
    log = SmallLog(history(seed, size, needs=8, stations=3))
    generation = new_generation()
    projector = projecting(log, Writer(Ownership(driver, generation), engine), at_rest=batch, under_load=batch)
    with running(projector):
        assert projector.wait_for(log.head(), 20) == log.head()
    assert snapshot(driver, generation) == graph_of(log.kept)


def test_what_the_database_refuses_is_found_in_its_batch_and_stops_it_exactly_there(
    hold: Hold, generation: Generation, driver: Driver
) -> None:
    log = SmallLog(history(seed=4, commits=20))
    good = log.head()
    log.append(("need_1", NeedOversized()))
    log.append(("need_2", NeedClosed()))
    with running(projecting(log, hold())) as projector:
        assert projector.wait_for(log.head(), 30) == good
    assert projector.stopped is not None
    assert f"need_1 at positions {good + 1} to {good + 1} is refused" in projector.stopped
    assert standing(driver, generation)["stopped"] == projector.stopped
    assert snapshot(driver, generation) == graph_of(log.kept[:20])


def test_what_the_database_refuses_is_left_out_once_it_is_skipped(
    hold: Hold, generation: Generation, driver: Driver
) -> None:
    log = SmallLog(history(seed=4, commits=20))
    refused = log.append(("need_1", NeedClosed()), ("need_1", NeedOversized()))
    log.append(("need_2", NeedClosed()))
    log.skipped.add(refused.position)
    with running(projecting(log, hold())) as projector:
        assert projector.wait_for(log.head(), 30) == log.head()
    applied = [*log.kept[:20], replace(refused, events=refused.events[:1]), log.kept[21]]
    assert snapshot(driver, generation) == graph_of(applied)


def test_a_graph_in_which_all_have_more_links_than_go_with_a_node_is_removed_piece_by_piece(
    neo4j: Neo4jServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neo4j_engine, "FEW", 0)
    monkeypatch.setattr(neo4j_engine, "AT_ONCE", 3)
    log = SmallLog(history(seed=6, commits=40, needs=9, stations=2))
    engine = Neo4jEngine(neo4j.uri, neo4j.user, neo4j.password)
    generation = engine.generation(SMALL, 900_000)
    engine.prepare(generation)
    with engine.driver() as driver:
        with running(projecting(log, Writer(Ownership(driver, generation), engine))) as projector:
            assert projector.wait_for(log.head(), 30) == log.head()
        assert snapshot(driver, generation) == graph_of(log.kept)
        engine.remove(generation)
        assert snapshot(driver, generation) == Graph()
        assert standing(driver, generation) == {}

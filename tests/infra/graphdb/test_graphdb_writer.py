"""The writer and the snapshot, on the real engine: what is written is what the changes say, once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from neo4j import Driver
from neo4j.exceptions import ConstraintError
from small_graph import CARED_BY, NOON, SEEN_BY, SMALL, NeedNoted, SmallLog, StationNamed, graph_of, history

from domain.kernel.history import Commit
from infra.graphdb.engine import ArcadeDBEngine
from infra.graphdb.snapshot import snapshot
from infra.graphdb.writer import Displaced, Writer, statement
from projections.batch import Batch, fold, shapes
from projections.changes import Change, Link, LinkType, NodeType, Properties, Put, Unlink
from projections.memory import Graph


@pytest.fixture
def writer(engine: ArcadeDBEngine, driver: Driver) -> Writer:
    return Writer(driver, engine.database, SMALL)


def test_a_new_graph_stands_at_zero(writer: Writer) -> None:
    assert writer.position() == 0


def test_every_kind_of_value_comes_back_as_it_was_put(writer: Writer, engine: ArcadeDBEngine, driver: Driver) -> None:
    properties: Properties = {
        "text": "高速轴承润滑",
        "blank": "",
        "whole": 2**40,
        "part": 0.25,
        "yes": True,
        "no": False,
        "day": date(2026, 2, 28),
        "at": NOON + timedelta(microseconds=123456),
        "words": ["a", "轴"],
        "none": [],
    }
    _write(writer, [Put("SmallNeed", "1", properties), Link(CARED_BY, "1", "9", properties)], 1)
    found = snapshot(driver, engine.database, SMALL)
    assert found.node("SmallNeed", "1") == properties
    assert found.targets(CARED_BY, "1") == {"9": properties}


def test_each_change_does_in_the_database_what_it_does_in_memory(
    writer: Writer, engine: ArcadeDBEngine, driver: Driver
) -> None:
    steps: list[list[Change]] = [
        [Put("SmallNeed", "1", {"a": 1, "b": 2}), Link(CARED_BY, "1", "8"), Link(CARED_BY, "1", "9", {"x": 1, "y": 2})],
        [Put("SmallNeed", "1", {"c": 3}, frozenset({"a", "never"})), Link(CARED_BY, "1", "9", {"y": 3})],
        [Link(SEEN_BY, "1", "8"), Link(SEEN_BY, "2", "8"), Unlink(CARED_BY, "1", "8"), Unlink(CARED_BY, "5", "8")],
        [Unlink(CARED_BY, "1"), Link(CARED_BY, "1", "7"), Unlink(SEEN_BY, "5")],
        [Link(CARED_BY, "3", "6"), Unlink(CARED_BY, "3"), Put("SmallStation", "9", {"name": "驿站"})],
    ]
    expected = Graph()
    for position, step in enumerate(steps, 1):
        expected.apply(step)
        _write(writer, step, position)
        assert snapshot(driver, engine.database, SMALL) == expected


def test_an_empty_batch_moves_the_position_on(writer: Writer) -> None:
    _write(writer, [], 7)
    assert writer.position() == 7


def test_a_batch_that_fails_leaves_no_trace(writer: Writer, engine: ArcadeDBEngine, driver: Driver) -> None:
    _write(writer, [Put("SmallNeed", "1")], 3)
    with pytest.raises(OverflowError):
        _write(writer, [Put("SmallNeed", "2"), Put("SmallNeed", "3", {"n": 2**70})], 5)
    assert list(snapshot(driver, engine.database, SMALL).nodes) == [("SmallNeed", "1")]
    assert writer.position() == 3


def test_a_projector_that_was_taken_over_writes_nothing_more(
    writer: Writer, engine: ArcadeDBEngine, driver: Driver
) -> None:
    _write(writer, [Put("SmallNeed", "1")], 1)
    other = Writer(driver, engine.database, SMALL)
    assert other.position() == 1
    with pytest.raises(Displaced, match=r"expected Standing\(position=1, epoch=1\)"):
        writer.write(_batch([Put("SmallNeed", "2")]), 2)
    with pytest.raises(Displaced, match="another projector took over"):
        writer.position()
    with pytest.raises(Displaced):
        writer.stop("not its to stop")
    other.write(_batch([Put("SmallNeed", "3")]), 2)
    assert list(snapshot(driver, engine.database, SMALL).nodes) == [("SmallNeed", "1"), ("SmallNeed", "3")]


def test_a_graph_that_lost_its_position_is_not_written_to(
    writer: Writer, engine: ArcadeDBEngine, driver: Driver
) -> None:
    writer.position()
    driver.execute_query("MATCH (p:Projection) DELETE p", database_=engine.database)
    with pytest.raises(Displaced, match="found None"):
        writer.write(_batch([Put("SmallNeed", "2")]), 2)
    with pytest.raises(Displaced, match="the graph was replaced"):
        writer.position()


def test_the_reason_for_stopping_stands_in_the_graph_until_the_next_batch(
    writer: Writer, engine: ArcadeDBEngine, driver: Driver
) -> None:
    writer.position()
    writer.stop("a fault")
    assert _projection(driver, engine)["stopped"] == "a fault"
    _write(writer, [], 1)
    assert "stopped" not in _projection(driver, engine)


def test_two_versions_of_a_projection_stand_apart(writer: Writer, engine: ArcadeDBEngine, driver: Driver) -> None:
    _write(writer, [], 4)
    assert Writer(driver, engine.database, replace(SMALL, version=2)).position() == 0


def test_the_same_commits_projected_twice_give_the_same_graph(
    writer: Writer, new_engine: Callable[[], ArcadeDBEngine], engine: ArcadeDBEngine, driver: Driver
) -> None:
    commits = history(seed=3, commits=300)
    _write(writer, fold(SMALL, commits), commits[-1].position)
    other = new_engine()
    second = Writer(driver, other.database, SMALL)
    second.position()
    for part in _parts(commits, 17):
        second.write(fold(SMALL, part), part[-1].position)
    first = snapshot(driver, engine.database, SMALL)
    assert first == snapshot(driver, other.database, SMALL) == graph_of(commits)


def test_the_same_facts_written_over_an_existing_graph_leave_it_as_it_is(
    writer: Writer, engine: ArcadeDBEngine, driver: Driver
) -> None:
    log = SmallLog()
    facts = ("s", StationNamed(name="驿站")), ("n", NeedNoted(station="s", title="轴承", fields=("a", "b")))
    commit = log.append(*facts)
    _write(writer, fold(SMALL, [commit]), 1)
    once = snapshot(driver, engine.database, SMALL)
    _write(writer, fold(SMALL, [commit]), 2)
    assert snapshot(driver, engine.database, SMALL) == once == graph_of([commit])


def test_the_schema_keeps_ids_unique_and_can_be_made_again(engine: ArcadeDBEngine, driver: Driver) -> None:
    engine.prepare(SMALL)
    driver.execute_query("CREATE (:SmallNeed {id: '1'})", database_=engine.database)
    with pytest.raises(ConstraintError):
        driver.execute_query("CREATE (:SmallNeed {id: '1'})", database_=engine.database)


def test_a_snapshot_refuses_a_graph_with_two_links_where_there_is_one(engine: ArcadeDBEngine, driver: Driver) -> None:
    twice = "CREATE (a:SmallNeed {id: '1'})-[:SMALL_SEEN_BY]->(b:SmallStation {id: '2'}), (a)-[:SMALL_SEEN_BY]->(b)"
    driver.execute_query(twice, database_=engine.database)
    with pytest.raises(ValueError, match="two links SMALL_SEEN_BY lead from 1 to 2"):
        snapshot(driver, engine.database, SMALL)


@pytest.mark.parametrize("text", ["Need`) DETACH DELETE n //", "", "9Need", "需求"])
def test_no_name_reaches_a_statement_that_could_be_more_than_a_name(text: str) -> None:
    with pytest.raises(ValueError, match="a name in the graph"):
        statement(shapes(replace(SMALL, nodes=(NodeType(text),))))
    with pytest.raises(ValueError, match="a name in the graph"):
        statement(shapes(replace(SMALL, links=(LinkType("A", text, "B"),))))


def _write(writer: Writer, what: Batch | list[Change], position: int) -> None:
    writer.position()
    writer.write(what if isinstance(what, Batch) else _batch(what), position)


def _batch(changes: list[Change]) -> Batch:
    batch = Batch()
    for change in changes:
        batch.add(change)
    return batch


def _parts(commits: Sequence[Commit], size: int) -> list[Sequence[Commit]]:
    return [commits[start : start + size] for start in range(0, len(commits), size)]


def _projection(driver: Driver, engine: ArcadeDBEngine) -> dict[str, object]:
    statement = "MATCH (p:Projection {name: 'small', version: 1}) RETURN properties(p)"
    return dict(driver.execute_query(statement, database_=engine.database).records[0].values()[0])

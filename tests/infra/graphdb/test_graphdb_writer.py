"""The writer and the snapshot, on the real engine: what is written is what the changes say, once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from typing import TypeAlias

import direct
import pytest
from direct import Owner, standing
from neo4j import Driver
from neo4j.exceptions import ConstraintError
from small_graph import CARED_BY, NOON, SEEN_BY, SMALL, NeedNoted, SmallLog, StationNamed, graph_of, history

from domain.kernel.history import Commit
from infra.graphdb.engines.interface import GraphEngine
from infra.graphdb.generation import Generation
from infra.graphdb.ownership import Displaced, Standing
from infra.graphdb.snapshot import snapshot
from infra.graphdb.writer import statement
from projections.batch import Batch, fold
from projections.changes import Change, Link, LinkType, NodeType, Properties, Put, Unlink
from projections.memory import Graph
from projections.rows import Shape, Verb

Own: TypeAlias = Callable[[Generation], Owner]


@pytest.fixture
def own(engine: GraphEngine, driver: Driver) -> Iterator[Own]:
    """Gives owners of a generation."""
    with ExitStack() as stack:
        yield lambda generation: stack.enter_context(Owner(engine, driver, generation))


@pytest.fixture
def owner(own: Own, generation: Generation) -> Owner:
    return own(generation)


def test_a_new_graph_stands_at_zero(owner: Owner) -> None:
    assert owner.position() == 0


def test_every_kind_of_value_comes_back_as_it_was_put(owner: Owner, generation: Generation, driver: Driver) -> None:
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
    _write(owner, [Put("SmallNeed", "1", properties), Link(CARED_BY, "1", "9", properties)], 1)
    found = snapshot(driver, generation)
    assert found.node("SmallNeed", "1") == properties
    assert found.targets(CARED_BY, "1") == {"9": properties}


def test_each_change_does_in_the_database_what_it_does_in_memory(
    owner: Owner, generation: Generation, driver: Driver
) -> None:
    steps: list[list[Change]] = [
        [Put("SmallNeed", "1", {"a": 1, "b": 2}), Link(CARED_BY, "1", "8"), Link(CARED_BY, "1", "9", {"x": 1, "y": 2})],
        [Put("SmallNeed", "1", {"c": 3, "a": None, "never": None}), Link(CARED_BY, "1", "9", {"y": 3})],
        [Link(SEEN_BY, "1", "8"), Link(SEEN_BY, "2", "8"), Unlink(CARED_BY, "1", "8"), Unlink(CARED_BY, "5", "8")],
        [Unlink(CARED_BY, "1"), Link(CARED_BY, "1", "7"), Unlink(SEEN_BY, "5")],
        [Link(CARED_BY, "3", "6"), Unlink(CARED_BY, "3"), Put("SmallStation", "9", {"name": "驿站"})],
    ]
    expected = Graph()
    for position, step in enumerate(steps, 1):
        expected.apply(step)
        _write(owner, step, position)
        assert snapshot(driver, generation) == expected


def test_nothing_of_what_is_written_stands_in_any_log(
    owner: Owner, generation: Generation, driver: Driver, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, "neo4j"):
        _write(owner, [Put("SmallNeed", "1", {"title": "轴承"})], 1)
        _write(owner, [Put("SmallNeed", "1", {"title": "轴承"}), Put("SmallStation", "9", {"name": "轴承"})], 2)
    assert "MATCH (p:Projection" in caplog.text
    assert "轴承" not in caplog.text
    assert snapshot(driver, generation).node("SmallNeed", "1") == {"title": "轴承"}


def test_an_empty_batch_moves_the_position_on(owner: Owner) -> None:
    _write(owner, [], 7)
    assert owner.position() == 7


def test_a_batch_that_fails_leaves_no_trace(owner: Owner, generation: Generation, driver: Driver) -> None:
    _write(owner, [Put("SmallNeed", "1")], 3)
    with pytest.raises(OverflowError):
        _write(owner, [Put("SmallNeed", "2"), Put("SmallNeed", "3", {"n": 2**70})], 5)
    assert list(snapshot(driver, generation).nodes) == [("SmallNeed", "1")]
    assert owner.position() == 3


def test_a_projector_that_was_taken_over_writes_nothing_more(
    own: Own, owner: Owner, generation: Generation, driver: Driver
) -> None:
    _write(owner, [Put("SmallNeed", "1")], 1)
    other = own(generation)
    assert other.position() == 1
    with pytest.raises(
        Displaced, match=r"expected Standing\(position=1, epoch=1,.* found Standing\(position=1, epoch=2,"
    ):
        owner.bring(_batch([Put("SmallNeed", "2")]), 2)
    assert owner.ownership.standing is None
    for attempt in (owner.ownership.check, owner.ownership.release, lambda: owner.ownership.stop("not its to stop")):
        with pytest.raises(Displaced, match="expected None"):
            attempt()
    assert not owner.ownership.beat()
    other.bring(_batch([Put("SmallNeed", "3")]), 2)
    assert sorted(snapshot(driver, generation).nodes) == [("SmallNeed", "1"), ("SmallNeed", "3")]


def test_of_two_that_saw_the_same_one_takes_over(
    own: Own, owner: Owner, generation: Generation, driver: Driver
) -> None:
    other = own(generation)
    for expected in (Standing(), Standing(epoch=1, owner=owner.ownership.owner)):
        seen = owner.ownership.look()
        assert seen == expected
        assert owner.ownership.take(seen)
        assert not other.ownership.take(seen)
    assert owner.ownership.check().epoch == 2


def test_an_owner_shows_that_it_lives_until_it_is_one_no_more(
    own: Own, owner: Owner, generation: Generation, driver: Driver
) -> None:
    assert not owner.ownership.beat()
    owner.position()
    beats = []
    for _ in range(3):
        assert owner.ownership.beat()
        beats.append(owner.ownership.check().beat)
    assert beats == [1, 2, 3]
    own(generation).position()
    assert not owner.ownership.beat()
    seen = owner.ownership.look()
    assert seen is not None
    assert seen.beat == 3


def test_what_was_let_go_has_no_owner_and_keeps_all_else(
    own: Own, owner: Owner, generation: Generation, driver: Driver
) -> None:
    owner.position()
    owner.bring(_batch([Put("SmallNeed", "1")]), 3, "ab")
    owner.ownership.stop("a fault")
    owner.ownership.release()
    assert own(generation).ownership.look() == Standing(3, 1, "ab", None, "a fault")
    assert owner.position() == 3


def test_a_graph_that_lost_its_position_is_not_written_to(owner: Owner, generation: Generation, driver: Driver) -> None:
    owner.position()
    direct.run(driver, generation, "MATCH (p:Projection {name: $name, generation: $generation}) DELETE p")
    with pytest.raises(Displaced, match="found None"):
        owner.bring(_batch([Put("SmallNeed", "2")]), 2)
    assert snapshot(driver, generation) == Graph()


def test_the_reason_for_stopping_stands_in_the_graph_until_somebody_takes_over(
    own: Own, owner: Owner, generation: Generation, driver: Driver
) -> None:
    owner.position()
    owner.ownership.stop("a fault")
    assert standing(driver, generation)["stopped"] == "a fault"
    assert own(generation).position() == 0
    assert "stopped" not in standing(driver, generation)


def test_generations_stand_apart(
    own: Own, owner: Owner, new_generation: Callable[[], Generation], driver: Driver
) -> None:
    _write(owner, [Put("SmallNeed", "1")], 4)
    other = own(new_generation())
    assert other.position() == 0
    _write(other, [Put("SmallNeed", "2")], 2)
    assert [*snapshot(driver, owner.generation).nodes] == [("SmallNeed", "1")]
    assert [*snapshot(driver, other.generation).nodes] == [("SmallNeed", "2")]
    assert owner.position() == 4


def test_a_generation_that_is_removed_leaves_the_others_as_they_are(
    engine: GraphEngine, own: Own, owner: Owner, new_generation: Callable[[], Generation], driver: Driver
) -> None:
    _write(owner, [Put("SmallNeed", "1"), Link(CARED_BY, "1", "9")], 4)
    removed = new_generation()
    _write(own(removed), [Put("SmallNeed", "2"), Link(CARED_BY, "2", "9")], 2)
    before = snapshot(driver, owner.generation)
    engine.remove(removed)
    assert snapshot(driver, owner.generation) == before
    engine.remove(removed)
    engine.prepare(removed)
    assert snapshot(driver, removed) == Graph()
    assert own(removed).position() == 0


def test_the_same_commits_projected_twice_give_the_same_graph(
    own: Own, owner: Owner, new_generation: Callable[[], Generation], driver: Driver
) -> None:
    commits = history(seed=3, commits=300)
    _write(owner, fold(SMALL, commits), commits[-1].position)
    other = new_generation()
    second = own(other)
    second.position()
    for part in _parts(commits, 17):
        second.bring(fold(SMALL, part), part[-1].position)
    first = snapshot(driver, owner.generation)
    assert first == snapshot(driver, other) == graph_of(commits)


def test_the_same_facts_written_over_an_existing_graph_leave_it_as_it_is(
    owner: Owner, generation: Generation, driver: Driver
) -> None:
    log = SmallLog()
    facts = ("s", StationNamed(name="驿站")), ("n", NeedNoted(station="s", title="轴承", fields=("a", "b")))
    commit = log.append(*facts)
    _write(owner, fold(SMALL, [commit]), 1)
    once = snapshot(driver, generation)
    _write(owner, fold(SMALL, [commit]), 2)
    assert snapshot(driver, generation) == once == graph_of([commit])


def test_the_schema_keeps_ids_unique_and_can_be_made_again(
    engine: GraphEngine, generation: Generation, driver: Driver
) -> None:
    engine.prepare(generation)
    direct.run(driver, generation, "CREATE (:SmallNeed {id: '1'})")
    with pytest.raises(ConstraintError):
        direct.run(driver, generation, "CREATE (:SmallNeed {id: '1'})")


def test_a_snapshot_refuses_a_graph_with_two_links_where_there_is_one(generation: Generation, driver: Driver) -> None:
    twice = "CREATE (a:SmallNeed {id: '1'})-[:SMALL_SEEN_BY]->(b:SmallStation {id: '2'}), (a)-[:SMALL_SEEN_BY]->(b)"
    direct.run(driver, generation, twice)
    with pytest.raises(ValueError, match="two links SMALL_SEEN_BY lead from 1 to 2"):
        snapshot(driver, generation)


@pytest.mark.parametrize("text", ["Need`) DETACH DELETE n //", "", "9Need", "需求"])
def test_no_name_reaches_a_statement_that_could_be_more_than_a_name(text: str) -> None:
    generation = Generation(SMALL, 1, "neo4j")
    link = LinkType("A", text, "B")
    for shape in (
        Shape(Verb.PUT, NodeType(text)),
        Shape(Verb.PUT, NodeType("A"), links=(link,)),
        Shape(Verb.UNLINK, link),
        Shape(Verb.ADD, NodeType("A"), text),
    ):
        with pytest.raises(ValueError, match="a name in the graph"):
            statement(shape, generation)


def _write(owner: Owner, what: Batch | list[Change], position: int) -> None:
    owner.position()
    owner.bring(what if isinstance(what, Batch) else _batch(what), position)


def _batch(changes: list[Change]) -> Batch:
    batch = Batch()
    for change in changes:
        batch.add(change)
    return batch


def _parts(commits: Sequence[Commit], size: int) -> list[Sequence[Commit]]:
    return [commits[start : start + size] for start in range(0, len(commits), size)]

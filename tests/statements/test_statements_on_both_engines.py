"""Every statement that was sent, whatever for, means the same to Neo4j and to ArcadeDB."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from neo4j import Transaction
from neo4j.exceptions import ConstraintError

from gateway.schema import schema
from infra.graphdb.writer import statement
from projections.changes import LinkType, NodeType
from projections.rows import shapes
from tests.statements.conftest import Asked, TwoGraphs
from tests.statements.covered import askable
from tests.statements.covered import asked as asked_for
from tests.statements.replaying import Replay
from tests.statements.sides import Side, Sides, schema_of


def shown(sides: Sides) -> str:
    return f"{len(sides.differences)} differences, the first:\n{''.join(sides.differences[:1])}"


def test_all_that_the_schema_has_was_asked_for(asked: Asked) -> None:
    assert askable(schema()) - asked_for(schema(), asked.documents) == set()


def test_each_filter_that_was_asked_for_kept_something(asked: Asked) -> None:
    assert {name for name, count in asked.keeping.items() if count == 0} == set()


def test_what_the_gateway_reads_gives_equal_rows_on_both(read: Sides, asked: Asked) -> None:
    assert read.differences == [], shown(read)
    assert read.compared == {each.text for each in asked.reads}


def test_what_a_writer_of_the_network_may_write_does_the_same_on_both(written: Sides, graphs: TwoGraphs) -> None:
    assert written.differences == [], shown(written)
    assert {statement(each, graphs.arcadedb) for each in shapes(graphs.arcadedb.projection)} <= written.compared


def test_the_graphs_that_are_read_are_equal(graphs: TwoGraphs) -> None:
    sides, projection = Sides(graphs.sides.one, graphs.sides.other), graphs.arcadedb.projection
    with sides.together() as both:
        kinds: list[NodeType | LinkType] = [*projection.nodes, *projection.links]
        counts = {kind: both.hold(kind) for kind in kinds}
    assert sides.differences == [], shown(sides)
    assert {str(kind) for kind, count in counts.items() if not count} == set()


def test_what_is_done_with_generations_does_the_same_on_both(replayed: Replay) -> None:
    assert replayed.sides.differences == [], shown(replayed.sides)


def test_what_is_unique_or_looked_up_by_is_the_same_on_both(graphs: TwoGraphs) -> None:
    own = {node.label for node in graphs.arcadedb.projection.nodes}
    sides = graphs.sides.one, graphs.sides.other
    one, other = (schema_of(side, {side.label(label): label for label in own}.get) for side in sides)
    assert one == other
    assert {label for label in own if f"{label} unique by ['id']" in one} == own


def test_a_second_node_with_the_same_id_is_refused_by_both(graphs: TwoGraphs) -> None:
    for node in graphs.arcadedb.projection.nodes:
        text = f"MATCH (n:{node.label}) WITH n LIMIT 1 CREATE (m:{node.label}) SET m.id = n.id"
        for side in (graphs.sides.one, graphs.sides.other):
            with side.transaction() as transaction, pytest.raises(ConstraintError):
                _write(transaction, side.rewritten(text))


def test_what_only_differs_a_little_is_found(graphs: TwoGraphs) -> None:
    """The comparison itself: rows, their order, the types of their values, and what a statement leaves behind."""
    one, other = graphs.sides.one, graphs.sides.other
    for usual, instead in (
        ("MATCH (n:Need) RETURN n.id", "MATCH (n:Need) RETURN n.id LIMIT 3"),
        ("MATCH (n:Need) RETURN n.id ORDER BY n.id", "MATCH (n:Need) RETURN n.id ORDER BY n.id DESC"),
        ("RETURN 1", "RETURN 1.0"),
        ("RETURN {a: [true]}", "RETURN {a: [1]}"),
        ("RETURN 1", "RETURN 1 +"),
        ("MATCH (n:Need) SET n.x = 1", "MATCH (n:Need) SET n.x = 2"),
    ):
        changed = replace(other, rewritten=_instead(other, usual, instead))
        sides = Sides(one, changed)
        with sides.together() as both:
            both.run(usual, {})
            if " SET " in usual:
                both.hold(NodeType("Need"))
        assert len(sides.differences) == 1, usual
        assert "ArcadeDB: " in sides.differences[0]


def _instead(side: Side, usual: str, instead: str) -> Callable[[str], str]:
    """How this side words statements, but for one that it words otherwise."""
    return lambda text: side.rewritten(instead if text == usual else text)


def _write(transaction: Transaction, text: str) -> None:
    transaction.run(text).consume()
    transaction.commit()

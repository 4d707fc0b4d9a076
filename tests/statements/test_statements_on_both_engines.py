"""Every statement that was sent, whatever for, means the same to Neo4j and to ArcadeDB; no other is in the source.

One file, so that all of it is asked and sent once, by one process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from neo4j import Transaction
from neo4j.exceptions import ConstraintError

from gateway.ports import OneRecord
from gateway.schema import schema
from infra.graphdb.engines.neo4j import NOT_YET
from infra.graphdb.writer import statement
from projections.changes import LinkType, NodeType
from projections.rows import shapes
from tests.statements.conftest import Asked, TwoGraphs
from tests.statements.covered import askable
from tests.statements.covered import asked as asked_for
from tests.statements.literals import cypher, unexercised
from tests.statements.recording import Sent
from tests.statements.replaying import NEO4JS_OWN, Replay
from tests.statements.sides import Side, Sides, schema_of

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / name for name in ("domain", "projections", "graphql", "infra")]


def shown(sides: Sides) -> str:
    return f"{len(sides.differences)} differences, the first:\n{''.join(sides.differences[:1])}"


def test_all_that_the_schema_has_was_asked_for(asked: Asked) -> None:
    assert askable(schema()) - asked_for(schema(), asked.documents) == set()


def test_each_filter_that_was_asked_for_kept_something(asked: Asked) -> None:
    assert {name for name, count in asked.keeping.items() if count == 0} == set()


def test_what_the_gateway_reads_gives_equal_rows_on_both(read: Sides, asked: Asked) -> None:
    assert read.differences == [], shown(read)
    texts = {each.text for each in asked.reads}
    assert read.compared == texts | {text.for_all for text in texts if isinstance(text, OneRecord)}


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


def names_of(path: Path) -> Mapping[str, object]:
    """The names of a module of the source tree."""
    within = path.relative_to(ROOT / "graphql" if path.is_relative_to(ROOT / "graphql") else ROOT)
    return vars(import_module(".".join(within.with_suffix("").parts)))


@pytest.fixture(scope="module")
def registry(read: Sides, written: Sides, replayed: Replay, worked: Mapping[str, list[Sent]]) -> set[str]:
    """Every statement that was run on both engines, and what was sent to Neo4j because only Neo4j has a word for it."""
    own = {sent.text for sent in worked["Neo4j"] if sent.text.startswith(NEO4JS_OWN)}
    return read.compared | written.compared | replayed.originals() | own


def test_every_literal_that_is_cypher_is_part_of_a_statement_that_was_run_on_both_engines(registry: set[str]) -> None:
    literals = cypher(FOLDERS, ROOT, names_of)
    assert len({literal.place.rpartition(":")[0] for literal in literals}) > 10, "the files that are known to hold some"
    assert unexercised(literals, registry) == []


def test_only_neo4j_is_told_to_wait_for_its_indexes(registry: set[str]) -> None:
    assert {text for text in registry if text.startswith(NEO4JS_OWN)} == {NOT_YET}


PLANTED = (
    'ALL = "MATCH (n:Need) RETURN n.id"',
    "TEXT = '''\nMATCH (n:Need)\nWHERE n.stage = $stage\nRETURN count(*)\n'''",
    'def of(label: str) -> str:\n    return f"MATCH (n:{label}) RETURN n.id, n.created"',
    'def of(label: str) -> str:\n    return f"MATCH (n:{label}) " + f"SET n.seen = {label}"',
    'def of(graph: Graph) -> None:\n    graph.run("UNWIND $ids AS id MERGE (n:Need {id: id}) "\n              "SET n.gone = true")',  # noqa: E501 - as it would stand there
    'CONDITION = "n.stage IN $stages"',
    'def of(name: str) -> str:\n    return f"n.{name} =~ ${name}"',
    'def of(link: str) -> str:\n    return f"EXISTS {{ (n)-[:{link}*]->() }}"',
    'ORDER = "n.titled"',
    'INDEX = "CREATE FULLTEXT INDEX words IF NOT EXISTS FOR (n:Need) ON EACH [n.title]"',
    'CALLED = "CALL db.index.fulltext.queryNodes($index, $words) YIELD node"',
    'DROPPED = "MATCH (p:Projection {name: $name}) DETACH DELETE p"',
    'def of(label: str) -> str:\n    return f"MATCH (n:{label} {{name: $name, generation: $generation}}) DETACH DELETE n"',  # noqa: E501 - as it would stand there
)


@pytest.mark.parametrize("source", PLANTED)
def test_a_statement_that_nobody_ran_is_named_with_its_place(registry: set[str], tmp_path: Path, source: str) -> None:
    planted = tmp_path / "domain" / "planted.py"
    planted.parent.mkdir()
    planted.write_text(f'"""MATCH (n) is said in a docstring only."""\n\n{source}\n', encoding="utf-8")
    literals = cypher([planted.parent], tmp_path, lambda _path: {})
    found = unexercised(literals, registry)
    assert found, f"not noticed among {[literal.text for literal in literals]}"
    assert all(each.startswith("domain/planted.py:") for each in found)
    assert any(int(each.split(":")[1]) >= 3 for each in found)

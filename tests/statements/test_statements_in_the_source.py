"""No Cypher stands in the source that was not run on both engines."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import pytest

from tests.statements.literals import Literal, cypher, unexercised
from tests.statements.recording import Sent
from tests.statements.replaying import NEO4JS_OWN, Replay
from tests.statements.sides import Sides

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / name for name in ("domain", "projections", "graphql", "infra")]


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
    assert {text for text in registry if text.startswith(NEO4JS_OWN)} == {"CALL db.awaitIndexes($seconds)"}


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


@pytest.mark.parametrize(
    "source",
    [
        'SQL = "SELECT id FROM events WHERE position > ? ORDER BY position"',
        'KIND = "MATCHED"',
        '"""MATCH (n) RETURN n"""',
    ],
)
def test_what_is_no_cypher_is_left_alone(tmp_path: Path, source: str) -> None:
    (tmp_path / "other.py").write_text(source, encoding="utf-8")
    assert cypher([tmp_path], tmp_path, lambda _path: {}) == []


def test_a_text_that_a_name_stands_for_is_part_of_the_literal(tmp_path: Path) -> None:
    (tmp_path / "named.py").write_text(
        'def of() -> str:\n    return f"MATCH {NODE} REMOVE p.stopped"\n', encoding="utf-8"
    )
    (literal,) = cypher([tmp_path], tmp_path, lambda _path: {"NODE": "(p:Projection)"})
    assert literal == Literal("named.py:2", "MATCH (p:Projection) REMOVE p.stopped")
    longer = "MATCH (p:Projection) SET p.epoch = 1 REMOVE p.stopped"
    assert unexercised([literal], [longer]) == ["named.py:2: MATCH (p:Projection) REMOVE p.stopped"]
    assert unexercised([literal], [f"{literal.text}"]) == []

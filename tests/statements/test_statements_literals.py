"""Finding Cypher among the literals of a source."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.statements.literals import Literal, cypher, unexercised


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

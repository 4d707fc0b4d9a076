"""Every line of the guarantees is held by a test that there is."""

from __future__ import annotations

import ast
from pathlib import Path

from guide_pages import tables
from guide_runs import ROOT

PAGE = ROOT / "docs" / "guarantees.md"


def functions_of(file: Path) -> set[str]:
    """The tests that a file defines."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_guarantee_names_a_test_that_holds_it() -> None:
    held = [row[-1] for header, rows in tables(PAGE).items() if header[-1] == "held by" for row in rows]
    assert len(held) > 40
    missing = []
    for each in held:
        file, _, test = each.partition("::")
        path = ROOT / file
        if not path.is_file() or test not in functions_of(path):
            missing.append(each)
    assert missing == []

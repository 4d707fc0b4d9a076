"""Every benchmark runs in its quick form, and writes the file of results that it promises."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"
BENCHMARKS = sorted(path for path in FOLDER.glob("*.py") if "__main__" in path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("benchmark", BENCHMARKS, ids=lambda path: path.stem)
def test_a_quick_run_prints_a_table_and_writes_its_results(benchmark: Path, tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    ran = subprocess.run(
        [sys.executable, benchmark, "--quick", "--json", file], capture_output=True, text=True, timeout=240, check=False
    )
    assert ran.returncode == 0, ran.stderr + ran.stdout
    results = json.loads(file.read_text())
    assert set(results) - {"samples"} == {"bars", "rows", "machine"}
    assert results["rows"]
    for row in results["rows"]:
        assert all(str(name) in ran.stdout for name in row)
    assert all(isinstance(figure, int | float | str) and figure for row in results["rows"] for figure in row.values())


def test_there_are_benchmarks_for_commands_projection_and_counterparts() -> None:
    assert {path.stem for path in BENCHMARKS} >= {"commands", "projection", "counterparts"}

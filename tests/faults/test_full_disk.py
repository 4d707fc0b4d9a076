"""A disk that takes no more under the index, or under the embedded log: nothing that was acknowledged is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.faults.checker import nodes_wrong
from tests.faults.crew import ROOT
from tests.faults.filling import COMMITS
from tests.faults.job import Job
from tests.faults.stand import Stand, all_of, dump, note

LIMIT = 1_000_000
"""Bytes that a file may have, less than all commits take."""


def filled(job: Job) -> tuple[list[list[int]], dict[str, Any] | None, str]:
    """What the process was acknowledged, the error that ended it, and what it wrote to its log."""
    command = [sys.executable, "-m", "tests.faults.filling", job.text(), str(LIMIT)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    error = lines.pop() if lines and isinstance(lines[-1], dict) else None
    return lines, error, ran.stderr


def test_an_embedded_log_on_a_full_disk_refuses_in_clear_words_and_goes_on_when_there_is_space(tmp_path: Path) -> None:
    job = Job("node", str(tmp_path), f"sqlite:{tmp_path / 'log.db'}", 1)
    acknowledged, error, _ = filled(job)
    assert acknowledged == [[number, number] for number in range(1, len(acknowledged) + 1)]
    assert 10 < len(acknowledged) < COMMITS
    assert error is not None
    assert "log.db" in error["words"]
    with closing(job.open()) as log:
        assert [[commit.first, commit.last] for commit in all_of(log)] == acknowledged
        assert note(log, "a", len(acknowledged) + 1).first == len(acknowledged) + 1


def test_a_node_whose_index_is_on_a_full_disk_loses_nothing_that_was_acknowledged(stand: Stand) -> None:
    job = stand.job("node")
    acknowledged, error, said = filled(job)
    assert f"{job.index} cannot be written" in said
    assert acknowledged == [[number, number] for number in range(1, len(acknowledged) + 1)]
    assert len(acknowledged) > 10
    assert (error is None) == (len(acknowledged) == COMMITS)
    if error is not None:
        assert str(job.index) in error["words"]
    model = stand.model()
    assert model.head >= len(acknowledged)
    with closing(job.open()) as log:
        assert list(nodes_wrong(model.stood, {"node": dump(log)})) == []
        assert note(log, "a", model.head + 1).first == model.head + 1

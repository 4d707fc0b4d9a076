"""The log serves applications of others: the suites hold in a folder that knows nothing of this repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import library_suites
import pytest

SUITES = """
import os
from uuid import uuid4

from library_suites import suites


def settings(folder, _request):
    client = os.environ["CLIENT"]
    if client == "embedded":
        return {"EVENTLOG_URL": f"sqlite:{folder / 'log.db'}"}
    url = f"kafka://{os.environ['KAFKA']}/outside-{uuid4().hex}"
    return {"EVENTLOG_URL": url, "EVENTLOG_INDEX": str(folder / "index.db"), "EVENTLOG_CLIENT": client}


globals().update(suites(settings))
"""


@pytest.mark.parametrize("client", ["embedded", "confluent"])  # all three hold them inside
def test_the_suites_hold_in_a_folder_outside_the_repository(
    client: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    shutil.copy(library_suites.__file__, tmp_path)
    (tmp_path / "test_outside.py").write_text(SUITES)
    brokers = "" if client == "embedded" else request.getfixturevalue("kafka").bootstrap
    known = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTEST_ADDOPTS")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_outside.py"],
        cwd=tmp_path,
        env={**known, "CLIENT": client, "KAFKA": brokers},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4_000:]
    assert "36 passed" in done.stdout

"""Judges from outside that are written in JavaScript (`tests/js`): installed when the first test asks for one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[1] / "js"
INSTALLED = FOLDER / "node_modules" / ".package-lock.json"
"""What npm leaves when it has installed everything."""


def judged(judge: str, text: bytes) -> Any:
    """What a judge says about a text. Without Node.js and npm the test is skipped; not so under CI."""
    for program in ("node", "npm"):
        if shutil.which(program) is None and os.environ.get("CI") != "true":
            pytest.skip(f"{program} is not installed here; type: sudo apt-get install -y nodejs npm")
    _install()
    done = subprocess.run(["node", judge], cwd=FOLDER, input=text, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def _install() -> None:
    """Install what the lock file names, unless that is there already."""
    lock = FOLDER / "package-lock.json"
    if INSTALLED.exists() and INSTALLED.stat().st_mtime >= lock.stat().st_mtime:
        return
    done = subprocess.run(["npm", "ci"], cwd=FOLDER, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr

"""Judges from outside that are written in JavaScript (`tests/js`): installed when the first test asks for one."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from real_servers import or_skipped

from infra.servers.node_packages import node_with

FOLDER = Path(__file__).parents[1] / "js"


def judged(judge: str, text: bytes) -> Any:
    """What a judge says about a text. Without Node.js and npm the test is skipped; not so under CI."""
    node = installed()
    done = subprocess.run([node, judge], cwd=FOLDER, input=text, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def installed() -> Path:
    """Node.js, once the packages of this folder are there. Without it the test is skipped; not so under CI."""
    with or_skipped():
        return node_with(FOLDER)

"""Node.js and npm: what the tests want of them, and the bundle of GraphiQL that they make."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUNDLE = ROOT / "graphql" / "gateway" / "bundle"


def wanted(**programs: str) -> None:
    """Skip the test where one of these programs is missing, each named with its package; not so under CI."""
    for program, package in programs.items():
        if shutil.which(program) is None and os.environ.get("CI") != "true":
            pytest.skip(f"{program} is not installed here; type: sudo apt-get install -y {package}")


@pytest.fixture(scope="session")
def bundle() -> Path:
    """The folder of the bundle, made by `scripts/build` where it is not up to date; processes wait for each other."""
    wanted(node="nodejs", npm="npm")
    command = (str(ROOT / "scripts" / "build"), "--bundle")
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return BUNDLE

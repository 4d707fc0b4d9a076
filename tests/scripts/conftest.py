"""A small checkout of its own for the scripts: nothing in it needs the network, and all of it is real."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("sh", "dirname", "df", "awk", "cat", "cmp", "grep", "head", "id", "rm", "sed", "tail")

PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "small"
version = "1"
"""

BACKEND = """
from pathlib import Path
from zipfile import ZipFile

SAYS = "import os, sys\\n\\n\\ndef main():\\n    print(os.path.basename(sys.argv[0]), *sys.argv[1:], flush=True)\\n"
COMMANDS = ("yizhan", "pytest", "ruff", "mypy", "lint-imports", "coverage", "pip-compile")


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    name = "small-1-py3-none-any.whl"
    with ZipFile(Path(wheel_directory, name), "w") as wheel:
        wheel.writestr("small.py", SAYS)
        wheel.writestr("small-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: small\\nVersion: 1\\n")
        wheel.writestr("small-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        scripts = "".join(f"{command} = small:main\\n" for command in COMMANDS)
        wheel.writestr("small-1.dist-info/entry_points.txt", "[console_scripts]\\n" + scripts)
        wheel.writestr("small-1.dist-info/RECORD", "")
    return name
"""
"""Builds an editable wheel of the commands that the scripts call; each of them says how it was called."""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with this repository's scripts, a project of one command, and lists that ask for nothing."""
    folder = tmp_path / "a checkout"
    shutil.copytree(ROOT / "scripts", folder / "scripts")
    shutil.copytree(ROOT / ".ci", folder / ".ci")
    (folder / "scripts" / "packages.txt").write_text("# nothing\n")
    (folder / "requirements").mkdir()
    for name in ("build", "base", "dev"):
        (folder / "requirements" / f"{name}.txt").write_text("# nothing\n")
    (folder / "pyproject.toml").write_text(PROJECT)
    (folder / "backend.py").write_text(BACKEND)
    return folder


@pytest.fixture
def bin(tmp_path: Path) -> Path:
    """A folder for the PATH that holds the tools that the scripts name, and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, f"{tool} is not on the PATH"
        (folder / tool).symlink_to(found)
    return folder


@pytest.fixture
def put(bin: Path) -> Callable[[str, str], None]:
    """Puts a shell script on that PATH, under a name, in place of what was there."""

    def put(name: str, body: str) -> None:
        (bin / name).unlink(missing_ok=True)
        (bin / name).write_text(f"#!/bin/sh\n{body}\n")
        (bin / name).chmod(0o755)

    return put


@pytest.fixture
def run(checkout: Path, bin: Path) -> Run:
    """Runs a script of the checkout on that PATH."""

    def run(script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        env = {"HOME": os.environ.get("HOME", str(checkout)), "PATH": str(bin), **environment}
        command = [str(bin / "sh"), str(checkout / script), *arguments]
        return subprocess.run(command, env=env, text=True, capture_output=True, timeout=120, check=False)

    return run

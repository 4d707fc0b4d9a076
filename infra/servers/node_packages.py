"""Node.js with the packages that a program of ours in JavaScript needs: those that its lock file names, beside it."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from infra.servers.errors import ServerError
from infra.servers.tools import fetching, node, npm

PATIENCE = 300.0
"""Seconds that an installation may take."""


def node_with(folder: Path, environment: Mapping[str, str] = os.environ) -> Path:
    """The Node.js that runs the programs of this folder, once what its package-lock.json names is installed there.

    Of two that ask at the same time the second one waits, and finds what the first one installed. Raises
    MissingToolError without Node.js or npm, ServerError when the packages cannot be installed.
    """
    command, installer = node(environment), npm(environment)
    lock = folder / "package-lock.json"
    installed = folder / "node_modules" / ".installed"
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not installed.exists() or installed.read_bytes() != lock.read_bytes():
            _install(installer, folder, environment)
            shutil.copyfile(lock, installed)
    return command


def _install(installer: Path, folder: Path, environment: Mapping[str, str]) -> None:
    what = f"the packages of {folder}"
    done = fetching([installer, "ci", "--no-audit", "--no-fund"], folder, environment, what, PATIENCE)
    if done.returncode:
        raise ServerError(f"{what} could not be installed; npm says:\n{done.stderr.strip()}")

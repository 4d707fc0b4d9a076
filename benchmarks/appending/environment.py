"""The peers' own virtual environment: their pins and ours need not agree, and their interpreter is theirs alone."""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

from infra.servers.jars import cache

PINS = Path(__file__).with_name("peers.txt")
INSTALL = ("install", "--quiet", "--no-input", "--disable-pip-version-check", "--require-hashes", "--requirement")


class EnvironmentUnmadeError(Exception):
    """The environment could not be filled; the text is what pip said."""


def peers_interpreter() -> Path:
    """The Python of the environment, made on first use below `YIZHAN_CACHE` (`~/.cache/yizhan`).

    Raises EnvironmentUnmadeError, for instance when the package index is out of reach.
    """
    recipe = hashlib.sha256(PINS.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = cache() / f"peers-{recipe}"
    folder.mkdir(parents=True, exist_ok=True)
    python, whole = folder / "bin" / "python", folder / "whole"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            _run(sys.executable, "-m", "venv", "--without-pip", str(folder))
            _run(sys.executable, "-m", "pip", "--python", str(python), *INSTALL, str(PINS))
            whole.touch()
    return python


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise EnvironmentUnmadeError(f"{' '.join(command[:4])}: {done.stdout}{done.stderr}")

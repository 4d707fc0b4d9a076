"""Modules of this room as processes of their own."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

BENCHMARKS: Final = Path(__file__).parents[1]
ENV: Final = shutil.which("env") or "/usr/bin/env"
"""The program that runs another one in another environment."""


def module(name: str, *arguments: str) -> list[str]:
    """The command that runs a module, which finds the others of this room."""
    return [ENV, f"PYTHONPATH={BENCHMARKS}", sys.executable, "-m", name, *arguments]

"""Modules of this room as processes of their own, and as servers."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any, Final

import uvicorn

from infra.servers.node import HOST

BENCHMARKS: Final = Path(__file__).parents[1]
ENV: Final = shutil.which("env") or "/usr/bin/env"
"""The program that runs another one in another environment."""


def module(name: str, *arguments: str) -> list[str]:
    """The command that runs a module, which finds the others of this room."""
    return [ENV, f"PYTHONPATH={BENCHMARKS}", sys.executable, "-m", name, *arguments]


def serve(app: Any, port: int) -> None:
    """Answer by an ASGI application until the process is told to stop, on the server that the gateway runs on."""
    uvicorn.run(
        app,
        host=HOST,
        port=port,
        loop="uvloop",
        http="httptools",
        log_level="warning",
        timeout_graceful_shutdown=2,
    )

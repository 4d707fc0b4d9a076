"""The server as it ships, in a process of its own, over the sample network."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import httpx
from sampled import record_sample, token_of

from infra.ports import free_ports
from infra.server import running
from infra.servers.node import HOST
from infra.servers.server import Server
from infra.settings import Settings

PROGRAM = (sys.executable, "-c", "from infra.cli import main; main()")


class Served(Server):
    """`yizhan serve` over a data folder, on a free port of the loopback interface."""

    name: ClassVar[str] = "yizhan"

    def __init__(self, folder: Path, data: Path) -> None:
        super().__init__(folder)
        self._data = data
        (self._port,) = free_ports(1)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._port}"

    def _command(self) -> list[str]:
        return [*PROGRAM, "serve", f"--data={self._data}", f"--port={self._port}"]

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", trust_env=False).is_success
        except httpx.TransportError:
            return False


@contextmanager
def served(folder: Path, *, quick: bool) -> Iterator[tuple[Served, dict[str, str | None]]]:
    """The server over the sample network, or a small one, and tokens of some who ask; nobody's is the public."""
    data = folder / "data"
    with running(Settings(data=data, graph_heap="512m")) as system:
        record_sample(system, data, quick=quick)
    tokens = {who: token_of(who, data) for who in ("adviser", "auditor", "administrator")}
    with Served(folder / "served", data) as server:
        yield server, {"the public": None, **tokens}

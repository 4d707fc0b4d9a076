"""UmaDB's server, from its wheel."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from infra.ports import free_ports, listens
from infra.servers.server import Server


class UmaDBServer(Server):
    """A server over one file, with the settings that it ships with. `python` is that of the peers' environment."""

    name: ClassVar[str] = "umadb"

    def __init__(self, folder: Path, python: Path) -> None:
        super().__init__(folder)
        self._program = python.with_name("umadb")
        (self._port,) = free_ports(1)

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def _command(self) -> list[str]:
        return [str(self._program), "--listen", f"127.0.0.1:{self._port}", "--db-path", str(self.folder / "uma.db")]

    def _answers(self) -> bool:
        return listens(self._port)

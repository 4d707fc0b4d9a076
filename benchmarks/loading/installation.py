"""The installation under load: Kafka and Neo4j, an API and a projector, each a process of its own, over a small sample
network, as somebody runs it who runs it apart."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

import httpx
import orjson
from sampled import token_of

from infra.ports import free_ports, listens
from infra.servers.kafka import Broker
from infra.servers.neo4j import Neo4jServer
from infra.servers.node import HOST, write_private
from infra.servers.server import Server

PROGRAM: Final = (sys.executable, "-c", "from infra.cli import main; main()")
ASKERS: Final = ("adviser", "manager")
"""Who asks: people of one base station."""
LOOK: Final = 5.0
"""Seconds for an answer to whether a server is ready."""
PATIENCE: Final = 300.0
"""Seconds that a command may take."""


class Part(Server):
    """A part of yizhan as a process of its own, in a folder with its settings."""

    arguments: tuple[str, ...]

    def __init__(self, folder: Path, data: Path, settings: Mapping[str, Any]) -> None:
        super().__init__(folder)
        self._data = data
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lines = (f"{name} = {orjson.dumps(value).decode()}\n" for name, value in settings.items())
        write_private(self.folder / "yizhan.toml", "".join(lines))

    def _command(self) -> list[str]:
        return [*PROGRAM, "serve", f"--data={self._data}", *self.arguments]


class Api(Part):
    """One that only answers."""

    name: ClassVar[str] = "api"

    def __init__(self, folder: Path, data: Path, settings: Mapping[str, Any]) -> None:
        super().__init__(folder, data, settings)
        (self.port,) = free_ports(1)
        self.arguments = ("--only=api", f"--port={self.port}")

    def _answers(self) -> bool:
        if not listens(self.port):
            return False
        try:
            return httpx.get(f"http://{HOST}:{self.port}/readyz", timeout=LOOK, trust_env=False).is_success
        except httpx.TransportError:
            return False


class ProjectorAlone(Part):
    """One that only projects."""

    name: ClassVar[str] = "projector"
    arguments = ("--only=projector",)

    def _answers(self) -> bool:
        """Whether its process says so; whether it does is seen by the API's graph."""
        return "projecting " in self.tail()


@dataclass(frozen=True, slots=True)
class Installation:
    """All its servers, at work; `tokens` are those of people who may read and record."""

    neo4j: Neo4jServer
    api: Api
    projector: ProjectorAlone
    data: Path
    tokens: tuple[str, ...]

    def verified(self) -> dict[str, Any]:
        """What `yizhan verify` says of the graph, beside the log."""
        found: dict[str, Any] = orjson.loads(_said(self.api.folder, "verify", f"--data={self.data}", "--json"))
        return found


@contextmanager
def installation(folder: Path, *, visits: int, heap: str) -> Iterator[Installation]:
    """It is there until the end, over a sample network of two base stations and so many visits."""
    data = folder / "data"
    kafka, neo4j = Broker(folder / "kafka"), Neo4jServer(folder / "neo4j", heap=heap)
    settings = {
        "log": kafka.url("load"),
        "graph": neo4j.uri,
        "graph_username": neo4j.user,
        "graph_password_file": str(neo4j.secret),
    }
    projector, api = ProjectorAlone(folder / "projector", data, settings), Api(folder / "api", data, settings)
    with ExitStack() as stack:
        _launch(stack, kafka, neo4j)
        kafka.wait()
        _said(api.folder, "sample", f"--data={data}", "--stations=2", f"--visits={visits}", "--json")
        neo4j.wait()
        _launch(stack, projector, api)
        api.wait()
        yield Installation(neo4j, api, projector, data, tuple(token_of(name, data) for name in ASKERS))


def _launch(stack: ExitStack, *servers: Server) -> None:
    """Start them at the same time; they are stopped when the stack is unwound."""
    for server in servers:
        stack.callback(server.stop)
        server.launch()


def _said(folder: Path, *arguments: str) -> bytes:
    """What a command says that is given in this folder; it may find something wrong, but must not fail otherwise."""
    ran = subprocess.run([*PROGRAM, *arguments], cwd=folder, stdout=subprocess.PIPE, timeout=PATIENCE, check=False)
    if ran.returncode not in (0, 1):
        raise SystemExit(f"yizhan {' '.join(arguments)} ended with {ran.returncode}")
    return ran.stdout

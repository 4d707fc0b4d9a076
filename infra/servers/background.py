"""Servers that outlive the command that started them: which ones run over a folder, and stopping exactly those."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import psutil

from infra.ports import free_ports, listens
from infra.servers.errors import ServerError
from infra.servers.kafka import Broker
from infra.servers.neo4j import Neo4jServer
from infra.servers.node import write_private
from infra.servers.server import Manner, Server

NAMES = ("kafka", "neo4j")
PATIENCE = 60.0
"""Seconds that a server may take to go down before it is killed."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is written down of a server that was started: its process, and when that began (seconds since 1970).

    The time tells the process from another one that got its number later.
    """

    pid: int
    began: float
    ports: list[int]

    def process(self) -> psutil.Process | None:
        """The process, if it still lives."""
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.pid)
            if abs(process.create_time() - self.began) < 1 and process.status() != psutil.STATUS_ZOMBIE:
                return process
        return None

    @classmethod
    def read(cls, file: Path) -> Self | None:
        """What the file says; None when there is none. Raises ServerError when it is no record."""
        try:
            return cls(**json.loads(file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError) as error:
            raise ServerError(f"{file} is not what this program wrote there; look what runs, and remove it") from error


class Background:
    """The servers of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder against another command. Raises ServerError when there is one at work."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise ServerError(f"another command starts or stops the servers of {self.folder}") from error
            yield

    def start(self, name: str) -> bool:
        """Start a server, on the ports that it had before if they are free; says whether there was anything to do."""
        known = Record.read(self._file(name))
        if known and known.process():
            return False
        ports = known.ports if known and not any(map(listens, known.ports)) else free_ports(2)
        server = self._server(name, ports)
        try:
            server.launch()
            self._write(name, server)
            server.wait()
        except BaseException:
            server.kill()
            raise
        return True

    def stop(self, name: str) -> bool:
        """Stop the server that was started here, and no other process; says whether it ran."""
        record = Record.read(self._file(name))
        process = record.process() if record else None
        if process is None:
            return False
        with contextlib.suppress(psutil.NoSuchProcess):
            process.resume()
            process.terminate()
            try:
                process.wait(PATIENCE)
            except psutil.TimeoutExpired:
                process.kill()
                process.wait(PATIENCE)
        return True

    def status(self, name: str) -> dict[str, Any]:
        """Whether it runs, its process, where it is reached and how, and its log; what is not known is null."""
        record = Record.read(self._file(name))
        process = record.process() if record else None
        server = self._server(name, record.ports) if record else None
        return {
            "name": name,
            "running": process is not None,
            "pid": process.pid if process else None,
            "address": _address(server),
            "log": str(server.log) if server else None,
            **({"user": server.user, "password_file": str(server.secret)} if isinstance(server, Neo4jServer) else {}),
        }

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.json"

    def _server(self, name: str, ports: list[int]) -> Broker | Neo4jServer:
        if name == "kafka":
            return Broker(self.folder / name, ports=(ports[0], ports[1]), manner=Manner(tethered=False))
        return Neo4jServer(self.folder / name, port=ports[0], manner=Manner(tethered=False))

    def _write(self, name: str, server: Broker | Neo4jServer) -> None:
        if server.pid is None:
            raise ServerError(f"{name} was not started")
        ports = [server.port, server.quorum.port] if isinstance(server, Broker) else [server.port]
        record = Record(server.pid, psutil.Process(server.pid).create_time(), ports)
        part = self._file(name).with_suffix(".part")
        write_private(part, json.dumps(asdict(record)))
        os.replace(part, self._file(name))


def _address(server: Server | None) -> str | None:
    match server:
        case Broker():
            return server.url("yizhan")
        case Neo4jServer():
            return server.uri
        case _:
            return None

"""One Kafka process over one folder: its properties, its formatted storage, the command that runs it."""

from __future__ import annotations

import base64
import os
import subprocess
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from infra.servers.errors import ServerError
from infra.servers.jars import jars
from infra.servers.java import JavaServer
from infra.servers.server import Manner
from infra.servers.versions import Setting, Settings, versions, written

HOST = "127.0.0.1"
CLIENTS, CONTROLLERS = "CLIENTS", "CONTROLLERS"
"""The names of the listeners."""

TEMPO: Settings = {"broker.heartbeat.interval.ms": 500, "broker.session.timeout.ms": 3000}
"""A killed broker is missed, and let in again, sooner than after the nine seconds that fit a real network."""


@dataclass(frozen=True, slots=True)
class Quorum:
    """The controller that a node belongs to: the id of the cluster, the controller's own and its port."""

    cluster_id: str
    node_id: int
    port: int

    @property
    def listener(self) -> str:
        return f"{CONTROLLERS}://{HOST}:{self.port}"


class Node(JavaServer):
    """A Kafka process in whatever role."""

    def __init__(
        self,
        folder: Path,
        *,
        node_id: int,
        quorum: Quorum,
        settings: Mapping[str, Setting] | None,
        heap: str,
        manner: Manner,
    ) -> None:
        super().__init__(folder, manner=manner)
        self.node_id = node_id
        self.quorum = quorum
        self.settings = dict(settings or {})
        self._heap = heap

    def _jars(self) -> Path:
        return jars("kafka")

    @property
    def _leaves(self) -> bool:
        return False

    @abstractmethod
    def _properties(self) -> Settings:
        """What its role wants in its server.properties."""

    def _users(self) -> list[str]:
        """The arguments that format the storage with users in it."""
        return []

    def _command(self) -> list[str]:
        properties, data = self.folder / "server.properties", self.folder / "data"
        settings: Settings = {
            "node.id": self.node_id,
            "log.dirs": str(data),
            "controller.quorum.voters": f"{self.quorum.node_id}@{HOST}:{self.quorum.port}",
            "controller.listener.names": CONTROLLERS,
            **TEMPO,
            **self._properties(),
            **self.settings,
        }
        write_private(properties, "".join(f"{name}={written(value)}\n" for name, value in settings.items()))
        run = [*self._run(), "-cp", f"{self._jars()}/*"]
        if not (data / "meta.properties").exists():
            self._format([*run, *self._archive.options()], properties)
        options = [*self._classes(), f"-Xmx{self._heap}", "-Dlog4j2.level=WARN"]
        return [*run, *options, "kafka.Kafka", str(properties)]

    def _format(self, run: list[str], properties: Path) -> None:
        features = [f"--feature={name}={level}" for name, level in versions().kafka.features.items()]
        asked = ["format", f"--cluster-id={self.quorum.cluster_id}", f"--config={properties}", *features]
        arguments = self.folder / "format.arguments"  # a file, because others can read a command line
        write_private(arguments, "".join(f"{each}\n" for each in (*asked, *self._users())))
        command = [*run, "-XX:TieredStopAtLevel=1", "kafka.tools.StorageTool", f"@{arguments}"]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False)
        arguments.unlink()
        if done.returncode:
            raise ServerError(f"the storage of {self.name} could not be formatted:\n{done.stdout}{done.stderr}")


def new_cluster_id() -> str:
    """An id as Kafka makes them: sixteen random bytes in base64, 22 characters."""
    return base64.urlsafe_b64encode(uuid4().bytes).decode().rstrip("=")


def write_private(path: Path, text: str) -> None:
    """Write a file that its owner alone may read."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)

"""Where the embedded engine and its Java are installed, and the command that runs it."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.archives import Archive
from infra.errors import OutOfReachError
from infra.graphdb.embedded import tether
from infra.ports import free_ports

PACKAGE = "arcadedb_embedded"
BOLT_MESSAGE_LIMIT = 64 * 1024 * 1024


class EngineUnavailable(OutOfReachError):
    """The embedded engine cannot run here, or did not come up."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports on 127.0.0.1 that an engine listens on."""

    bolt: int
    http: int

    @classmethod
    def free(cls) -> Ports:
        """Two ports that nobody listens on at this moment."""
        return cls(*free_ports(2))


@dataclass(frozen=True, slots=True)
class Installation:
    """The folder of the `arcadedb-embedded` package: ArcadeDB's jars and a Java runtime."""

    root: Path

    @classmethod
    def found(cls, package: str = PACKAGE) -> Installation:
        """The installed one. Raises EngineUnavailable when there is none, or none for this kind of machine."""
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            raise EngineUnavailable("the embedded graph engine is not installed: pip install arcadedb-embedded")
        return cls(Path(spec.origin).parent).checked()

    @property
    def java(self) -> Path:
        return self.root / "jre" / "bin" / "java"

    @property
    def jars(self) -> Path:
        return self.root / "jars"

    def checked(self) -> Installation:
        """Itself, if it is whole."""
        if not os.access(self.java, os.X_OK):
            raise EngineUnavailable(f"the embedded graph engine has no Java for this machine: {self.java} does not run")
        if not any(self.jars.glob("arcadedb-server-*.jar")):
            raise EngineUnavailable(f"the embedded graph engine is incomplete: no server in {self.jars}")
        return self

    def archive(self) -> Archive:
        """The archive of the engine's classes."""
        return Archive.of(self.jars, self.java)

    def command(
        self, folder: Path, ports: Ports, *, parent: int, heap: str, timeout: float, classes: Sequence[str] = ()
    ) -> list[str]:
        """The command that serves the databases in `folder` and ends with the process `parent`.

        `heap` is Java's own measure (`1g`), `timeout` the seconds after which the engine gives a statement up, and
        `classes` what Java is told of the archive.
        """
        settings = {
            "server.rootPath": folder,
            "server.databaseDirectory": folder / "databases",
            "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "server.httpIncomingHost": "127.0.0.1",
            "server.httpIncomingPort": ports.http,
            "server.mode": "development",
            "bolt.host": "127.0.0.1",
            "bolt.port": ports.bolt,
            "bolt.maxMessageSize": BOLT_MESSAGE_LIMIT,
            "command.timeout": round(timeout * 1000),
            "dateTimeImplementation": "java.time.ZonedDateTime",
            "txWalFlush": 1,
        }
        return [
            *(sys.executable, "-I", "-S", tether.__file__, str(parent)),
            *(str(self.java), f"-Xmx{heap}", "-XX:+UseSerialGC", "-XX:-UsePerfData", *classes),
            *("--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"),
            *(f"-Darcadedb.{name}={value}" for name, value in settings.items()),
            *("-cp", str(self.jars / "*"), "com.arcadedb.server.ArcadeDBServer"),
        ]

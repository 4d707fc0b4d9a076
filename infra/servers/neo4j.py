"""A Neo4j server from its jars, on the loopback interface."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from neo4j import Driver, GraphDatabase
from neo4j.exceptions import AuthError, DriverError, Neo4jError

from infra.graphdb.embedded.folder import password_of
from infra.ports import free_ports, listens
from infra.servers.errors import ServerError
from infra.servers.jars import jars
from infra.servers.java import JavaServer
from infra.servers.node import HOST, write_private
from infra.servers.server import USUAL, Manner
from infra.servers.versions import Setting, Settings, versions, written

PROGRAM = Path(__file__).with_name("GraphServer.java")
OPENED = ("java.nio", "sun.nio.ch", "java.io")
"""Packages of Java into which Neo4j reaches."""

ITERATIONS = 1024
SMALL: Settings = {
    "db.tx_log.preallocate": False,
    "server.memory.pagecache.size": "64m",
    "internal.dbms.bolt.netty_server_shutdown_quiet_period": 0,
}
"""It shares its machine with much else, and its databases are small; clients have gone when it is ended."""


AS_IN_ITS_IMAGE = (
    "-XX:+UseG1GC",
    "-XX:-OmitStackTraceInFastThrow",
    "-XX:+AlwaysPreTouch",
    "-XX:+UnlockExperimentalVMOptions",
    "-XX:+TrustFinalNonStaticFields",
    "-XX:+DisableExplicitGC",
    "-Djdk.nio.maxCachedBufferSize=1024",
    "-Dio.netty.tryReflectionSetAccessible=true",
)
"""How Java runs Neo4j in production: `server.jvm.additional` of the neo4j.conf in its image, what of it is of speed."""

ANYTHING = "RETURN 1"
"""A statement that shows whether statements are run."""


class Neo4jServer(JavaServer):
    """Neo4j Community with one database, `neo4j`, and one user, whose password lies in its folder.

    `settings` are Neo4j's own and stand over those of versions.toml; `heap` is Java's measure. One that is `measured`
    runs as its image lets it run: it takes longer to start and all of its memory at once, and does not stand still for
    half a second when half of that is full.
    """

    name: ClassVar[str] = "neo4j"
    user = "neo4j"

    def __init__(
        self,
        folder: Path,
        *,
        settings: Mapping[str, Setting] | None = None,
        heap: str = "512m",
        measured: bool = False,
        port: int | None = None,
        manner: Manner = USUAL,
    ) -> None:
        super().__init__(folder, manner=manner)
        self.port = port or free_ports(1)[0]
        self.settings = dict(settings or {})
        self._heap = heap
        self._measured = measured
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.password = password_of(self.folder)
        self.secret = self.folder / "password"

    @property
    def uri(self) -> str:
        """Where drivers reach it: `bolt://127.0.0.1:PORT`."""
        return f"bolt://{HOST}:{self.port}"

    def driver(self) -> Driver:
        """A new driver that signs in; whoever asked for it closes it."""
        return GraphDatabase.driver(self.uri, auth=(self.user, self.password), connection_timeout=5)

    def _jars(self) -> Path:
        return jars("neo4j")

    def _command(self) -> list[str]:
        settings: Settings = {
            **versions().neo4j.settings,
            **({} if self._measured else SMALL),
            "dbms.security.auth_enabled": True,
            "server.bolt.enabled": True,
            "server.bolt.listen_address": f"{HOST}:{self.port}",
            "server.bolt.advertised_address": f"{HOST}:{self.port}",
            **self.settings,
        }
        file = self.folder / "neo4j.conf"
        write_private(file, "".join(f"{name}={written(value)}\n" for name, value in settings.items()))
        self._write_user()
        return [
            *(*self._run(), *self._classes(), f"-Xmx{self._heap}"),
            *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED),
            *("-cp", f"{self._jars()}/*", str(PROGRAM), str(self.folder), str(file)),
        ]

    def _run(self) -> list[str]:
        if not self._measured:
            return super()._run()
        return [str(self._java), *AS_IN_ITS_IMAGE, f"-Xms{self._heap}"]

    def _write_user(self) -> None:
        """Name its user in the form in which Neo4j takes a first user into a folder that knows none yet."""
        salt = secrets.token_bytes(32)
        digest = salt + self.password.encode()
        for _ in range(ITERATIONS):
            digest = hashlib.sha256(digest).digest()
        file = self.folder / "data" / "dbms" / "auth.ini"
        file.parent.mkdir(parents=True, exist_ok=True)
        write_private(file, f"{self.user}:SHA-256,{digest.hex().upper()},{salt.hex().upper()},{ITERATIONS}:\n")

    def _answers(self) -> bool:
        """Whether it runs a statement of its user's."""
        if not listens(self.port):
            return False
        try:
            with self.driver() as driver:
                driver.execute_query(ANYTHING)
        except AuthError as error:
            raise ServerError(f"{self.name} does not know the password in {self.secret}") from error
        except (DriverError, Neo4jError):
            return False
        return True

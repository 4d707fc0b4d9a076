"""A PostgreSQL cluster of its own, from the system's package."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import ClassVar

from infra.ports import free_ports, listens
from infra.servers.errors import MissingToolError
from infra.servers.server import Manner, Server

ACCOUNT = "postgres"
"""Whom it runs as when we are root, which it refuses to be."""


class Postgres(Server):
    """A cluster on loopback that trusts everybody there; it syncs before it acknowledges, as it does by default.

    Its folder must stand where the account `postgres` can reach it, when we are root.
    """

    name: ClassVar[str] = "postgres"

    def __init__(self, folder: Path, *, connections: int = 100) -> None:
        super().__init__(folder, manner=Manner(tethered=os.geteuid() != 0))
        self._connections = connections
        (self.port,) = free_ports(1)

    def new_database(self, name: str) -> dict[str, str]:
        """Make a database, and say where it is as the `eventsourcing` library reads it."""
        created = [str(_programs() / "createdb"), *self._where(), "--username", ACCOUNT, name]
        subprocess.run(created, check=True, timeout=60)
        return {
            "POSTGRES_HOST": "127.0.0.1",
            "POSTGRES_PORT": str(self.port),
            "POSTGRES_DBNAME": name,
            "POSTGRES_USER": ACCOUNT,
            "POSTGRES_PASSWORD": ACCOUNT,
        }

    def _where(self) -> list[str]:
        return ["--host", "127.0.0.1", "--port", str(self.port)]

    def _command(self) -> list[str]:
        programs, data, account = _programs(), self.folder / "data", _as_account()
        if account:
            shutil.chown(self.folder, ACCOUNT, ACCOUNT)
        if not (data / "PG_VERSION").exists():
            made = [str(programs / "initdb"), "--pgdata", str(data), "--auth", "trust", "--username", ACCOUNT]
            encoded = ["--no-locale", "--encoding", "UTF8"]
            subprocess.run([*account, *made, *encoded], check=True, capture_output=True, cwd=self.folder, timeout=60)
        command = [*account, str(programs / "postgres"), "-D", str(data)]
        for setting in (
            "listen_addresses=127.0.0.1",
            f"port={self.port}",
            "unix_socket_directories=",
            f"max_connections={self._connections}",
            "fsync=on",
            "synchronous_commit=on",
        ):
            command += ["-c", setting]
        return command

    def _answers(self) -> bool:
        asked = [str(_programs() / "pg_isready"), "--quiet", *self._where()]
        return listens(self.port) and subprocess.run(asked, check=False).returncode == 0


def _programs() -> Path:
    """Where Debian puts them, the newest version; or wherever `initdb` is found. Raises MissingToolError."""
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = packaged[-1] if packaged else shutil.which("initdb")
    if found is None:
        raise MissingToolError("PostgreSQL is needed; type: sudo apt-get install -y postgresql")
    return Path(found).resolve().parent


def _as_account() -> list[str]:
    """What a command begins with to be run as the account, and to end with the thread that started it."""
    if os.geteuid() != 0:
        return []
    identity = [f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}", "--init-groups"]
    return ["setpriv", *identity, "--pdeathsig=INT"]

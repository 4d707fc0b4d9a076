"""The data folder of an embedded engine: held by one server at a time, its files readable by their owner only."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from infra.errors import OutOfReachError

ITERATIONS = 65_536
LOG_LIMIT = 5_000_000


class FolderInUse(OutOfReachError):
    """Another server runs the engine of this folder."""


@contextmanager
def held(folder: Path, *, patience: float = 3.0) -> Iterator[IO[str]]:
    """Hold the folder, making it if need be, for as long as the context and every process that inherits the file lasts.

    The engine inherits it, so that nobody starts a second one beside an engine that is still on its way out; this waits
    for such a one for `patience` seconds and then raises FolderInUse.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _private(folder / "lock", os.O_RDWR | os.O_CREAT) as lock:
        deadline = time.monotonic() + patience
        while not _locked(lock):
            if time.monotonic() > deadline:
                raise FolderInUse(f"the graph in {folder} is in use by process {lock.read().strip() or 'unknown'}")
            time.sleep(0.05)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield lock


def password_of(folder: Path) -> str:
    """The folder's own password, made at random when it has none."""
    path = folder / "password"
    if not path.exists():
        with _private(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text()


def write_users(folder: Path, password: str) -> None:
    """Make `root` with this password the engine's only user, in the form in which ArcadeDB keeps its users.

    What goes into the hash is the text of the salt in base64, not the bytes that it stands for.
    """
    salt = base64.b64encode(secrets.token_bytes(32)).decode()
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), ITERATIONS, 32)
    encoded = f"PBKDF2WithHmacSHA256${ITERATIONS}${salt}${base64.b64encode(digest).decode()}"
    user = {"name": "root", "databases": {"*": ["admin"]}, "password": encoded}
    (folder / "config").mkdir(exist_ok=True)
    with _private(folder / "config" / "server-users.jsonl", os.O_WRONLY | os.O_CREAT | os.O_TRUNC) as file:
        file.write(json.dumps(user) + "\n")


def engine_log(folder: Path) -> IO[str]:
    """What the engine prints goes here; one past `LOG_LIMIT` bytes makes room, and the one before it is kept."""
    path = folder / "engine.log"
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".log.1"))
    return _private(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)


def _private(path: Path, flags: int) -> IO[str]:
    mode = "r+" if flags & os.O_RDWR else "a" if flags & os.O_APPEND else "w"
    return open(os.open(path, flags | os.O_CLOEXEC, 0o600), mode, encoding="utf-8")


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

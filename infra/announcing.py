"""Announcing: a running server says in its data folder where it answers, for commands that go through it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

FILE: Final = "server"
"""The file in the data folder: held by the server for as long as it runs, its address inside."""


@contextmanager
def announced(data: Path, address: str) -> Iterator[None]:
    """Say that a server of this folder answers at the address. Of several, the first one is named."""
    with open(os.open(data / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+", encoding="utf-8") as file:
        if not _held(file.fileno()):
            yield
            return
        file.truncate(0)
        file.write(address)
        file.flush()
        yield


def server_of(data: Path) -> str | None:
    """Where the server of this folder answers, if one runs."""
    try:
        with (data / FILE).open(encoding="utf-8") as file:
            return None if _held(file.fileno(), shared=True) else file.read().strip() or None
    except FileNotFoundError:
        return None


def _held(descriptor: int, *, shared: bool = False) -> bool:
    """Take the lock, if nobody has it; whoever only asks gives it back with the file."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

"""Index files and who may use them: one process writes, anybody may look how far one is, a person puts one aside."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from infra.eventlog.errors import IndexInUseError
from infra.eventlog.index import Index, State


def folded(index: Path) -> State | None:
    """How far an index is, without touching it; None when there is none."""
    if not index.exists() or not index.stat().st_size:
        return None
    reader = Index(index, durable=False, read_only=True)
    try:
        return reader.state()
    finally:
        reader.close()


def put_aside(index: Path) -> Path:
    """Give an index a name under which nobody looks for it; where it is now. Raises IndexInUseError."""
    release = locked(index)
    try:
        reader = Index(index, durable=False)
        reader.close()  # what its write-ahead log holds goes into the file itself
        aside = index.with_name(f"{index.name}.aside-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
        index.rename(aside)
        return aside
    finally:
        release()


def locked(index: Path) -> Callable[[], None]:
    """Take an index for this process, and give what lets go of it."""
    path = index.with_name(index.name + ".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = os.pread(file, 32, 0).decode(errors="replace").strip()
        os.close(file)
        raise IndexInUseError(
            f"{index} is in use by process {holder or 'unknown'}; each process that writes has an index of its own"
        ) from None
    os.ftruncate(file, 0)
    os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
    held = [file]

    def release() -> None:
        while held:
            os.close(held.pop())

    return release

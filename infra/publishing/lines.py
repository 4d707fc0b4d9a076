"""A file of JSON Lines as the place where published events go: one event a line, for those who run no Kafka."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Sequence
from pathlib import Path

import orjson

from infra.publishing.events import Event
from infra.publishing.outlet import End, OutletError, origin_of

BLOCK = 65_536


class LinesOutlet:
    """A file that one publisher at a time appends to. Raises OutletError if another one does."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab+", buffering=0)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise OutletError(f"another publisher writes to {path}") from None

    def end(self) -> End | None:
        """Where the file ends, by its last whole line; what a crash left of another one is cut off."""
        self._file.truncate(self._after_last_line(self._size()))
        size = self._size()
        if size == 0:
            return None
        line = self._read(self._after_last_line(size - 1), size)
        origin = origin_of(line)
        return End(int(orjson.loads(line)["sequence"]), origin)

    def send(self, events: Sequence[Event], after: int) -> None:
        """Append the events and wait until the disk has them."""
        rest = memoryview(b"".join(event.value + b"\n" for event in events))
        while rest:
            rest = rest[self._file.write(rest) or 0 :]
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()

    def _size(self) -> int:
        return os.fstat(self._file.fileno()).st_size

    def _read(self, start: int, stop: int) -> bytes:
        return os.pread(self._file.fileno(), stop - start, start)

    def _after_last_line(self, stop: int) -> int:
        """The place behind the last end of a line before `stop`; 0 if there is none."""
        while stop > 0:
            start = max(0, stop - BLOCK)
            found = self._read(start, stop).rfind(b"\n")
            if found >= 0:
                return start + found + 1
            stop = start
        return 0

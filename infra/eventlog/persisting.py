"""Writes what was folded to the index, every few milliseconds and in one transaction, beside the fold."""

from __future__ import annotations

import sqlite3
import threading
from typing import Final

import structlog

from infra.eventlog.batch import Batch
from infra.eventlog.fold import Fold
from infra.eventlog.index import Index, State

PAUSE: Final = 0.05
AGAIN: Final = 1.0
ROOM: Final = 64_000_000
"""Bytes of records that may wait in memory to be written."""


class Persister:
    """A thread that writes batches. What it cannot write it keeps, and tries again for as long as it runs."""

    def __init__(self, fold: Fold, index: Index, lock: threading.Lock) -> None:
        self._fold = fold
        self._index = index
        self._lock = lock
        self._dirty = threading.Event()
        self._stop = threading.Event()
        self._room = threading.Event()
        self._room.set()
        self.trouble: str | None = None
        self._batch, self._state = Batch(), State()
        self._thread = threading.Thread(target=self._run, name="event log, index", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def folded(self) -> None:
        """There is something to write. Called by whoever holds the fold."""
        if not self._dirty.is_set():
            self._dirty.set()
        if self._fold.batch.size + self._fold.writing.size > ROOM:
            self._room.clear()

    def wait_for_room(self, timeout: float) -> bool:
        """Wait while too much waits to be written; whether there is room now."""
        return self._room.is_set() or self._room.wait(timeout)

    def stop(self) -> None:
        """Write what there is, once, and end."""
        self._stop.set()
        self._dirty.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._dirty.wait()
            self._stop.wait(PAUSE)
            if not self._write():
                self._stop.wait(AGAIN)
        self._write()

    def _write(self) -> bool:
        with self._lock:
            if not self._fold.writing.size:
                self._dirty.clear()
                self._batch, self._state = self._fold.take()
        try:
            with self._index.transaction():
                self._index.write(self._batch, self._state)
        except sqlite3.Error as error:
            before, self.trouble = self.trouble, f"{self._index.path} cannot be written: {error}"
            if before is None:
                structlog.get_logger("eventlog").error("eventlog.index.trouble", trouble=self.trouble)
            self._dirty.set()
            return False
        self.trouble = None
        self._fold.written()
        with self._lock:
            if self._fold.batch.size <= ROOM:
                self._room.set()
        return True

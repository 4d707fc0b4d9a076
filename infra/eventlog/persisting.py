"""Writes what was folded to the index, every few milliseconds and in one transaction, beside the fold."""

from __future__ import annotations

import sqlite3
import threading
from typing import Final

import structlog

from infra.eventlog.batch import Batch
from infra.eventlog.fold import Fold
from infra.eventlog.index import Index, State
from infra.eventlog.threads import LogThread

PAUSE: Final = 0.05
AGAIN: Final = 1.0
ROOM: Final = 64_000_000
"""Bytes of records that may wait in memory to be written."""


class Persister:
    """A thread that writes batches. What it cannot write it keeps, and tries again for as long as it runs.

    While the fold is busy, whoever folds hands the batch over: a thread that waits for a lock which another one takes
    again and again would hardly ever get it.
    """

    def __init__(self, fold: Fold, index: Index, lock: threading.Lock) -> None:
        self._fold = fold
        self._index = index
        self._lock = lock
        self._dirty = threading.Event()
        self._stop = threading.Event()
        self._room = threading.Event()
        self._room.set()
        self._asks = False
        self._handed = threading.Event()
        self._batch, self._state = Batch(), State()
        self.trouble: str | None = None
        self._thread = LogThread(self._run, "event log, index")

    def start(self) -> None:
        self._thread.start()

    def folded(self) -> None:
        """There is something to write. Called by whoever holds the fold."""
        if self._asks:
            self._take()
            self._handed.set()
        elif not self._dirty.is_set():
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
            self._receive()
            if not self._write():
                self._stop.wait(AGAIN)
        self._receive()
        self._write()

    def _receive(self) -> None:
        """Get a batch to write, unless there is one that could not be written: from whoever folds, or by oneself.

        Nobody folds any more once it is to stop.
        """
        if self._fold.writing.size:
            return
        self._handed.clear()
        self._asks = True
        if self._stop.is_set() or not self._handed.wait(PAUSE):
            with self._lock:
                if self._asks:
                    self._take()

    def _take(self) -> None:
        """Take what was folded. The fold is held by the caller."""
        self._asks = False
        if not self._fold.broken:
            self._batch, self._state = self._fold.take()
        self._dirty.clear()

    def _write(self) -> bool:
        """Write the batch; whether that went well."""
        if not self._fold.writing.size:
            return True
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
        if self._fold.batch.size <= ROOM:
            self._room.set()
        return True

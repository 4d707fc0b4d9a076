"""One log for each index in a process: applications that are made anew over the same settings share it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from infra.eventlog.log import Log


class SharedLogs:
    """Open logs by their index file. The last one who lets go of a log closes it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[Path, tuple[Log, int]] = {}

    def take(self, index: Path, open: Callable[[], Log]) -> Log:
        """The log over this index, opened now if this process has not."""
        with self._lock:
            log, holders = self._held.get(index) or (open(), 0)
            self._held[index] = log, holders + 1
            return log

    def release(self, index: Path) -> None:
        with self._lock:
            log, holders = self._held.pop(index)
            if holders > 1:
                self._held[index] = log, holders - 1
            else:
                log.close()

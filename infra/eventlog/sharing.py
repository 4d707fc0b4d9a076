"""One log for each index in a process: applications that are made anew over the same settings share it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from infra.eventlog.log import Log


class SharedLogs:
    """Open logs by their index file. The last one who lets go of a log closes it.

    The lock may be taken again by the thread that holds it, and nothing is closed under it: Python's collector may drop
    an application, which lets go of its log, in the middle of anything.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._held: dict[Path, tuple[Log, int]] = {}

    def take(self, index: Path, open: Callable[[], Log]) -> Log:
        """The log over this index, opened now if this process has not."""
        with self._lock:
            log, holders = self._held.get(index) or (open(), 0)
            self._held[index] = log, holders + 1
            return log

    def close(self) -> None:
        """Close all that are open, whoever holds them."""
        with self._lock:
            open = [log for log, _ in self._held.values()]
            self._held.clear()
        for log in open:
            log.close()

    def release(self, index: Path) -> None:
        with self._lock:
            log, holders = self._held.get(index, (None, 0))
            if holders > 1 and log is not None:
                self._held[index] = log, holders - 1
                return
            self._held.pop(index, None)
        if log is not None:
            log.close()

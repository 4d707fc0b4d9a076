"""One log for each index in a process: applications that are made anew over the same settings share it."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.eventlog.errors import LogOutOfReachError
from infra.eventlog.log import Log


class _Held:
    """A log that is open, or being opened, and how many hold it."""

    def __init__(self) -> None:
        self.log: Log | None = None
        self.holders = 0
        self.ready = threading.Event()


class SharedLogs:
    """Open logs by their index file. The last one who lets go of a log closes it.

    Python's collector may drop an application, which lets go of its log, in any thread and in the middle of anything.
    So nothing is opened, closed or waited for under the lock, and nothing is collected while it is held.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[Path, _Held] = {}

    def take(self, index: Path, open: Callable[[], Log]) -> Log:
        """The log over this index, opened now if this process has not."""
        with self._alone():
            held = self._held.get(index)
            first = held is None
            if held is None:
                held = self._held[index] = _Held()
            held.holders += 1
        if first:
            try:
                held.log = open()
            finally:
                if held.log is None:
                    with self._alone():
                        self._held.pop(index, None)
                held.ready.set()
        held.ready.wait()
        if held.log is None:
            raise LogOutOfReachError(f"{index}: another thread could not open this log")
        return held.log

    def release(self, index: Path) -> None:
        """Let go of the log over this index."""
        with self._alone():
            held = self._held.get(index)
            if held is not None:
                held.holders -= 1
                if not held.holders:
                    del self._held[index]
        if held is not None and not held.holders and held.log is not None:
            held.log.close()

    def close(self) -> None:
        """Close all that are open, whoever holds them."""
        with self._alone():
            open = [held.log for held in self._held.values()]
            self._held.clear()
        for log in open:
            if log is not None:
                log.close()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        collecting = gc.isenabled()
        gc.disable()
        try:
            with self._lock:
                yield
        finally:
            if collecting:
                gc.enable()

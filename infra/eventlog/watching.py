"""Those who wait for news: they are told after each record that brought events."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

Listener: TypeAlias = Callable[[], object]
"""Is called in a thread of the log, whoever recorded: it only says that there is news, at once and without raising."""


class News:
    """A bell that any number of listeners hear."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: tuple[Listener, ...] = ()

    def ring(self) -> None:
        for listener in self._listeners:
            listener()

    def listen(self, listener: Listener) -> None:
        """Call this whenever there is news, until `forget`."""
        with self._lock:
            self._listeners += (listener,)

    def forget(self, listener: Listener) -> None:
        with self._lock:
            self._listeners = tuple(each for each in self._listeners if each != listener)

    @contextmanager
    def heard_by(self, listener: Listener) -> Iterator[None]:
        """Call this whenever there is news meanwhile."""
        self.listen(listener)
        try:
            yield
        finally:
            self.forget(listener)

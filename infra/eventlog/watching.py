"""Those who wait for news: they are woken after each record that brought events."""

from __future__ import annotations

import threading


class News:
    """A bell that any number of threads wait for, each with a set of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: set[threading.Event] = set()

    def ring(self) -> None:
        if self._waiting:
            with self._lock:
                for event in self._waiting:
                    event.set()

    def enter(self) -> threading.Event:
        """An event that is set whenever there is news, until `leave`."""
        event = threading.Event()
        with self._lock:
            self._waiting.add(event)
        return event

    def leave(self, event: threading.Event) -> None:
        with self._lock:
            self._waiting.discard(event)

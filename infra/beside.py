"""What runs beside: a follower in a thread of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Protocol


class Follower(Protocol):
    """What goes on until it is told to stop."""

    def run(self, stop: Event) -> None: ...

    def wake(self) -> None: ...


@contextmanager
def running_beside(follower: Follower, name: str) -> Iterator[None]:
    """Run it in a thread of its own."""
    stop = Event()
    thread = Thread(target=follower.run, args=(stop,), name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        follower.wake()
        thread.join()

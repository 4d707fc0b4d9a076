"""Projectors at work in threads of a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any, Protocol, TypeVar

from small_graph import SmallLog

from infra.graphdb.engines.interface import GraphEngine
from infra.graphdb.keeper import Keeper
from infra.graphdb.ownership import Ownership
from infra.graphdb.projector import Projector
from infra.graphdb.writer import Writer

F = TypeVar("F", Projector, Keeper)


class Hold(Protocol):
    """A new hold on the generation of a test, for one projector."""

    def __call__(self, kind: Callable[[Ownership, GraphEngine], Writer] = Writer) -> Writer: ...


def projecting(log: SmallLog, writer: Writer, silence: float = 0, **how: Any) -> Projector:
    """A projector that need not wait for others, unless it is told to."""
    return Projector(log, writer, silence=silence, **how)


@contextmanager
def running(follower: F) -> Iterator[F]:
    """The projector, or the keeper, at work in its thread."""
    stop = Event()
    thread = Thread(target=follower.run, args=(stop,))
    thread.start()
    try:
        yield follower
    finally:
        stop.set()
        follower.wake()
        thread.join(10)
        assert not thread.is_alive()

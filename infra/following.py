"""Following: how far the graph is, for those who wait on an event loop. No thread waits with them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Lock

from infra.application import now
from infra.graphdb.keeper import Keeper

LOOKS = 0.5
"""Seconds that the thread waits for the graph to move before it looks whether it is to stop."""
REST = 0.05
"""Seconds between two looks at a graph that does not move at all."""


@dataclass(eq=False, slots=True)
class _Waiting:
    """Somebody who waits for a position, and the loop that is to hear of it."""

    position: int
    loop: asyncio.AbstractEventLoop
    reached: asyncio.Future[None]

    def tell(self) -> None:
        if not self.reached.done():
            self.reached.set_result(None)


class Following:
    """How far the graph is, as the gateway waits for it. `run` belongs to one thread, which waits for all."""

    def __init__(self, keeper: Keeper, clock: Callable[[], datetime] = now) -> None:
        self._keeper = keeper
        self._clock = clock
        self._lock = Lock()
        self._waiting: list[_Waiting] = []
        self._anybody = Event()

    # -- what the gateway asks -----------------------------------------------------

    def position(self) -> int:
        return self._keeper.position

    async def waiting(self) -> float:
        return await asyncio.to_thread(self._keeper.waiting, self._clock())

    async def wait_for(self, position: int, seconds: float) -> int:
        if self._keeper.position < position and self._keeper.stopped is None:
            loop = asyncio.get_running_loop()
            waiting = _Waiting(position, loop, loop.create_future())
            with self._lock:
                self._waiting.append(waiting)
            self._anybody.set()
            self._keeper.wake()
            try:
                async with asyncio.timeout(seconds):
                    await waiting.reached
            except TimeoutError:
                pass
            finally:
                with self._lock:
                    if waiting in self._waiting:
                        self._waiting.remove(waiting)
        return self._keeper.position

    def lag(self) -> int:
        return self._keeper.lag()

    def stopped(self) -> str | None:
        return self._keeper.stopped

    def ready(self) -> bool:
        return self._keeper.ready()

    # -- its own thread ------------------------------------------------------------

    def run(self, stop: Event) -> None:
        """Tell those who wait, until `stop` is set; call `wake` after it."""
        seen = 0
        while not stop.is_set():
            self._anybody.wait()
            reached = self._keeper.wait_for(seen + 1, LOOKS)
            self._tell(reached)
            if reached == seen:
                stop.wait(REST)
            seen = reached

    def wake(self) -> None:
        """It is time to stop."""
        self._anybody.set()

    def _tell(self, reached: int) -> None:
        everybody = self._keeper.stopped is not None
        with self._lock:
            told = [each for each in self._waiting if everybody or each.position <= reached]
            self._waiting = [each for each in self._waiting if not (everybody or each.position <= reached)]
            if not self._waiting:
                self._anybody.clear()
        for each in told:
            if not each.loop.is_closed():
                each.loop.call_soon_threadsafe(each.tell)

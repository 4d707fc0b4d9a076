"""The connections of a thread that waits for each answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Self, TypeVar

from infra.graphdb.bolt.errors import LostError
from infra.graphdb.bolt.pool import Pool

T = TypeVar("T")

GRACE: Final = 2.0
"""Seconds that an answer may come later than the database has for it."""


class Waiting:
    """A pool on an event loop of its own. It belongs to one thread."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._loop = asyncio.Runner()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def wait(self, work: Callable[[Pool], Awaitable[T]], seconds: float) -> T:
        """What comes of some work for which the database has so many seconds. Raises BoltError."""
        return self._loop.run(self._within(work, seconds + GRACE))

    def close(self) -> None:
        """Give up the connections; nothing can be asked after that."""
        self._loop.run(self._pool.close())
        self._loop.close()

    async def _within(self, work: Callable[[Pool], Awaitable[T]], seconds: float) -> T:
        try:
            async with asyncio.timeout(seconds):
                return await work(self._pool)
        except TimeoutError:
            raise LostError(f"the graph did not answer within {seconds:g} s") from None

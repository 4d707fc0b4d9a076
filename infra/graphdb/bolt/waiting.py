"""The connections of a thread that waits for each answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Final, Self

from infra.graphdb.bolt.connection import Statement
from infra.graphdb.bolt.errors import LostError
from infra.graphdb.bolt.pool import Pool, Rows

GRACE: Final = 2.0
"""Seconds that an answer may come later than the database has for it."""


class Waiting:
    """A pool, made by `connect` at the first statement, on an event loop of its own. It belongs to one thread."""

    def __init__(self, connect: Callable[[], Pool]) -> None:
        self._connect = connect
        self._loop = asyncio.Runner()
        self._pool: Pool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def written(self, statements: Sequence[Statement]) -> Rows:
        """The rows of some statements that write all or nothing, in one database.

        Raises BoltError; after any other than a StatementError it is open which of both it was.
        """
        return self._loop.run(self._written(statements))

    def close(self) -> None:
        """Give up the connections; there is no writing after that."""
        if self._pool is not None:
            self._loop.run(self._pool.close())
        self._loop.close()

    async def _written(self, statements: Sequence[Statement]) -> Rows:
        if self._pool is None:
            self._pool = self._connect()
        seconds = statements[0].seconds + GRACE
        try:
            async with asyncio.timeout(seconds):
                return await self._pool.written(statements)
        except TimeoutError:
            raise LostError(f"the graph did not answer within {seconds:g} s") from None

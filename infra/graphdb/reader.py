"""The reader: statements of the gateway, each answered together with how far the graph is known to have come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import LiteralString

from neo4j import READ_ACCESS, WRITE_ACCESS, AsyncDriver, AsyncSession, AsyncTransaction, Query
from neo4j.exceptions import DriverError, Neo4jError

from gateway.errors import GatewayError
from gateway.ports import Answer
from infra.graphdb.generation import Generation
from infra.graphdb.ownership import LOCK
from infra.graphdb.shown import Shown
from infra.graphdb.values import native


class Neo4jReader:
    """Reads what is `shown` at the moment, through an event loop.

    It owns its driver, which it makes by `connect` at the first read.
    """

    def __init__(self, connect: Callable[[], AsyncDriver], shown: Callable[[], Shown], *, timeout: float = 8.0) -> None:
        self._connect = connect
        self._driver: AsyncDriver | None = None
        self._shown = shown
        self._timeout = timeout

    async def read(
        self, statement: str, parameters: Mapping[str, object] | None = None, *, timeout: float | None = None
    ) -> Answer:
        """Run a statement that only reads; times and days in its rows are Python's own.

        The position was known before, so it is a lower bound of what the rows show. It is not asked of the database:
        Neo4j shows a position some moments before its indexes show all the nodes that led there. A broken connection or
        a deadlock is tried a second time. Raises TimeoutError after `timeout` seconds, and the driver's own errors.
        """
        seconds = self._timeout if timeout is None else timeout
        async with asyncio.timeout(seconds):
            try:
                return await self._once(statement, parameters or {}, seconds)
            except (DriverError, Neo4jError) as error:
                if not error.is_retryable():
                    raise
                return await self._once(statement, parameters or {}, seconds)

    async def settled(self) -> int:
        """How far the graph is at a moment when nobody is writing: 0 where nothing has been projected yet.

        It waits for the lock of whoever writes, and leaves no trace.
        """
        generation = self._shown().generation
        parameters = {"p": {**generation.key, "owner": "a reader"}}
        async with (
            asyncio.timeout(self._timeout),
            self._session(generation, WRITE_ACCESS) as session,
            await session.begin_transaction(timeout=self._timeout) as begun,
        ):
            rows = await _rows(begun, LOCK, parameters)
            await begun.rollback()
        return int(rows[0][0]) if rows else 0  # type: ignore[call-overload]  # the position comes first

    async def close(self) -> None:
        """Give up the connections; there is no reading after that."""
        await self._connected().close()

    def _connected(self) -> AsyncDriver:
        self._driver = self._driver or self._connect()
        return self._driver

    async def _once(self, statement: str, parameters: Mapping[str, object], timeout: float) -> Answer:
        """One way there and back: the statement is a transaction of its own."""
        shown = self._shown()
        query = Query(shown.generation.statement(statement), timeout=timeout)
        async with self._session(shown.generation, READ_ACCESS) as session:
            rows = await _rows(session, query, parameters)
        if not shown.certain():
            raise GatewayError("UNAVAILABLE", "the graph that was read may have been replaced meanwhile; ask again")
        return Answer(shown.position, rows)

    def _session(self, generation: Generation, access: str) -> AsyncSession:
        return self._connected().session(database=generation.database, default_access_mode=access)


async def _rows(
    runner: AsyncSession | AsyncTransaction, statement: Query | LiteralString, parameters: Mapping[str, object]
) -> list[list[object]]:
    result = await runner.run(statement, dict(parameters))  # type: ignore[arg-type]  # a transaction takes no Query
    return [[native(value) for value in values] for values in await result.values()]

"""The reader: statements of the gateway, each answered together with how far the graph had come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from neo4j import READ_ACCESS, AsyncDriver, AsyncTransaction
from neo4j.exceptions import DriverError, Neo4jError

from gateway.ports import Answer
from infra.graphdb.engine import PROJECTION
from infra.graphdb.values import native
from projections.projection import Projection

POSITION = f"MATCH (p:{PROJECTION} {{name: $name, version: $version}}) RETURN p.position"


class Neo4jReader:
    """Reads one projection through an event loop. It owns its driver, which it makes by `connect` at the first read."""

    def __init__(
        self, connect: Callable[[], AsyncDriver], database: str, projection: Projection, *, timeout: float = 8.0
    ) -> None:
        self._connect = connect
        self._driver: AsyncDriver | None = None
        self._database = database
        self._key = {"name": projection.name, "version": projection.version}
        self._timeout = timeout

    async def read(
        self, statement: str, parameters: Mapping[str, object] | None = None, *, timeout: float | None = None
    ) -> Answer:
        """Run a statement that only reads; times and days in its rows are Python's own.

        The position is read before it, in the same transaction, so it is a lower bound of what the rows show. A broken
        connection or a deadlock is tried a second time. Raises TimeoutError after `timeout` seconds, and the driver's
        own errors.
        """
        seconds = self._timeout if timeout is None else timeout
        async with asyncio.timeout(seconds):
            try:
                return await self._once(statement, parameters or {}, seconds)
            except (DriverError, Neo4jError) as error:
                if not error.is_retryable():
                    raise
                return await self._once(statement, parameters or {}, seconds)

    async def position(self) -> int:
        """How far the graph has come: 0 where nothing has been projected yet."""
        return (await self.read("RETURN 1")).position

    async def close(self) -> None:
        """Give up the connections; there is no reading after that."""
        await self._connected().close()

    def _connected(self) -> AsyncDriver:
        self._driver = self._driver or self._connect()
        return self._driver

    async def _once(self, statement: str, parameters: Mapping[str, object], timeout: float) -> Answer:
        async with (
            self._connected().session(database=self._database, default_access_mode=READ_ACCESS) as session,
            await session.begin_transaction(timeout=timeout) as transaction,
        ):
            found = await _rows(transaction, POSITION, self._key)
            rows = await _rows(transaction, statement, parameters)
            return Answer(found[0][0] if found else 0, rows)


async def _rows(transaction: AsyncTransaction, statement: str, parameters: Mapping[str, object]) -> list[list[Any]]:
    result = await transaction.run(statement, dict(parameters))
    return [[native(value) for value in values] for values in await result.values()]

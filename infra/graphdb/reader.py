"""The reader: statements of the gateway, each answered together with how far the graph is known to have come."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from gateway.errors import GatewayError
from gateway.ports import Answer, OneRecord
from gateway.tracing import UNTRACED, Tracing
from infra.graphdb.bolt.connection import Statement
from infra.graphdb.bolt.errors import BoltError
from infra.graphdb.bolt.pool import Pool
from infra.graphdb.engines.interface import GraphEngine
from infra.graphdb.shown import Shown
from infra.graphdb.together import Together

T = TypeVar("T")


class GraphReader:
    """Reads what is `shown` at the moment, through an event loop.

    It owns its connections, which it makes at the first read. Records are asked for together where more than `at_once`
    ask in the same words. `tracing` hears of the statements.
    """

    def __init__(
        self,
        engine: GraphEngine,
        shown: Callable[[], Shown],
        *,
        timeout: float = 8.0,
        at_once: int | None = None,
        tracing: Tracing = UNTRACED,
    ) -> None:
        self._engine = engine
        self._connections: Pool | None = None
        self._shown = shown
        self._timeout = timeout
        self._tracing = tracing
        self._together = (
            Together(lambda text, parameters: self._read(text, parameters, timeout), at_once, tracing)
            if at_once
            else None
        )

    async def read(
        self, statement: str, parameters: Mapping[str, object] | None = None, *, timeout: float | None = None
    ) -> Answer:
        """Run a statement that only reads; times and days in its rows are Python's own.

        The position was known before, so it is a lower bound of what the rows show. It is not asked of the database:
        Neo4j shows a position some moments before its indexes show all the nodes that led there. A broken connection or
        a deadlock is tried a second time. Raises GatewayError when there is no answer within `timeout` seconds, and
        StatementError for a statement that the database refuses.
        """
        seconds = self._timeout if timeout is None else timeout
        generation = self._shown().generation
        with self._tracing.statement(self._engine.system, generation.database, generation.statement(statement)):
            if self._together is None or not isinstance(statement, OneRecord):
                return await self._within(seconds, self._read(statement, parameters or {}, seconds))
            return await self._within(seconds, self._together.read(statement, parameters or {}))

    async def _read(self, statement: str, parameters: Mapping[str, object], seconds: float) -> Answer:
        shown = self._shown()
        generation = shown.generation
        asked = Statement(generation.statement(statement), parameters, generation.database, seconds)
        rows = await self._twice(lambda: self._pool.read(asked))
        if not shown.certain():
            raise GatewayError("UNAVAILABLE", "the graph that was read may have been replaced meanwhile; ask again")
        return Answer(shown.position, rows)

    async def settled(self) -> int:
        """How far the graph is at a moment when nobody is writing: 0 where nothing has been projected yet.

        It waits for whoever writes, and leaves no trace.
        """
        generation = self._shown().generation
        with self._tracing.statement(self._engine.system, generation.database, self._engine.settling):
            asked = self._twice(lambda: self._engine.settled(self._pool, generation, self._timeout))
            standing = await self._within(self._timeout, asked)
        return standing.position if standing else 0

    async def close(self) -> None:
        """Give up the connections; there is no reading after that."""
        await self._pool.close()

    @property
    def _pool(self) -> Pool:
        self._connections = self._connections or self._engine.pool()
        return self._connections

    async def _twice(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask; where that comes to nothing, and may be different the next time, ask once more."""
        try:
            try:
                return await ask()
            except BoltError as error:
                if not error.passing:
                    raise
                return await ask()
        except BoltError as error:
            if not error.passing:
                raise
            raise GatewayError("UNAVAILABLE", "the graph does not answer at the moment; ask again") from error

    async def _within(self, seconds: float, answer: Awaitable[T]) -> T:
        """What is answered in so many seconds. Raises GatewayError where it takes longer."""
        try:
            async with asyncio.timeout(seconds):
                return await answer
        except TimeoutError:
            raise GatewayError("UNAVAILABLE", f"the graph did not answer within {seconds:g} s; ask again") from None

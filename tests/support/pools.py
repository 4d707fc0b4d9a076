"""Connections to an engine of the tests, straight there or by way of a go-between."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar, cast

import uvloop
from between import Between, between

from infra.graphdb.bolt.pool import MOST, Pool, SignIn
from infra.graphdb.engines.arcadedb import USER, ArcadeDBEngine
from infra.graphdb.engines.interface import GraphEngine
from infra.graphdb.engines.neo4j import Neo4jEngine

T = TypeVar("T")


def place(engine: GraphEngine) -> tuple[int, SignIn]:
    """The port where the engine speaks Bolt, and as whom one signs in."""
    if isinstance(engine, Neo4jEngine):
        return int(engine.uri.rpartition(":")[2]), SignIn(engine.user, engine.password)
    assert isinstance(engine, ArcadeDBEngine)
    return engine.address.ports.bolt, SignIn(USER, engine.address.password)


class _Behind:
    def __init__(self, engine: GraphEngine, connections: Pool) -> None:
        self._engine = engine
        self._connections = connections

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def pool(self) -> Pool:
        return self._connections


def behind(engine: GraphEngine, connections: Pool) -> GraphEngine:
    """The engine, reached by these connections only."""
    return cast(GraphEngine, _Behind(engine, connections))


def run_fast(work: Coroutine[Any, Any, T]) -> T:
    """What comes of the work in an event loop of the kind that servers use."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def pooled(engine: GraphEngine, work: Callable[[Pool], Awaitable[T]]) -> T:
    """What comes of the work with connections of its own."""

    async def run() -> T:
        pool = engine.pool()
        try:
            return await work(pool)
        finally:
            await pool.close()

    return run_fast(run())


def through(engine: GraphEngine, work: Callable[[Between, Pool], Awaitable[T]], most: int = MOST) -> T:
    """The same, by way of a go-between."""

    async def run() -> T:
        port, sign_in = place(engine)
        async with between(port) as middle:
            pool = Pool(f"bolt://127.0.0.1:{middle.port}", sign_in, 5, most)
            try:
                return await work(middle, pool)
            finally:
                await pool.close()

    return run_fast(run())

"""What is sent to a graph database: by the gateway through its port, by everything else through its drivers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from neo4j import AsyncGraphDatabase, GraphDatabase, Query

from gateway.ports import Answer, Graph
from infra.graphdb.bolt.connection import Statement
from infra.graphdb.bolt.pool import Pool, Rows

Parameters = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement that was sent to a database, with its parameters."""

    text: str
    parameters: Parameters
    database: str


@dataclass(frozen=True, slots=True)
class Read:
    """A statement that was read by, and its rows."""

    text: str
    parameters: Parameters
    rows: Sequence[Sequence[Any]]


@dataclass
class RecordedGraph:
    """A graph to read from that keeps what was asked of it, and what it answered."""

    graph: Graph
    reads: list[Read] = field(default_factory=list)

    async def read(self, statement: str, parameters: Parameters) -> Answer:
        answer = await self.graph.read(statement, parameters)
        self.reads.append(Read(statement, dict(parameters), answer.rows))
        return answer

    async def settled(self) -> int:
        return await self.graph.settled()


@contextmanager
def recording() -> Iterator[list[Sent]]:
    """All that is sent from now on by drivers that are made from now on, and all that is written past them."""
    sent: list[Sent] = []
    with (
        mock.patch.object(GraphDatabase, "driver", _driver(GraphDatabase.driver, sent)),
        mock.patch.object(AsyncGraphDatabase, "driver", _driver(AsyncGraphDatabase.driver, sent)),
        mock.patch.object(Pool, "written", _written(sent)),
    ):
        yield sent


def _written(sent: list[Sent]) -> Callable[..., Any]:
    """Writes, and leaves a trace of it."""
    written = Pool.written

    async def recorded(pool: Pool, statements: Sequence[Statement]) -> Rows:
        sent.extend(Sent(each.text, each.parameters, each.database) for each in statements)
        return await written(pool, statements)

    return recorded


def _driver(make: Callable[..., Any], sent: list[Sent]) -> Callable[..., Any]:
    """Makes drivers whose every way to run a statement leaves a trace."""

    def driver(*given: Any, **named: Any) -> Any:
        made = make(*given, **named)
        session, execute = made.session, made.execute_query

        def recorded_session(**how: Any) -> Any:
            return _session(session(**how), how.get("database", ""), sent)

        def recorded_query(query: str, parameters_: Parameters | None = None, **more: Any) -> Any:
            own = {name: value for name, value in more.items() if not name.endswith("_")}
            sent.append(Sent(query, {**(parameters_ or {}), **own}, more.get("database_", "")))
            return execute(query, parameters_, **more)

        made.session, made.execute_query = recorded_session, recorded_query
        return made

    return driver


def _session(session: Any, database: str, sent: list[Sent]) -> Any:
    begin = session.begin_transaction

    def begin_recorded(*given: Any, **how: Any) -> Any:
        begun = begin(*given, **how)
        return _awaited(begun, database, sent) if hasattr(begun, "__await__") else _running(begun, database, sent)

    def managed(execute: Callable[..., Any]) -> Callable[..., Any]:
        def recorded(work: Callable[..., Any], *given: Any, **more: Any) -> Any:
            return execute(lambda transaction: work(_running(transaction, database, sent), *given, **more))

        return recorded

    session.begin_transaction = begin_recorded
    session.execute_read, session.execute_write = managed(session.execute_read), managed(session.execute_write)
    return _running(session, database, sent)


async def _awaited(begun: Any, database: str, sent: list[Sent]) -> Any:
    return _running(await begun, database, sent)


def _running(runner: Any, database: str, sent: list[Sent]) -> Any:
    """The session or transaction itself, which leaves a trace of what it runs."""
    run = runner.run

    def recorded(query: str | Query, parameters: Parameters | None = None, **more: Any) -> Any:
        text = query.text if isinstance(query, Query) else query
        sent.append(Sent(text, {**(parameters or {}), **more}, database))
        return run(query, parameters, **more)

    runner.run = recorded
    return runner

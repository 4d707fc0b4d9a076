"""The reader on the real engine: rows with the position that they are at least as new as."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import TypeVar

import pytest
from neo4j import Driver
from neo4j.exceptions import CypherSyntaxError, SessionExpired
from small_graph import NOON, SMALL, SmallLog, StationNamed

from gateway.ports import Answer
from infra.graphdb.engine import ArcadeDBEngine
from infra.graphdb.reader import Neo4jReader
from infra.graphdb.writer import Writer
from projections.batch import fold

T = TypeVar("T")
Reading = Callable[[Callable[[Neo4jReader], Awaitable[T]]], T]


def reading(engine: ArcadeDBEngine, work: Callable[[Neo4jReader], Awaitable[T]], timeout: float = 8.0) -> T:
    """What the work reads, with a reader of its own."""

    async def run() -> T:
        reader = Neo4jReader(engine.async_driver, engine.database, SMALL, timeout=timeout)
        try:
            return await work(reader)
        finally:
            await reader.close()

    return asyncio.run(run())


def test_an_empty_graph_stands_at_zero(engine: ArcadeDBEngine) -> None:
    assert reading(engine, lambda reader: reader.position()) == 0
    rows = reading(engine, lambda reader: reader.read("MATCH (n:SmallNeed) RETURN n.id"))
    assert rows == Answer(0, [])


def test_rows_come_with_the_position_of_their_own_projection(engine: ArcadeDBEngine, driver: Driver) -> None:
    log = SmallLog()
    log.append(("s", StationNamed(name="驿站")), ("t", StationNamed(name="other")))
    for projection in (SMALL, replace(SMALL, version=2)):
        writer = Writer(driver, engine.database, projection)
        writer.position()
        writer.write(fold(projection, log.kept), log.head() * projection.version)
    statement = "MATCH (n:SmallStation) WHERE n.name = $name RETURN n.id, [n.name, n.open]"
    answer = reading(engine, lambda reader: reader.read(statement, {"name": "驿站"}))
    assert answer == Answer(2, [["s", ["驿站", True]]])
    assert reading(engine, lambda reader: reader.position()) == 2


def test_times_and_days_come_back_as_pythons_own_however_deep(engine: ArcadeDBEngine) -> None:
    statement = "RETURN $at, [[$day, null]], {map: [$at]}"
    parameters = {"at": NOON, "day": date(2026, 8, 10)}
    (row,) = reading(engine, lambda reader: reader.read(statement, parameters)).rows
    assert row == [NOON, [[date(2026, 8, 10), None]], {"map": [NOON]}]
    assert type(row[0]) is type(NOON)


def test_a_statement_that_is_wrong_is_not_tried_again(engine: ArcadeDBEngine) -> None:
    with pytest.raises(CypherSyntaxError):
        reading(engine, lambda reader: reader.read("MATCHES"))


def test_a_read_that_takes_too_long_is_given_up(engine: ArcadeDBEngine) -> None:
    slow = "UNWIND range(1, 3000000) AS i WITH i WHERE i % 7 = 3 WITH i ORDER BY i % 1000 RETURN max(i)"
    with pytest.raises(TimeoutError):
        reading(engine, lambda reader: reader.read(slow, timeout=0.2))


def test_a_broken_connection_is_tried_a_second_time_and_no_more(engine: ArcadeDBEngine) -> None:
    class Breaking(Neo4jReader):
        breaks = 1
        tried = 0

        async def _once(self, statement: str, parameters: object, timeout: float) -> Answer:
            self.tried += 1
            if self.tried <= self.breaks:
                raise SessionExpired("gone")
            return Answer(3, [])

    async def read(breaks: int) -> int:
        reader = Breaking(engine.async_driver, engine.database, SMALL)
        reader.breaks = breaks
        try:
            return (await reader.read("RETURN 1")).position
        finally:
            await reader.close()

    assert asyncio.run(read(1)) == 3
    with pytest.raises(SessionExpired):
        asyncio.run(read(2))

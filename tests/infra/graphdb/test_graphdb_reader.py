"""The reader on the real engine: rows with the position that they are at least as new as."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import TypeVar

import direct
import pytest
from between import Between
from direct import Owner
from neo4j import Driver
from pools import behind, through
from small_graph import NOON, SMALL, SmallLog, StationNamed

from gateway.errors import GatewayError
from gateway.ports import Answer
from infra.graphdb.bolt.errors import StatementError
from infra.graphdb.bolt.pool import Pool
from infra.graphdb.engines.interface import GraphEngine
from infra.graphdb.generation import Generation
from infra.graphdb.ownership import Ownership
from infra.graphdb.reader import GraphReader
from infra.graphdb.shown import Shown
from infra.graphdb.writer import Writer
from projections.batch import fold

T = TypeVar("T")
Reading = Callable[[Callable[[GraphReader], Awaitable[T]]], T]


def reading(
    engine: GraphEngine, generation: Generation, work: Callable[[GraphReader], Awaitable[T]], timeout: float = 8.0
) -> T:
    """What the work reads, with a reader of its own."""

    async def run() -> T:
        reader = GraphReader(engine, lambda: Shown(generation, 2), timeout=timeout)
        try:
            return await work(reader)
        finally:
            await reader.close()

    return asyncio.run(run())


def test_an_empty_graph_stands_at_zero(engine: GraphEngine, generation: Generation) -> None:
    assert reading(engine, generation, lambda reader: reader.settled()) == 0
    answer = reading(engine, generation, lambda reader: reader.read("MATCH (n:SmallNeed) RETURN n.id"))
    assert answer.rows == []


def test_rows_come_with_the_position_of_their_own_generation(
    engine: GraphEngine, generation: Generation, new_generation: Callable[[], Generation], driver: Driver
) -> None:
    log = SmallLog()
    log.append(("s", StationNamed(name="驿站")), ("t", StationNamed(name="other")))
    for times, each in enumerate((generation, new_generation()), 1):
        with Owner(engine, driver, each) as owner:
            owner.position()
            owner.bring(fold(SMALL, log.kept), log.head() * times)
    statement = "MATCH (n:SmallStation) WHERE n.name = $name RETURN n.id, [n.name, n.open]"
    answer = reading(engine, generation, lambda reader: reader.read(statement, {"name": "驿站"}))
    assert answer == Answer(2, [["s", ["驿站", True]]])
    assert reading(engine, generation, lambda reader: reader.settled()) == 2


def test_looking_at_a_settled_position_leaves_no_trace(
    engine: GraphEngine, generation: Generation, driver: Driver
) -> None:
    ownership = Ownership(driver, generation)
    assert ownership.take(ownership.look())
    before = direct.standing(driver, generation)
    assert reading(engine, generation, lambda reader: reader.settled()) == 0
    with Writer(Ownership(driver, generation), engine) as looking:
        assert looking.settled() == looking.ownership.look()
    assert direct.standing(driver, generation) == before


def test_times_and_days_come_back_as_pythons_own_however_deep(engine: GraphEngine, generation: Generation) -> None:
    statement = "RETURN $at, [[$day, null]], {map: [$at]}"
    parameters = {"at": NOON, "day": date(2026, 8, 10)}
    (row,) = reading(engine, generation, lambda reader: reader.read(statement, parameters)).rows
    assert row == [NOON, [[date(2026, 8, 10), None]], {"map": [NOON]}]
    assert type(row[0]) is type(NOON)


def test_a_statement_that_is_wrong_is_not_tried_again(engine: GraphEngine, generation: Generation) -> None:
    with pytest.raises(StatementError, match=r"(?i)syntax|parse|mismatched|MATCHES"):
        reading(engine, generation, lambda reader: reader.read("MATCHES"))


def test_a_read_that_takes_too_long_is_given_up(engine: GraphEngine, generation: Generation) -> None:
    slow = "UNWIND range(1, 3000000) AS i WITH i WHERE i % 7 = 3 WITH i ORDER BY i % 1000 RETURN max(i)"
    with pytest.raises(GatewayError, match=r"did not answer within 0\.2 s"):
        reading(engine, generation, lambda reader: reader.read(slow, timeout=0.2))


@pytest.mark.parametrize(("breaks", "answered"), [(1, True), (2, False)])
def test_a_broken_connection_is_tried_a_second_time_and_no_more(
    engine: GraphEngine, generation: Generation, breaks: int, answered: bool
) -> None:
    async def read(middle: Between, pool: Pool) -> Answer:
        reader = GraphReader(behind(engine, pool), lambda: Shown(generation, 3))
        assert (await reader.read("RETURN 1")).rows == [[1]]
        middle.held = True
        reading = asyncio.ensure_future(reader.read("RETURN 2"))
        for before in range(breaks):
            while middle.made == before or not middle.holds:
                await asyncio.sleep(0.01)
            middle.break_off()
        middle.held = False
        return await reading

    if answered:
        assert through(engine, read) == Answer(3, [[2]])
    else:
        with pytest.raises(GatewayError, match="does not answer at the moment"):
            through(engine, read)

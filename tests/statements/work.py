"""All that is done with generations of a graph, done on an engine: built, taken over, stopped, switched, removed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Event

import pytest
from at_work import running
from neo4j import Driver
from small_graph import SMALL, NeedCounted, SmallLog, StationNamed, graph_of, history
from waiting import until

from domain.kernel.history import Commit
from infra.graphdb.engines.interface import GraphEngine
from infra.graphdb.engines.neo4j import Neo4jEngine
from infra.graphdb.generations import Generations
from infra.graphdb.keeper import Keeper
from infra.graphdb.names import REGISTER
from infra.graphdb.ownership import Displaced
from infra.graphdb.reader import GraphReader
from infra.graphdb.rebuild import rebuild, rebuild_as_of
from infra.graphdb.snapshot import snapshot
from infra.servers.neo4j import ANYTHING

WORKED_ON = replace(SMALL, name="statements_small")


def begin_at(engine: GraphEngine, number: int) -> None:
    """Let the generations of this work have numbers that those of nobody else have, who shares the database."""
    database = engine.home(WORKED_ON)
    with engine.driver() as driver:
        statement = f"MERGE (g:{REGISTER} {{name: $name}}) SET g.newest = $newest"
        driver.execute_query(statement, name=WORKED_ON.name, newest=number, database_=database)


def work(engine: GraphEngine) -> None:
    """All of it; nothing is left of it afterwards but its home."""
    log = SmallLog(history(seed=3, commits=60, needs=8, stations=3))
    if isinstance(engine, Neo4jEngine):
        engine.look()
    with engine.driver() as driver:
        generations = Generations(engine, driver, WORKED_ON)
        driver.execute_query(ANYTHING, database_=generations.home.database)
        with _removed(generations), running(Keeper(generations, log)) as keeper:
            until(lambda: keeper.ready() and keeper.lag() == 0, 30)
            _take_over(generations, keeper, log)
            asyncio.run(_settled(engine, keeper))
            rebuilt = rebuild(generations, log, lambda *_: None, Event())
            until(lambda: keeper.shown().generation.number == rebuilt.number, 30)
            kept = rebuild_as_of(generations, log, log.kept[20].position, lambda *_: None, Event())
            _same(driver, generations, {rebuilt.number: log.kept, kept.number: log.kept[:21]})


def _take_over(generations: Generations, keeper: Keeper, log: SmallLog) -> None:
    """Another one takes the graph over, stops, goes on and lets go; the first one takes it back."""
    other = generations.ownership(keeper.shown().generation.number)
    assert other.take(other.look())
    with pytest.raises(Displaced):
        generations.ownership(other.generation.number).release()
    assert other.beat()
    other.stop("to see what becomes of it")
    other.resume()
    other.release()
    for entity, fact in (
        ("need_1", NeedCounted(times=2)),
        ("station_1", StationNamed(name="one kind of nodes, and so one statement")),
    ):
        log.append((entity, fact))
        keeper.wake()
        until(lambda: keeper.lag() == 0 and keeper.owns, 30)


async def _settled(engine: GraphEngine, keeper: Keeper) -> None:
    reader = GraphReader(engine, keeper.shown)
    assert await reader.settled() == keeper.position
    await reader.close()


def _same(driver: Driver, generations: Generations, wanted: dict[int, list[Commit]]) -> None:
    for number, commits in wanted.items():
        assert snapshot(driver, generations.generation(number)) == graph_of(commits)


@contextmanager
def _removed(generations: Generations) -> Iterator[None]:
    """All generations are removed in the end."""
    try:
        yield
    finally:
        for record in generations.home.records():
            generations.remove(record.number)

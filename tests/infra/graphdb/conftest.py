"""Both kinds of graph database, each a real one for all the tests of this room, and generations in it for each test."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import direct
import pytest
from at_work import Hold
from neo4j import Driver
from small_graph import SMALL

from infra.graphdb.embedded.process import Address, ArcadeDB
from infra.graphdb.engines.arcadedb import ArcadeDBEngine
from infra.graphdb.engines.interface import GraphEngine
from infra.graphdb.engines.neo4j import Neo4jEngine
from infra.graphdb.generation import Generation
from infra.graphdb.generations import Generations
from infra.graphdb.names import REGISTER
from infra.graphdb.ownership import Ownership
from infra.graphdb.writer import Writer


@pytest.fixture(scope="session")
def arcadedb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """The address of an ArcadeDB that runs as long as the tests do."""
    with ArcadeDB(tmp_path_factory.mktemp("graph")) as process:
        yield process.start()


@pytest.fixture(params=["arcadedb", "neo4j"])
def engine(request: pytest.FixtureRequest) -> GraphEngine:
    """Each kind in turn."""
    if request.param == "arcadedb":
        return ArcadeDBEngine(request.getfixturevalue("arcadedb"))
    server = request.getfixturevalue("neo4j")
    return Neo4jEngine(server.uri, server.user, server.password)


@pytest.fixture(scope="session")
def numbers() -> Iterator[int]:
    """Numbers for generations, each once."""
    return itertools.count(1)


@pytest.fixture(scope="session")
def resting() -> list[Generation]:
    """Generations on Neo4j that were used and emptied: constraints take it longer to make than most tests take."""
    return []


@pytest.fixture
def new_generation(
    engine: GraphEngine, driver: Driver, numbers: Iterator[int], resting: list[Generation]
) -> Iterator[Callable[[], Generation]]:
    """Gives empty generations of the small network; what is in them goes with the test."""
    made: list[Generation] = []
    reused = isinstance(engine, Neo4jEngine)

    def make() -> Generation:
        if reused and resting:
            made.append(resting.pop())
        else:
            made.append(engine.generation(SMALL, next(numbers)))
            engine.prepare(made[-1])
        return made[-1]

    yield make
    for generation in made:
        if reused:
            direct.empty(driver, generation)
            resting.append(generation)
        else:
            engine.remove(generation)


@pytest.fixture
def generation(new_generation: Callable[[], Generation]) -> Generation:
    """A generation of the test's own."""
    return new_generation()


@pytest.fixture
def hold(engine: GraphEngine, driver: Driver, generation: Generation) -> Hold:
    """Gives holds on the generation of the test's own."""
    return lambda kind=Writer: kind(Ownership(driver, generation), engine)


@pytest.fixture
def version(engine: GraphEngine, driver: Driver, numbers: Iterator[int]) -> Iterator[Callable[[int], Generations]]:
    """The generations of a projection of the test's own, as a program sees them that has this version of it."""
    projection = replace(SMALL, name=f"small{next(numbers)}")
    database = engine.home(projection)
    statement = f"MERGE (g:{REGISTER} {{name: $name}}) SET g.newest = $newest"
    driver.execute_query(statement, name=projection.name, newest=1_000 * next(numbers), database_=database)

    def of(version: int) -> Generations:
        return Generations(engine, driver, replace(projection, version=version))

    yield of
    for record in of(1).home.records():
        of(1).remove(record.number)


@pytest.fixture
def generations(version: Callable[[int], Generations]) -> Generations:
    return version(1)


@pytest.fixture
def driver(engine: GraphEngine) -> Iterator[Driver]:
    with engine.driver() as driver:
        yield driver


@pytest.fixture
def support() -> Path:
    """The folder of what tests share; a process started by a test finds it and the source tree through it."""
    return Path(__file__).parents[2] / "support"

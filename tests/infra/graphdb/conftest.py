"""One real ArcadeDB for all the tests of this room, and databases in it for each test."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from neo4j import Driver
from small_graph import SMALL

from infra.graphdb.arcadedb import Address, ArcadeDB
from infra.graphdb.engine import ArcadeDBEngine


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """The address of an engine that runs as long as the tests do."""
    with ArcadeDB(tmp_path_factory.mktemp("graph")) as engine:
        yield engine.start()


@pytest.fixture(scope="session")
def numbers() -> Iterator[int]:
    """Numbers for databases, each once."""
    return itertools.count(1)


@pytest.fixture
def new_engine(server: Address, numbers: Iterator[int]) -> Iterator[Callable[[], ArcadeDBEngine]]:
    """Makes databases with the schema of the small network; they go with the test."""
    made: list[ArcadeDBEngine] = []

    def make() -> ArcadeDBEngine:
        made.append(ArcadeDBEngine(server, f"test_{next(numbers)}"))
        made[-1].prepare(SMALL)
        return made[-1]

    yield make
    for engine in made:
        engine.drop()


@pytest.fixture
def engine(new_engine: Callable[[], ArcadeDBEngine]) -> ArcadeDBEngine:
    """A database of the test's own."""
    return new_engine()


@pytest.fixture
def driver(engine: ArcadeDBEngine) -> Iterator[Driver]:
    with engine.driver() as driver:
        yield driver


@pytest.fixture
def support() -> Path:
    """The folder of what tests share; a process started by a test finds it and the source tree through it."""
    return Path(__file__).parents[2] / "support"

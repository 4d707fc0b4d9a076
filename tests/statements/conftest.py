"""What was sent to a graph while all kinds of work were done, and both engines to run it on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace

import pytest
from asking import Asking
from at_work import running
from both_ways import BothWays
from neo4j import Driver
from operations import READERS, THOROUGH, Corpus
from small_model import Model
from small_network import SmallNetwork

from gateway.indexing import Indexing
from gateway.server import application
from infra.graphdb.engines.interface import GraphEngine
from infra.graphdb.engines.neo4j import Neo4jEngine
from infra.graphdb.generation import Generation
from infra.graphdb.ownership import Ownership
from infra.graphdb.projector import Projector
from infra.graphdb.writer import Writer
from infra.identity.tokens import signing_key
from infra.server import Running
from infra.servers.neo4j import Neo4jServer
from infra.settings import Settings
from projections.network import network as network_projection
from tests.statements.reading import read_again
from tests.statements.recording import Read, RecordedGraph, Sent, recording
from tests.statements.replaying import Replay
from tests.statements.sides import Side, Sides
from tests.statements.work import WORKED_ON, begin_at, work
from tests.statements.writing import write_all

NUMBER = 700_000
"""Generations on the Neo4j that all tests share have numbers from here on; nobody else has these.

Nothing is removed afterwards: both engines end with the run, and Neo4j takes long to remove an index.
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of the gateway, what that came to, and which filter kept how many records."""

    documents: list[str]
    reads: list[Read]
    keeping: dict[str, int]


@dataclass(frozen=True, slots=True)
class TwoGraphs:
    """The same graph of the network on ArcadeDB and on Neo4j."""

    sides: Sides
    arcadedb: Generation
    neo4j: Generation


@pytest.fixture(scope="session")
def asked(system: Running, made: SmallNetwork, loop: asyncio.Runner, settings: Settings) -> Asked:
    """All that can be asked of the gateway, asked by every kind of reader: by plans, and field by field."""
    graph = RecordedGraph(system.services.graph)
    services = replace(system.services, graph=graph)
    gateway = application(services)
    asking = Asking(gateway, loop, made, signing_key(settings.data / "issuer.pem"))
    corpora = {who: Corpus(asking, who) for who in READERS}
    ways = BothWays(asking, services)
    for who, corpus in corpora.items():
        corpus.run()
        for document in corpus.documents:
            ways.by_field(document, who)
    loop.run(_read_texts(Indexing(graph, services.progress, services.history)))
    documents = [document for corpus in corpora.values() for document in corpus.documents]
    return Asked(documents, graph.reads, corpora[THOROUGH].keeping)


async def _read_texts(indexing: Indexing) -> None:
    indexing.begin()
    assert await indexing.wait_for(0, 60) >= 0
    await indexing.end()


@pytest.fixture(scope="session")
def engines(system: Running, neo4j: Neo4jServer) -> dict[str, GraphEngine]:
    return {"ArcadeDB": system.engine, "Neo4j": Neo4jEngine(neo4j.uri, neo4j.user, neo4j.password)}


@pytest.fixture(scope="session")
def drivers(engines: dict[str, GraphEngine]) -> Iterator[dict[str, Driver]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(engine.driver()) for name, engine in engines.items()}


@pytest.fixture(scope="session")
def graphs(
    system: Running, made: SmallNetwork, engines: dict[str, GraphEngine], drivers: dict[str, Driver]
) -> TwoGraphs:
    """The network as the system has it on ArcadeDB, and on Neo4j, projected from the same log."""
    here = system.keeper.shown().generation
    engine = engines["Neo4j"]
    there = engine.generation(replace(network_projection(), name="statements"), NUMBER)
    engine.prepare(there)
    _project(made, Writer(Ownership(drivers["Neo4j"], there, timeout=60), engine))
    one = Side("ArcadeDB", drivers["ArcadeDB"], here.database)
    other = Side("Neo4j", drivers["Neo4j"], there.database, there.statement)
    return TwoGraphs(Sides(one, other), here, there)


def _project(made: SmallNetwork, writer: Writer) -> None:
    """Bring it up to the log."""
    with running(Projector(made.log, writer, silence=0)) as projector:
        reached = projector.wait_for(made.log.head(), 60)
    assert reached == made.log.head(), projector.stopped


@pytest.fixture(scope="session")
def read(asked: Asked, graphs: TwoGraphs) -> Sides:
    """What the gateway read from ArcadeDB, read again from Neo4j."""
    return read_again(asked.reads, graphs.sides)


@pytest.fixture(scope="session")
def written(graphs: TwoGraphs, model: Callable[[], Model]) -> Sides:
    """What a writer of the network may write, written on both, and taken back."""
    return write_all(graphs.sides, graphs.arcadedb, lambda label: sorted(model().ids(label))[:3])


@pytest.fixture(scope="session")
def worked(engines: dict[str, GraphEngine]) -> dict[str, list[Sent]]:
    """What was sent to each engine while all that is done with generations was done on it."""
    sent = {}
    for name, engine in engines.items():
        begin_at(engine, NUMBER)
        with recording() as sent[name]:
            work(engine)
    return sent


@pytest.fixture(scope="session")
def replayed(worked: dict[str, list[Sent]], engines: dict[str, GraphEngine], drivers: dict[str, Driver]) -> Replay:
    """What was sent to either engine, sent again to both."""
    place = replace(WORKED_ON, name="statements_replayed")
    one, other = (Side(name, drivers[name], engine.home(place)) for name, engine in engines.items())
    replay = Replay(Sides(one, other), WORKED_ON)
    replay.send(worked["ArcadeDB"])
    replay.send(worked["Neo4j"], new_only=True)
    return replay

"""A network with a Neo4j of its own, whose graph is kept up to its log; and what goes on beside it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from threading import Event as Flag
from threading import Thread

from neo4j import Driver

from graphing.lives import Event, record, record_one
from infra.application import Network
from infra.beside import running_beside
from infra.graphdb.engines.neo4j import Neo4jEngine
from infra.graphdb.generations import Generations
from infra.graphdb.keeper import Keeper
from infra.servers.neo4j import Neo4jServer
from projections.network import network as network_projection

AT_ONCE = 10_000
"""Events that are made before they are recorded."""


@dataclass(frozen=True, slots=True)
class Stand:
    """The server, the network that records, and the graph of it."""

    server: Neo4jServer
    network: Network
    engine: Neo4jEngine
    driver: Driver
    generations: Generations
    keeper: Keeper

    def wait(self, holds: Callable[[], bool], seconds: float) -> None:
        """Wait until something holds of the graph. Ends the program when it stops, or takes longer than that."""
        deadline = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > deadline or self.keeper.stopped:
                where = f"the graph stands at {self.keeper.position:,} of {self.network.head():,}"
                raise SystemExit(f"{where}: {self.keeper.stopped or f'it took longer than {seconds:g} s'}")
            time.sleep(0.02)


@contextmanager
def stand(happenings: Iterator[Event], *, heap: str, measured: bool = False) -> Iterator[Stand]:
    """A network in which all this has happened, and a graph that is being built of it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stand-")))
        server = stack.enter_context(Neo4jServer(folder / "neo4j", heap=heap, measured=measured))
        network = Network(folder / "data")
        stack.callback(network.close)
        while some := list(islice(happenings, AT_ONCE)):
            record(network, some)
        engine = Neo4jEngine(server.uri, server.user, server.password)
        driver = stack.enter_context(engine.driver())
        generations = Generations(engine, driver, network_projection())
        keeper = Keeper(generations, network)
        stack.enter_context(running_beside(keeper, "keeper"))
        stack.enter_context(network.log_of_record.news.heard_by(keeper.wake))
        yield Stand(server, network, engine, driver, generations, keeper)


@contextmanager
def beside(run: Callable[[Flag], object]) -> Iterator[None]:
    """Do something in a thread of its own, until it is told to stop."""
    stop = Flag()
    thread = Thread(target=run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def recording(network: Network, happenings: Iterator[Event], a_second: float) -> Iterator[None]:
    """Record so many events every second, as they happen."""

    def run(stop: Flag) -> None:
        due = time.perf_counter()
        for happening in happenings:
            record_one(network, network.head(), happening, datetime.now(UTC))
            due += 1 / a_second
            if stop.wait(max(0.0, due - time.perf_counter())):
                return

    with beside(run):
        yield

"""The sides of the benchmark: each brings the history into a graph of its own, and says how many events a second."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Thread

from measuring import per_second
from neo4j import Driver, ManagedTransaction

from infra.application import Network
from infra.beside import running_beside
from infra.graphdb.engines.interface import GraphEngine
from infra.graphdb.generation import Generation
from infra.graphdb.ownership import Ownership
from infra.graphdb.projector import Projector
from infra.graphdb.rebuild import AT_REST, UNDER_LOAD
from infra.graphdb.writer import Writer
from projections.network import network as network_projection

LIVE, REBUILDING = (1_000, 5_000), (AT_REST, UNDER_LOAD)
"""How many events a batch holds at rest and under load."""
ROWS = 1_000
BARE = "UNWIND $rows AS r MERGE (n:Bare {id: r.id}) SET n += r.p"
PATIENCE = 900.0


@contextmanager
def generation(engine: GraphEngine, number: int) -> Iterator[Generation]:
    """An empty generation of the network, gone afterwards."""
    made = engine.generation(network_projection(), number)
    engine.prepare(made)
    try:
        yield made
    finally:
        engine.remove(made)


@contextmanager
def projecting(network: Network, engine: GraphEngine, into: Generation, sizes: tuple[int, int]) -> Iterator[Projector]:
    """A projector at work; the log tells it of what is recorded."""
    at_rest, under_load = sizes
    with engine.driver() as driver:
        writer = Writer(Ownership(driver, into), engine)
        projector = Projector(network, writer, silence=0, at_rest=at_rest, under_load=under_load)
        with running_beside(projector, "projector"), network.log_of_record.news.heard_by(projector.wake):
            yield projector


def projected(engine: GraphEngine, network: Network, number: int, sizes: tuple[int, int]) -> float:
    """Events per second of the projector, from the log into an empty graph."""
    head = network.head()
    with generation(engine, number) as made:
        began = time.perf_counter()
        with projecting(network, engine, made, sizes) as projector:
            reached = projector.wait_for(head, PATIENCE)
        seconds = time.perf_counter() - began
    assert reached == head, f"stopped at {reached} of {head}: {projector.stopped}"
    return head / seconds


def floor(engine: GraphEngine, database: str, rows: Sequence[dict[str, object]]) -> float:
    """Rows a second that are merged as plain nodes, 1,000 a statement: nothing is linked or kept account of."""
    with engine.driver() as driver:
        command(driver, database, "CREATE CONSTRAINT bare_id IF NOT EXISTS FOR (n:Bare) REQUIRE n.id IS UNIQUE")

        def write() -> None:
            for start in range(0, len(rows), ROWS):
                command(driver, database, BARE, rows=rows[start : start + ROWS])

        rate = per_second(len(rows), write)
        clear(driver, database, "Bare")
    return rate


def latencies(
    network: Network, projector: Projector, events: range, a_second: float, record: Callable[[int], None]
) -> list[float]:
    """Seconds from the acknowledgement of an event until the graph holds it, at this many events a second."""
    acknowledged: dict[int, float] = {}
    seen: dict[int, float] = {}
    first = network.head() + 1

    def watch() -> None:
        reached = first - 1
        while reached < first + len(events) - 1:
            now_at = projector.wait_for(reached + 1, 10)
            moment = time.perf_counter()
            seen.update(dict.fromkeys(range(reached + 1, now_at + 1), moment))
            reached = now_at

    watching = Thread(target=watch)
    watching.start()
    due = time.perf_counter()
    for place, number in enumerate(events):
        time.sleep(max(0.0, due - time.perf_counter()))
        record(number)
        acknowledged[first + place] = time.perf_counter()
        due += 1 / a_second
    watching.join()
    return [max(0.0, seen[position] - moment) for position, moment in acknowledged.items()]


def bare_writes(driver: Driver, database: str, count: int) -> list[float]:
    """Seconds of transactions that write one node each."""
    samples = []
    with driver.session(database=database) as session:
        for number in range(count):
            began = time.perf_counter()
            session.execute_write(_one, number)
            samples.append(time.perf_counter() - began)
    clear(driver, database, "Bare")
    return samples


def _one(transaction: ManagedTransaction, number: int) -> None:
    transaction.run("MERGE (n:Bare {id: $id}) SET n += $p", id=f"one_{number}", p={"title": "印染"}).consume()


def clear(driver: Driver, database: str, label: str) -> None:
    """Remove the nodes of a label."""
    statement = f"MATCH (n:{label}) WITH n LIMIT 10000 DETACH DELETE n RETURN count(*)"
    while command(driver, database, statement):
        pass


def command(driver: Driver, database: str, text: str, **parameters: object) -> int:
    """Run a statement in a transaction of its own; gives its one number, if it has one."""

    def run(transaction: ManagedTransaction) -> int:
        row = transaction.run(text, parameters).single()
        return int(row[0]) if row else 0

    with driver.session(database=database) as session:
        return session.execute_write(run)

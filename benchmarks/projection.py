"""Projection events per second, from the log to the graph, decoding included, beside a bare MERGE of plain nodes.

Both on the same engine, warmed up, batches of about 1,000 events; rounds are interleaved and the median of each is
shown. The floor reads no log, decodes nothing, links nothing and keeps no position.

What dominates: executing the statement (nodes with some twenty properties, two links a need), then decoding the facts;
the one waits for the other. Folding and grouping the changes is a small part.

Run: python benchmarks/projection.py [--quick] [--json FILE]
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from threading import Event, Thread

from commands import Desk
from measuring import Results, finish, options, per_second
from neo4j import Driver

from infra.graphdb.arcadedb import ArcadeDB
from infra.graphdb.engine import ArcadeDBEngine
from infra.graphdb.projector import Projector
from infra.graphdb.writer import Writer
from projections.network import network as network_projection

BARE = "UNWIND $rows AS r MERGE (n:Bare {id: r.id}) SET n += r.p"


def projected(engine: ArcadeDBEngine, desk: Desk) -> float:
    """Events per second of a projector that begins with an empty graph."""
    projection = network_projection()
    engine.prepare(projection)
    with engine.driver() as driver:
        projector = Projector(desk.network, projection, Writer(driver, engine.database, projection))
        stop = Event()
        thread = Thread(target=projector.run, args=(stop,))
        head = desk.network.head()
        began = time.perf_counter()
        thread.start()
        reached = projector.wait_for(head, 600)
        seconds = time.perf_counter() - began
        stop.set()
        projector.wake()
        thread.join()
    engine.drop()
    assert reached == head, f"stopped at {reached} of {head}: {projector.stopped}"
    return head / seconds


def floor(engine: ArcadeDBEngine, count: int) -> float:
    """Plain nodes a second, 1,000 a statement."""
    engine.prepare(network_projection())
    with engine.driver() as driver:
        command(driver, engine, "CREATE CONSTRAINT bare_id IF NOT EXISTS FOR (n:Bare) REQUIRE n.id IS UNIQUE")

        def write() -> None:
            for start in range(0, count, 1_000):
                ids = range(start, min(start + 1_000, count))
                command(
                    driver, engine, BARE, rows=[{"id": f"need_{id}", "p": {"title": "印染", "n": id}} for id in ids]
                )

        rate = per_second(count, write)
    engine.drop()
    return rate


def command(driver: Driver, engine: ArcadeDBEngine, text: str, **parameters: object) -> None:
    with driver.session(database=engine.database) as session:
        session.execute_write(lambda transaction: transaction.run(text, parameters).consume())


def main() -> None:
    chosen = options(__doc__)
    needs, rounds = (100, 1) if chosen.quick else (5_000, 5)
    with tempfile.TemporaryDirectory() as name, ArcadeDB(Path(name) / "graph") as graph:
        address = graph.start()
        desk = Desk(Path(name) / "data")
        desk.amend(desk.record(needs, contacts=True))
        count = desk.network.head()
        rates: dict[str, list[float]] = {"bare MERGE of plain nodes": [], "projector, from the log": []}
        for round in range(-1, rounds):
            bare = floor(ArcadeDBEngine(address, f"floor{round + 1}"), count)
            ours = projected(ArcadeDBEngine(address, f"ours{round + 1}"), desk)
            if round >= 0 or chosen.quick:
                rates["bare MERGE of plain nodes"].append(bare)
                rates["projector, from the log"].append(ours)
        desk.network.close()
    results = Results(f"Projection, {count:,} events, events per second")
    base = statistics.median(rates["bare MERGE of plain nodes"])
    for what, samples in rates.items():
        median = statistics.median(samples)
        results.row(what=what, per_second=float(int(median)), of_floor=median / base)
    finish(results, chosen)


if __name__ == "__main__":
    main()

"""Projection events per second, from the log to the graph, decoding included, on Neo4j and on ArcadeDB.

Beside two floors and a peer, on the same Neo4j. The floor is a bare MERGE of the same events as plain nodes: it reads
no log, decodes nothing, links nothing, looks nothing up but the id and keeps no position. The lower floor does it with
two small properties instead of those of the events. The peer is the way of the official Kafka connector on the events.
Each side is warmed up, rounds are interleaved, each begins with another side (what was removed before weighs upon the
one that follows), and the median of each is shown. Ours is exact: the lock first, position and chain hash in the same
transaction.

Run: python benchmarks/projection.py [--quick] [--json FILE]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

from graphing import connector
from graphing.lives import lives, record, record_one
from graphing.sides import (
    LIVE,
    REBUILDING,
    bare_writes,
    clear,
    command,
    floor,
    generation,
    latencies,
    projected,
    projecting,
)
from measuring import Results, finish, options, per_second, quantile

from infra.application import Network
from infra.graphdb.embedded.process import ArcadeDB
from infra.graphdb.engines.arcadedb import ArcadeDBEngine
from infra.graphdb.engines.neo4j import Neo4jEngine
from infra.graphdb.gathering import Gathering
from infra.interpreter import collect_rarely, take_turns_often
from infra.servers.kafka import Broker
from infra.servers.neo4j import Neo4jServer
from projections.network import network as network_projection
from projections.rows import shapes

FLOOR, LOWER = "bare MERGE of the events as plain nodes", "bare MERGE of nodes with two properties"
OURS_LIVE, OURS_REBUILDING = "ours, live", "ours, rebuilding"
CONNECTOR, OURS_ARCADEDB = "the connector's way", "ours, live, ArcadeDB"
RATE = 100.0


def gathered(network: Network, events: int) -> tuple[float, float]:
    """Events a second that are read, decoded and folded: as Python collects by default, and as `yizhan` lets it."""
    gathering = Gathering(network, network_projection(), shapes(network_projection()))

    def run() -> None:
        position = 0
        while found := gathering.gather(position, LIVE[0]):
            position = found.position

    by_default = per_second(events, run)
    collect_rarely()
    return by_default, per_second(events, run)


def rotated(sides: list[str], by: int) -> list[str]:
    """The same, begun so many places later."""
    return sides[by % len(sides) :] + sides[: by % len(sides)]


def main() -> None:
    chosen = options(__doc__)
    events, rounds, warm, single = (1_000, 0, 10, 50) if chosen.quick else (100_000, 5, 500, 2_000)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="projection-")))
        server = stack.enter_context(Neo4jServer(folder / "neo4j", heap="2g", measured=not chosen.quick))
        broker = stack.enter_context(Broker(folder / "kafka", heap="512m"))
        address = stack.enter_context(ArcadeDB(folder / "arcadedb", heap="2g")).start()
        network = Network(folder / "data")
        stack.callback(network.close)
        record(network, lives(events))
        collected, rarely = gathered(network, events)
        take_turns_often()
        neo4j = Neo4jEngine(server.uri, server.user, server.password)
        arcadedb = ArcadeDBEngine(address)
        topic = f"lives-{uuid4().hex[:8]}"
        commits = network.commits(0, events)
        connector.publish(broker.bootstrap, topic, commits)
        plain: list[dict[str, object]] = [connector.put(commit) for commit in commits]
        small: list[dict[str, object]] = [
            {"id": f"need_{number:026}", "p": {"title": "印染", "n": number}} for number in range(events)
        ]
        del commits
        driver = stack.enter_context(neo4j.driver())
        for statement in connector.SCHEMA:
            command(driver, neo4j.database, statement)

        def of_connector() -> float:
            rate = per_second(
                events, lambda: connector.project_all(broker.bootstrap, topic, events, driver, neo4j.database)
            )
            for label in connector.LABELS:
                clear(driver, neo4j.database, label)
            return rate

        numbers = iter(range(1, 1_000))
        sides: dict[str, Callable[[], float]] = {
            FLOOR: lambda: floor(neo4j, neo4j.database, plain),
            LOWER: lambda: floor(neo4j, neo4j.database, small),
            OURS_LIVE: lambda: projected(neo4j, network, next(numbers), LIVE),
            OURS_REBUILDING: lambda: projected(neo4j, network, next(numbers), REBUILDING),
            CONNECTOR: of_connector,
            OURS_ARCADEDB: lambda: projected(arcadedb, network, next(numbers), LIVE),
        }
        rates: dict[str, list[float]] = {side: [] for side in sides}
        for round in range(-1, rounds):
            for side in rotated(list(sides), round):
                rate = sides[side]()
                print(f"round {round}: {side}: {rate:,.0f} events a second", file=sys.stderr)
                if round >= 0 or chosen.quick:
                    rates[side].append(rate)
        plain.clear()
        small.clear()
        bare = bare_writes(driver, neo4j.database, single)
        with generation(neo4j, next(numbers)) as made, projecting(network, neo4j, made, LIVE) as projector:
            projector.wait_for(network.head(), 900)
            more = list(lives(warm + single, seed=2))

            def one_more(number: int) -> None:
                record_one(network, events + number, more[number])

            latencies(network, projector, range(warm), RATE, one_more)
            waits = latencies(network, projector, range(warm, warm + single), RATE, one_more)
        bare += bare_writes(driver, neo4j.database, single)
    results = Results(f"Projection, {events:,} events, events per second; latencies in ms at {RATE:g} events a second")
    median = {side: statistics.median(samples) for side, samples in rates.items()}
    for side, rate in median.items():
        results.row(what=side, per_second=float(int(rate)), of_floor=rate / median[FLOOR])
    for how, rate in (("yizhan collects", rarely), ("Python collects by default", collected)):
        results.row(what=f"only gathering, as {how}", per_second=float(int(rate)), of_floor=rate / median[FLOOR])
    one = statistics.median(bare)
    for what, value in (
        ("a bare write of one node, p50", one),
        ("event to visible, p50", quantile(waits, 0.5)),
        ("event to visible, p99", quantile(waits, 0.99)),
    ):
        results.row(what=what, per_second=f"{value * 1000:.2f} ms", of_floor=value / one)
    results.bar("live / floor", median[OURS_LIVE] / median[FLOOR], 0.5)
    results.bar("live / the connector's way", median[OURS_LIVE] / median[CONNECTOR], 1.4)
    results.bar("rebuilding / floor", median[OURS_REBUILDING] / median[FLOOR], 0.7)
    results.bar("ArcadeDB / Neo4j", median[OURS_ARCADEDB] / median[OURS_LIVE], 0.7)
    results.bar("event to visible, p50 / a bare write", quantile(waits, 0.5) / one, 3, at_most=True)
    results.bar("event to visible, p99 / a bare write", quantile(waits, 0.99) / one, 12, at_most=True)
    finish(results, chosen)


if __name__ == "__main__":
    main()

"""Neo4j killed for two minutes while events go on being recorded: what is seen meanwhile, and what is there afterwards.

The log goes on without the graph. The lag is visible as long as it lasts, in events and in seconds; nothing is skipped,
filed away or stopped, and nobody has to do anything when the server is back. In the end an independent fold of the log
is compared with all that the database holds.

Run: python benchmarks/outage.py [--quick] [--json FILE]
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread

from graphing.lives import lives, record, record_one
from measuring import Results, finish, options

from infra.application import Network
from infra.beside import running_beside
from infra.graphdb.engines.neo4j import Neo4jEngine
from infra.graphdb.generations import Generations
from infra.graphdb.keeper import Keeper
from infra.graphdb.verifying import verify
from infra.servers.neo4j import Neo4jServer
from infra.servers.server import Manner
from projections.network import network as network_projection

A_SECOND = 100.0
"""Events recorded in a second, all the while."""
PATIENCE = 120.0


def wait(keeper: Keeper, position: int) -> None:
    """Wait until the graph is as far as that."""
    deadline = time.monotonic() + PATIENCE
    while not keeper.ready() or keeper.position < position:
        if time.monotonic() > deadline or keeper.stopped:
            raise SystemExit(f"the graph stands at {keeper.position} of {position}: {keeper.stopped}")
        time.sleep(0.02)


def main() -> None:
    chosen = options(__doc__)
    before, away = (400, 3.0) if chosen.quick else (10_000, 120.0)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="outage-")))
        server = stack.enter_context(Neo4jServer(folder / "neo4j", heap="1g", manner=Manner(short_lived=chosen.quick)))
        network = Network(folder / "data")
        stack.callback(network.close)
        total = before + round(A_SECOND * (away + 2 * PATIENCE))
        happenings = iter(lives(total))
        record(network, [next(happenings) for _ in range(before)])
        engine = Neo4jEngine(server.uri, server.user, server.password)
        driver = stack.enter_context(engine.driver())
        generations = Generations(engine, driver, network_projection())
        keeper = Keeper(generations, network)
        stack.enter_context(running_beside(keeper, "keeper"))
        network.listen(lambda _position: keeper.wake())
        wait(keeper, before)
        stop = Event()

        def write() -> None:
            due = time.perf_counter()
            for happening in happenings:
                record_one(network, network.head(), happening, datetime.now(UTC))
                due += 1 / A_SECOND
                if stop.wait(max(0.0, due - time.perf_counter())):
                    return

        writer = Thread(target=write)
        writer.start()
        time.sleep(1)
        server.kill()
        killed = time.monotonic()
        lags, waited = [], []
        while time.monotonic() < killed + away:
            time.sleep(0.5)
            lags.append(keeper.lag())
            waited.append(keeper.waiting(datetime.now(UTC)))
            if keeper.stopped:
                raise SystemExit(f"it stopped: {keeper.stopped}")
        missed = keeper.lag()
        server.start()
        back = time.monotonic()
        while keeper.lag() > A_SECOND:
            if time.monotonic() > back + PATIENCE:
                raise SystemExit(f"it did not catch up within {PATIENCE:g} s: {keeper.lag()} events are missing")
            time.sleep(0.02)
        caught_up = time.monotonic() - back
        stop.set()
        writer.join()
        wait(keeper, head := network.head())
        verified = verify(generations, driver, network, lambda *_: None, Event())
    for each in verified.differences[:20]:
        print(each, file=sys.stderr)
    results = Results(f"Neo4j away for {away:g} s, {A_SECOND:g} events a second")
    for what, figure in (
        ("recorded without the graph, events", f"{missed:,}"),
        (
            "the lag grew from one look to the next",
            f"{sum(a < b for a, b in pairwise(lags))} of {len(lags) - 1} times",
        ),
        ("the server answered again and the graph caught up within, s", f"{caught_up:.1f}"),
        ("compared in the end", f"{verified.nodes:,} nodes and {verified.links:,} links at {verified.position:,}"),
        ("skipped", ", ".join(map(str, verified.skipped)) or "nothing"),
    ):
        results.row(what=what, figure=figure)
    results.bar("events missing in the end", head - verified.position, 0, at_most=True)
    results.bar("differences from the fold of the log", verified.differing, 0, at_most=True)
    results.bar("events skipped", len(verified.skipped), 0, at_most=True)
    results.bar("seconds of lag that were shown / seconds away", max(waited) / away, 0.9)
    finish(results, chosen)


if __name__ == "__main__":
    main()

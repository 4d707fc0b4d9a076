"""Neo4j killed for two minutes while events go on being recorded: what is seen meanwhile, and what is there afterwards.

The log goes on without the graph. The lag is visible as long as it lasts, in events and in seconds; nothing is skipped,
filed away or stopped, and nobody has to do anything when the server is back. In the end an independent fold of the log
is compared with all that the database holds.

Run: python benchmarks/outage.py [--quick] [--json FILE]
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from itertools import islice, pairwise
from threading import Event

from graphing.lives import lives
from graphing.stand import recording, stand
from measuring import Results, finish, options

from infra.graphdb.verifying import verify

A_SECOND = 100.0
"""Events recorded in a second, all the while."""
PATIENCE = 120.0


def main() -> None:
    chosen = options(__doc__)
    before, away = (400, 3.0) if chosen.quick else (10_000, 120.0)
    happenings = lives(before + round(A_SECOND * (away + 2 * PATIENCE)))
    with stand(islice(happenings, before), heap="1g") as made:
        keeper = made.keeper
        made.wait(lambda: keeper.ready() and keeper.lag() == 0, PATIENCE)
        with recording(made.network, happenings, A_SECOND):
            time.sleep(1)
            made.server.kill()
            killed = time.monotonic()
            lags, waited = [], []
            while time.monotonic() < killed + away:
                time.sleep(0.5)
                lags.append(keeper.lag())
                waited.append(keeper.waiting(datetime.now(UTC)))
                if keeper.stopped:
                    raise SystemExit(f"it stopped: {keeper.stopped}")
            missed = keeper.lag()
            made.server.start()
            back = time.monotonic()
            made.wait(lambda: keeper.lag() <= A_SECOND, PATIENCE)
            caught_up = time.monotonic() - back
        made.wait(lambda: keeper.lag() == 0, PATIENCE)
        head = made.network.head()
        verified = verify(made.generations, made.driver, made.network, lambda *_: None, Event())
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

"""A process that projects a small history into a graph, to be killed: `python projecting.py SEED COMMITS LIMIT`.

The engine's address comes in the environment: BOLT, HTTP, PASSWORD, DATABASE. It ends by itself once the graph is up to
the log, and dies by an exception when the projector stops for good.
"""

from __future__ import annotations

import os
import sys
from threading import Event, Thread

from small_graph import SMALL, SmallLog, history

from infra.graphdb.arcadedb import Address
from infra.graphdb.engine import ArcadeDBEngine
from infra.graphdb.installation import Ports
from infra.graphdb.projector import Projector
from infra.graphdb.writer import Writer


def main() -> None:
    seed, commits, limit = (int(each) for each in sys.argv[1:])
    ports = Ports(int(os.environ["BOLT"]), int(os.environ["HTTP"]))
    engine = ArcadeDBEngine(Address(ports, os.environ["PASSWORD"]), os.environ["DATABASE"])
    log = SmallLog(history(seed, commits))
    with engine.driver() as driver:
        projector = Projector(log, SMALL, Writer(driver, engine.database, SMALL), at_rest=limit, under_load=limit)
        stop = Event()
        thread = Thread(target=projector.run, args=(stop,))
        thread.start()
        print("ready", flush=True)
        reached = projector.wait_for(log.head(), 60)
        stop.set()
        projector.wake()
        thread.join()
    if reached != log.head():
        sys.exit(f"reached {reached} of {log.head()}: {projector.stopped}")


if __name__ == "__main__":
    main()

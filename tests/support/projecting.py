"""A process that projects a small history into a graph, to be killed: `python projecting.py SEED COMMITS LIMIT`.

The engine and the number of the generation come pickled in the environment, as ENGINE. It ends by itself once the graph
is up to the log, and dies by an exception when the projector stops for good.
"""

from __future__ import annotations

import os
import pickle
import sys
from threading import Event, Thread

from small_graph import SMALL, SmallLog, history

from infra.graphdb.ownership import Ownership
from infra.graphdb.projector import Projector
from infra.graphdb.writer import Writer


def main() -> None:
    seed, commits, limit = (int(each) for each in sys.argv[1:])
    engine, number = pickle.loads(bytes.fromhex(os.environ["ENGINE"]))
    log = SmallLog(history(seed, commits))
    with engine.driver() as driver:
        ownership = Ownership(driver, engine.generation(SMALL, number))
        projector = Projector(log, Writer(ownership, engine), silence=0, at_rest=limit, under_load=limit)
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

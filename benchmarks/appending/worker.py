"""A worker process: opens a store, says that it is ready, waits for its window, and prints what it did.

Every side is measured by this same file, each in its own environment, so that no interpreter is shared.
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
from collections.abc import Callable

from appending.jobs import Job, Outcome
from appending.load import Store, Window, run_threads, stream_name

STORES = {
    "recorder": "appending.recorders:Recorder",
    "umadb": "appending.umadb_client:UmaDB",
    "log": "appending.ours:Log",
    "produce": "appending.raw:Synchronous",
}
"""Kinds that threads write to; imported when asked for, since each environment has only its own."""

RUNS = {
    "log-async": "appending.ours:run_async",
    "produce-pipelined": "appending.raw:run_pipelined",
    "enrolment": "appending.enrolment:run",
    "replay": "appending.folding:run",
    "write": "appending.enduring:write",
    "follow": "appending.enduring:follow",
}
"""Kinds with a load of their own: called with the job, and with what waits for the window."""


def ready() -> Window:
    print("ready", flush=True)
    line = sys.stdin.readline()
    if not line:
        raise SystemExit("nobody waits for this worker any more")
    return Window(*json.loads(line))


def run_store(open_store: Callable[[Job], Store], job: Job) -> Outcome:
    with open_store(job) as store:
        commits = [store.writer(stream_name(job.name, number), job.events) for number in range(job.writers)]
        for commit in commits:
            commit()
        gc.collect()
        latencies, count = run_threads(commits, ready())
        return Outcome(latencies, recorded=(count + job.writers) * job.events, head=store.head())


def main() -> None:
    job = Job.decoded(sys.argv[1])
    module, _, name = (STORES.get(job.kind) or RUNS[job.kind]).partition(":")
    found = getattr(importlib.import_module(module), name)
    outcome = run_store(found, job) if job.kind in STORES else found(job, ready)
    print(outcome.encoded(), flush=True)


if __name__ == "__main__":
    main()

"""A fresh index folds a topic that stands: how fast, and how large it gets.

Settings: `url`, `index`, `client`.
"""

from __future__ import annotations

import gc
import time
from importlib import import_module
from pathlib import Path

from appending.jobs import Job, Outcome
from appending.load import Ready
from appending.ours import opened

LIBRARIES = {"confluent": "confluent_kafka", "kafka-python": "kafka"}


def run(job: Job, ready: Ready) -> Outcome:
    """From opening until everything is folded, and from then on until the whole index is on the disk.

    `events` of the job is how many events have to be there. The client's library is imported before: that takes as long
    for a short log as for a long one.
    """
    import_module(LIBRARIES[job.settings["client"]])
    index = Path(job.settings["index"])
    gc.collect()
    ready()
    began = time.monotonic()
    log = opened(job.settings)
    head = log.barrier()
    seconds = time.monotonic() - began
    log.close()
    whole = time.monotonic() - began
    if head != job.events:
        raise AssertionError(f"{head} events were folded of {job.events}")
    index_bytes = sum(path.stat().st_size for path in index.parent.glob(f"{index.name}*"))
    return Outcome([], head=head, figures={"seconds": seconds, "whole": whole, "index_bytes": index_bytes})

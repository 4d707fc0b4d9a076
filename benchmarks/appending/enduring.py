"""The two ends of a long run: a process that commits at a steady pace, and one that only follows.

Settings: `url`, `index`, `client`; `pace`, in commits a second of all threads together, 0 for as many as there can be.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from itertools import count
from threading import Thread
from typing import Any

from appending.jobs import Job, Outcome
from appending.load import TOPIC, Ready, Window, states, stream_name
from appending.ours import opened
from infra.eventlog import Draft
from infra.interpreter import share_arenas

LIFE = 2
"""Events of an entity before its thread goes on to the next one: caches of heads are full early, and stay so."""
EVERY = 1.0
"""Seconds between two looks of the follower."""


def drafts(process: str, writer: int) -> Iterator[Draft]:
    """Commits of one event, to entity after entity."""
    payload = states(stream_name(process, writer), LIFE)
    for number in count():
        entity = f"need_{process}{writer:03}{number:012}"
        for version, state in enumerate(payload, 1):
            yield Draft([(entity, version, TOPIC, state)])


def write(job: Job, ready: Ready) -> Outcome:
    """Commit within the window. `recorded` counts the commits of the warm-up as well; `per_second` those inside."""
    share_arenas()  # as `yizhan` does
    log = opened(job.settings)
    pace = float(job.settings["pace"])
    interval = job.writers / pace if pace else 0.0
    inside, failures = [0] * job.writers, list[BaseException]()

    def work(number: int, window: Window) -> None:
        coming = drafts(job.name, number)
        due = window.begin + interval * number / job.writers
        try:
            while (now := time.monotonic()) < window.end and not failures:
                if now < due:
                    time.sleep(due - now)
                log.commit(next(coming))
                inside[number] += 1
                due += interval
        except BaseException as error:
            failures.append(error)

    window = ready()
    threads = [Thread(target=work, args=(number, window)) for number in range(job.writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    head = log.head()
    log.close()
    if failures:
        raise failures[0]
    return Outcome([], sum(inside), head, {"per_second": sum(inside) / (window.end - window.begin)})


def follow(job: Job, ready: Ready) -> Outcome:
    """Fold what others write, and print each second how far behind that is: events, and seconds until they are here.

    Says once more that it is ready after its window, and is done when it hears that the writer is.
    """
    share_arenas()
    log = opened(job.settings)
    window = ready()
    due = window.begin
    while (due := due + EVERY) < window.end:
        time.sleep(max(0.0, due - time.monotonic()))
        print(json.dumps(look(log)), flush=True)
    ready()
    head = log.barrier()
    log.close()
    return Outcome([], head=head)


def look(log: Any) -> dict[str, float]:
    head, began = log.head(), time.monotonic()
    return {"events": log.barrier() - head, "seconds": time.monotonic() - began}

"""Our log by its own interface, blocking and asynchronous.

Settings: `url`; for Kafka also `index` and `client`. With `context` set, each commit carries a context and a request
key, as the application gives them.
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from appending.jobs import Job, Outcome
from appending.load import TOPIC, Commit, Ready, states, stream_name
from infra.eventlog import Draft, open_log

CONTEXT_BYTES = 200


def opened(settings: dict[str, str]) -> Any:
    if "index" not in settings:
        return open_log(settings["url"])
    return open_log(settings["url"], index=Path(settings["index"]), client=settings["client"])


def drafts(stream: str, events: int, *, with_context: bool = False) -> Iterator[Draft]:
    """A stream's commits, one after another."""
    payload = states(stream, events)
    for number in count():
        batch = [(stream, number * events + ahead, TOPIC, state) for ahead, state in enumerate(payload, 1)]
        if with_context:
            about = f"{stream}/{number}".encode()
            yield Draft(batch, request=hashlib.sha256(about).digest(), context=about.ljust(CONTEXT_BYTES, b"x"))
        else:
            yield Draft(batch)


class Log:
    """Threads that commit."""

    def __init__(self, job: Job) -> None:
        self._log = opened(job.settings)
        self._with_context = "context" in job.settings

    def writer(self, stream: str, events: int) -> Commit:
        coming = drafts(stream, events, with_context=self._with_context)
        return lambda: self._log.commit(next(coming))

    def head(self) -> int:
        head: int = self._log.head()
        return head

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._log.close()


def run_async(job: Job, ready: Ready) -> Outcome:
    """Commits of one event loop, as many at a time as there are writers."""
    log = opened(job.settings)
    try:
        return asyncio.run(_run(log, job, ready))
    finally:
        log.close()


async def _run(log: Any, job: Job, ready: Ready) -> Outcome:
    streams = [drafts(stream_name(job.name, number), job.events) for number in range(job.writers)]
    await asyncio.gather(*(log.commit_async(next(stream)) for stream in streams))
    gc.collect()
    window = ready()  # blocks the loop, which has nothing to do
    latencies: list[float] = []

    async def work(stream: Iterator[Draft]) -> int:
        done = 0
        while (began := time.monotonic()) < window.end:
            await log.commit_async(next(stream))
            done += 1
            if began >= window.begin:
                latencies.append(time.monotonic() - began)
        return done

    counts = await asyncio.gather(*(work(stream) for stream in streams))
    return Outcome(latencies, recorded=(sum(counts) + job.writers) * job.events, head=log.head())

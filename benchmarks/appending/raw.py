"""Bare sends to a topic: no optimistic check, nothing read back. A floor, not a rival.

Settings: `client`, `bootstrap`, `topic`. One producer for all threads; the events of a commit are one value.
"""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Any, Self

from appending.jobs import Job, Outcome
from appending.load import Commit, Ready, states, stream_name
from appending.producers import CLIENTS, PATIENCE

IN_FLIGHT = 1_000
"""Sends that a pipelining writer has under way at most."""


class Synchronous:
    """Each writer waits for its acknowledgement; nothing lingers."""

    def __init__(self, job: Job) -> None:
        self._producer = CLIENTS[job.settings["client"]](job.settings, linger_ms=0, threads=job.writers)

    def writer(self, stream: str, events: int) -> Commit:
        value = b"".join(states(stream, events))
        return lambda: self._producer.send_and_wait(value)

    def head(self) -> None:
        return None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._producer.close()


def run_pipelined(job: Job, ready: Ready) -> Outcome:
    """One thread sends without waiting, up to a thousand ahead of the acknowledgements; latency is send to
    acknowledgement. Raises RuntimeError when a send fails."""
    producer = CLIENTS[job.settings["client"]](job.settings, linger_ms=5, threads=2)
    value = b"".join(states(stream_name(job.name, 0), job.events))
    room = threading.Semaphore(IN_FLIGHT)
    sent: list[tuple[float, float]] = []
    failures: list[Any] = []

    def send() -> None:
        began = time.monotonic()

        def done(error: Any) -> None:
            if error is not None:
                failures.append(error)
            sent.append((began, time.monotonic()))
            room.release()

        if not room.acquire(timeout=PATIENCE):
            failures.append("no acknowledgement came")
        producer.send(value, done)

    try:
        for _ in range(IN_FLIGHT):
            send()
        window = ready()
        while time.monotonic() < window.end and not failures:
            send()
    finally:
        producer.close()
    if failures:
        raise RuntimeError(f"a send failed: {failures[0]}")
    return Outcome([ended - began for began, ended in sent if window.begin <= ended < window.end])

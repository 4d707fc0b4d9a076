"""The load itself, alike for every side: writers that each commit to a stream of their own, one after another."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from threading import Thread
from typing import Protocol

Commit = Callable[[], object]
"""Commits the next events of one stream, and comes back once they are acknowledged."""

EVENT_BYTES = 256
TOPIC = "need.published.v1"


class Store(AbstractContextManager["Store"], Protocol):
    """A side as the load sees it."""

    def writer(self, stream: str, events: int) -> Commit:
        """A writer's next commits to this stream, `events` events each, versions counting up from 1."""

    def head(self) -> int | None:
        """The position of the last event, None where events are not counted."""


@dataclass(frozen=True, slots=True)
class Window:
    """When a commit has to begin to be counted, on the clock of `time.monotonic`, which all processes share."""

    begin: float
    end: float


Ready = Callable[[], Window]
"""Says that everything stands, and gives the window once everybody is ready."""


def states(seed: str, count: int) -> list[bytes]:
    """States of events: 256 bytes each, no two alike."""
    return [f"{seed} {number} ".encode().ljust(EVENT_BYTES, b"x") for number in range(count)]


def stream_name(process: str, writer: int) -> str:
    """As long as an entity's id is in the domain."""
    return f"need_{process}{writer:03}".ljust(31, "0")


def run_threads(commits: list[Commit], window: Window) -> tuple[list[float], int]:
    """Latencies of the commits that began in the window, and how many there were in all.

    Raises what a commit raised.
    """
    samples: list[list[float]] = [[] for _ in commits]
    counts = [0] * len(commits)
    failures: list[BaseException] = []

    def work(number: int) -> None:
        commit, mine, done = commits[number], samples[number], 0
        try:
            while (began := time.monotonic()) < window.end and not failures:
                commit()
                done += 1
                if began >= window.begin:
                    mine.append(time.monotonic() - began)
        except BaseException as error:
            failures.append(error)
        counts[number] = done

    threads = [Thread(target=work, args=(number,)) for number in range(len(commits))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return [latency for mine in samples for latency in mine], sum(counts)

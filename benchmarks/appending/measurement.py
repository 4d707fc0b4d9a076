"""One measurement: workers on a fresh store, let loose in the same window, and the samples that they bring back."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from appending.jobs import Job, Outcome
from appending.load import Window
from appending.places import Places
from appending.sides import Side
from appending.workers import Worker, WorkerError

WARM_UP = 0.15
"""Seconds of load before the window begins."""
PROCESSES = "ab"


@dataclass(frozen=True, slots=True)
class Cell:
    """How much load: writers (threads, or commits under way), the processes that share them, events in a commit."""

    writers: int = 1
    events: int = 1
    processes: int = 1

    def __str__(self) -> str:
        apart = f" in {self.processes} processes" if self.processes > 1 else ""
        return f"{self.writers}{apart}"


@dataclass(frozen=True, slots=True)
class Sample:
    """What one measurement gave: commits a second, and latencies in milliseconds."""

    per_second: float
    p50: float
    p99: float


def measured(places: Places, side: Side, cell: Cell, seconds: float) -> Sample:
    """Measure a side once. Raises WorkerError, also when the log does not hold just what was acknowledged."""
    with places.fresh(side) as settings:
        job = Job(side.kind, settings, cell.writers // cell.processes, cell.events)
        outcomes = run_workers(places, side, [of_process(job, name) for name in PROCESSES[: cell.processes]], seconds)
    recorded, heads = sum(each.recorded for each in outcomes), [each.head for each in outcomes if each.head is not None]
    if heads and recorded != (head := max(heads)):
        raise WorkerError(f"{side.name}: {recorded} events were acknowledged and the log ends at {head}")
    latencies = [latency * 1000 for outcome in outcomes for latency in outcome.latencies]
    if len(latencies) < 2:
        raise WorkerError(f"{side.name}: {len(latencies)} commits in {seconds:g} s are too few to tell anything")
    hundredths = statistics.quantiles(latencies, n=100, method="inclusive")
    return Sample(len(latencies) / seconds, p50=hundredths[49], p99=hundredths[98])


def of_process(job: Job, process: str) -> Job:
    """The share of one process in a job."""
    settings = {key: value.replace("{process}", process) for key, value in job.settings.items()}
    if job.kind == "recorder":
        settings["ORIGINATOR_ID_TYPE"] = "text"
    return replace(job, name=process, settings=settings)


def run_workers(places: Places, side: Side, jobs: Sequence[Job], seconds: float) -> list[Outcome]:
    """Let workers do their jobs in the same window of so many seconds, once all of them are ready."""
    python = Path(sys.executable) if side.ours else places.python
    with ExitStack() as stack:
        workers = []
        for job in jobs:  # one after another, since some stores cannot be made by two at once
            workers.append(stack.enter_context(Worker(python, job)))
            workers[-1].wait_until_ready()
        begin = time.monotonic() + WARM_UP
        for worker in workers:
            worker.go(Window(begin, begin + seconds))
        return [worker.outcome() for worker in workers]

"""A writer process: commits until it is told to stop, settles what it does not know, and is dumped when all stopped.

Run by `crew.py`: `python -m tests.faults.writer JOB`, the job as JSON. All that it does stands in its journal.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import structlog

from infra.eventlog import Accepted, Draft
from infra.eventlog.errors import (
    LogOutOfReachError,
    NotRecordedError,
    OutcomeUnknownError,
    ReadMovedError,
    RequestRepeatedError,
    TrackingConflictError,
    VersionConflictError,
)
from tests.faults.dump import write_dump
from tests.faults.job import Job
from tests.faults.journal import Journal, Outcome, Told, read_journal
from tests.faults.workload import Heads, draft

T = TypeVar("T")

PATIENCE = 60.0
"""Seconds within which a log that is there again has to open, to settle, and to be folded to its end."""
REFUSALS = {
    VersionConflictError: Outcome.VERSION,
    ReadMovedError: Outcome.READ,
    TrackingConflictError: Outcome.TRACKING,
    NotRecordedError: Outcome.NOT_RECORDED,
    LogOutOfReachError: Outcome.NOT_RECORDED,
}


class Writer:
    """One life of a writer."""

    def __init__(self, job: Job) -> None:
        self.job = job
        before = read_journal(job.journal)
        self.life = sum(line.count('"started"') for line in _lines(job.journal))
        self.unknown = {answer.name: answer.id for answer in before.unknown}
        self.again = _unanswered(before)
        self.journal = Journal(job.journal)
        self.stop, self.all_stopped = threading.Event(), threading.Event()
        self.log = self._opened()
        self.heads = Heads(self.log)

    def _opened(self) -> Any:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self.job.open()
            except LogOutOfReachError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def run(self) -> None:
        """Commit until told to stop; settle; when nobody commits any more, fold to the end and dump."""
        if self.job.silent:
            self.stop.wait()
        elif self.job.on_a_loop:
            asyncio.run(self._on_a_loop())
        else:
            self._in_threads()
        self._settle()
        print("settled", flush=True)
        self.all_stopped.wait()
        self.log.barrier(timeout=PATIENCE)
        commits = ((each.first, each.events, each.request, each.context) for each in self._all_commits())
        write_dump(self.job.dump, commits, self.log.chain())
        self.log.close()
        self.journal.close()

    def _all_commits(self) -> Any:
        position = 0
        while commits := self.log.commits(position, 1_000):
            yield from commits
            position = commits[-1].last

    def _in_threads(self) -> None:
        with ThreadPoolExecutor(self.job.ways) as pool:
            for way in [pool.submit(self._commit_on, number) for number in range(self.job.ways)]:
                way.result()

    def _commit_on(self, number: int) -> None:
        for way, name, chosen in self._drafts(number):
            self._note(name, chosen)
            self._answer(name, _tried(self.log.commit, chosen))
            time.sleep(way.uniform(0, 2 * self.job.pause))

    async def _on_a_loop(self) -> None:
        await asyncio.gather(*(self._commit_on_the_loop(number) for number in range(self.job.ways)))

    async def _commit_on_the_loop(self, number: int) -> None:
        for way, name, chosen in self._drafts(number):
            self._note(name, chosen)
            results = await asyncio.gather(self.log.commit_async(chosen), return_exceptions=True)
            self._answer(name, results[0])
            await asyncio.sleep(way.uniform(0, 2 * self.job.pause))

    def _drafts(self, number: int) -> Iterator[tuple[random.Random, str, Draft]]:
        """Commits of one way, each with its name; first the requests that a crash left without an answer."""
        way = random.Random(f"{self.job.seed}/{self.job.name}/{self.life}/{number}")
        count = 0
        while not self.stop.is_set():
            count += 1
            name = f"{self.job.name}-{self.life}-{number}-{count}"
            if way.random() < 0.8:
                self.heads.catch_up()
            again = self.again.pop() if self.again else None
            yield way, name, draft(way, self.heads, name, self.job.entities, again, tracking_only=not self.job.embedded)

    def _note(self, name: str, chosen: Draft) -> None:
        self.journal.attempt(name, tuple(chosen.events), tuple(chosen.reads), chosen.request, chosen.tracking)

    def _answer(self, name: str, result: Accepted | BaseException) -> None:
        """Put down what came of the attempt."""
        match result:
            case Accepted(first=first, last=last):
                self.journal.answer(name, Outcome.ACCEPTED, first, last)
            case RequestRepeatedError(first=Accepted(first=first, last=last)):
                self.journal.answer(name, Outcome.REPEATED, first, last)
            case OutcomeUnknownError(commit_id=id):
                self.unknown[name] = id
                self.journal.answer(name, Outcome.UNKNOWN, id=id, words=str(result))
            case error:
                outcome = REFUSALS.get(type(error), Outcome.FAILED)
                self.journal.answer(name, outcome, words=f"{type(error).__name__}: {error}")

    def _settle(self) -> None:
        """Ask for every outcome that is unknown, also of earlier lives, until it is told or patience ends."""
        deadline = time.monotonic() + PATIENCE
        for name, id in list(self.unknown.items()):
            result = _tried(self.log.settle, id)
            while isinstance(result, OutcomeUnknownError | LogOutOfReachError) and time.monotonic() < deadline:
                time.sleep(0.2)
                result = _tried(self.log.settle, id)
            still = isinstance(result, LogOutOfReachError)
            self._answer(name, OutcomeUnknownError(id, str(result)) if still else result)


def _tried(call: Callable[[T], Accepted], argument: T) -> Accepted | Exception:
    """What came of a call; whatever it raised, the checker is to hear of it."""
    try:
        return call(argument)
    except Exception as error:
        return error


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _unanswered(told: Told) -> list[bytes]:
    requests = (told.attempts[name].request for name in sorted(told.attempts.keys() - told.answers.keys()))
    return [request for request in requests if request is not None]


def main() -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # stdout is for the crew
    writer = Writer(Job(**json.loads(sys.argv[1])))
    print("ready", flush=True)

    def listen() -> None:
        sys.stdin.readline()
        writer.stop.set()
        sys.stdin.readline()
        writer.all_stopped.set()

    threading.Thread(target=listen, daemon=True).start()
    writer.run()


if __name__ == "__main__":
    main()

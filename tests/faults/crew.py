"""Writer processes on one log, and what can be done to them; at the end, all that they have to say."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from infra.graphdb.embedded import tether
from tests.faults.checker import Evidence
from tests.faults.dump import read_dump
from tests.faults.job import Job
from tests.faults.journal import read_journal
from tests.faults.rule import Model
from tests.faults.topic import read_topic

ROOT = Path(__file__).parents[2]
ENDING = 100.0
"""Seconds that a writer has to end: it settles and folds first."""


class WriterFailed(Exception):
    """A writer process ended with something else than its work; the message ends with what it printed."""


class Hand:
    """A writer as a process, which can be killed and started again on its index and its journal."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._process: subprocess.Popen[str] | None = None

    @property
    def errors(self) -> Path:
        return Path(self.job.folder) / f"{self.job.name}.stderr"

    def start(self) -> None:
        command = [sys.executable, "-I", "-S", tether.__file__, str(os.getpid())]
        command += [sys.executable, "-m", "tests.faults.writer", self.job.text()]
        with self.errors.open("a") as errors:
            self._process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
            )

    def wait_until(self, word: str) -> None:
        """Wait until it says that it is `ready`, its log being open, or has `settled`. Raises WriterFailed."""
        assert self._process is not None
        assert self._process.stdout is not None
        if self._process.stdout.readline() != f"{word}\n":
            raise self._failure(f"was never {word}")

    def stop(self) -> None:
        """Let it commit no more, and settle."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write("stop\n")
        self._process.stdin.flush()

    def kill(self) -> None:
        """End it at once, wherever it is."""
        assert self._process is not None
        if self._process.poll() is not None:
            raise self._failure("ended by itself")
        self._process.kill()
        self._close()

    def lose_index(self) -> None:
        """Delete what its node has folded; it is not running."""
        for file in Path(self.job.folder).glob(f"{self.job.index.name}*"):
            file.unlink()

    def end(self) -> None:
        """Nobody commits any more: let it fold to the end, and be dumped."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.close()

    def wait(self) -> None:
        """Wait until it has ended. Raises WriterFailed."""
        assert self._process is not None
        try:
            code = self._process.wait(ENDING)
        except subprocess.TimeoutExpired:
            self.discard()
            raise self._failure(f"did not end in {ENDING:g} s") from None
        self._close()
        if code:
            raise self._failure(f"ended with {code}")

    def discard(self) -> None:
        """Leave nothing running."""
        if self._process is not None:
            self._process.kill()
            self._close()

    def _close(self) -> None:
        assert self._process is not None
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _failure(self, words: str) -> WriterFailed:
        tail = "\n".join(self.errors.read_text(encoding="utf-8").splitlines()[-15:])
        return WriterFailed(f"{self.job.name} {words}:\n{tail}")


class Crew:
    """The writers of one log."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self.hands = [Hand(job) for job in jobs]
        self.folder = Path(self.hands[0].job.folder)

    def __enter__(self) -> Crew:
        for hand in self.hands:
            hand.start()
        for hand in self.hands:
            hand.wait_until("ready")
        return self

    def __exit__(self, *error: object) -> None:
        for hand in self.hands:
            hand.discard()

    def end(self) -> None:
        """Let all of them stop, then be dumped, and wait for it. Raises WriterFailed."""
        for hand in self.hands:
            hand.stop()
        for hand in self.hands:
            hand.wait_until("settled")
        for hand in self.hands:
            hand.end()
        for hand in self.hands:
            hand.wait()

    def evidence(self, bootstrap: str = "", topic: str = "") -> Evidence:
        """What journals and dumps say, and the topic if there is one."""
        model = None
        if topic:
            model = Model()
            model.fold(read_topic(bootstrap, topic))
        journals = {path.stem: read_journal(path) for path in sorted(self.folder.glob("*.journal"))}
        nodes = {path.stem: read_dump(path) for path in sorted(self.folder.glob("*.dump"))}
        assert nodes, "no node was dumped"
        return Evidence(journals, nodes, model)

"""Worker processes: started on a job, waited for, let loose in a window, and asked what they did."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Self

from appending.jobs import Job, Outcome
from appending.load import Window

BENCHMARKS = Path(__file__).parents[1]
TAIL = 2_000
"""Characters that an error shows of what a worker said."""


class WorkerError(Exception):
    """A worker ended badly; the text is what it said."""


class Worker:
    """A process that does one job in one of the two environments. It is killed when it takes longer than `patience`."""

    def __init__(self, python: Path, job: Job, *, patience: float = 120.0) -> None:
        self._job = job
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - it is closed with the worker
        self._process = subprocess.Popen(
            [python, "-m", "appending.worker", job.encoded()],
            cwd=BENCHMARKS,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
        )
        self._watchdog = Timer(patience, self._process.kill)
        self._watchdog.daemon = True
        self._watchdog.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_until_ready(self) -> None:
        """Wait until its store is open and warm. Raises WorkerError."""
        if self.line() != "ready":
            raise self._failure()

    def go(self, window: Window) -> None:
        """Tell it when to begin and to end."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps([window.begin, window.end]) + "\n")
        self._process.stdin.flush()

    def outcome(self) -> Outcome:
        """Wait for the end. Raises WorkerError."""
        line = self.line()
        self._process.wait()
        if self._process.returncode or not line:
            raise self._failure()
        return Outcome.decoded(line)

    def line(self) -> str:
        """The next line that it prints, empty when it has ended."""
        assert self._process.stdout
        return self._process.stdout.readline().rstrip("\n")

    def _failure(self) -> WorkerError:
        self._process.kill()
        self._process.wait()
        self._said.seek(0)
        said = self._said.read().decode(errors="replace")[-TAIL:]
        return WorkerError(f"{self._job.kind} ended with {self._process.returncode}:\n{said}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._watchdog.cancel()
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()
        self._said.close()

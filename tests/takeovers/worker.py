"""A projector as a process, to be killed and frozen: `python -m tests.takeovers.worker JOB`. Runs until SIGTERM."""

from __future__ import annotations

import signal
import sys
import time
from threading import Event
from types import FrameType
from unittest import mock

from small_graph import SMALL

from infra.graphdb import ownership
from infra.graphdb.ownership import Ownership
from infra.graphdb.projector import Projector
from infra.graphdb.writer import Writer
from tests.takeovers.job import HappeningLog, Job

LOCKING = {name: getattr(ownership, name) for name in ("LOCK", "ADVANCE")}
"""The statements that take the lock before they look."""
UNLOCKED = {name: text.replace("SET p.locked_by = $p.owner WITH p", "WITH p") for name, text in LOCKING.items()}


def main() -> None:
    job = Job.of(sys.argv[1])
    stop = Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    assert all(UNLOCKED[name] != text for name, text in LOCKING.items())
    with (
        mock.patch.multiple(ownership, **(LOCKING if job.locks else UNLOCKED)),
        job.engine.driver() as driver,
    ):
        generation = job.engine.generation(SMALL, job.number)
        projector = Projector(
            HappeningLog(job),
            Writer(Ownership(driver, generation, timeout=job.timeout), job.engine),
            silence=job.silence,
            at_rest=job.batch,
            under_load=job.batch,
            poll=0.002,
        )
        if time.monotonic() < job.begin:
            driver.verify_connectivity()
            time.sleep(max(0.0, job.begin - time.monotonic()))
        projector.run(stop)


if __name__ == "__main__":
    main()

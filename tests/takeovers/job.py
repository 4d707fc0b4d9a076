"""What the projectors of a contest are told: one engine, one history, and how patient they are with each other."""

from __future__ import annotations

import pickle
import time
from collections.abc import Sequence
from dataclasses import dataclass

from small_graph import SmallLog, history

from domain.kernel.history import Commit
from infra.graphdb.engines.interface import GraphEngine


@dataclass(frozen=True, slots=True)
class Job:
    """A history that happens at `rate` commits a second from `begin` on, on the clock that all processes share.

    A transaction is given up after `timeout` seconds; for so long, a frozen owner holds the lock of Neo4j.
    `locks` is False for the control, whose projectors look at the position without taking the lock.
    """

    engine: GraphEngine
    number: int
    seed: int
    commits: int
    rate: float
    begin: float
    silence: float
    locks: bool = True
    timeout: float = 1.5
    batch: int = 4

    def text(self) -> str:
        return pickle.dumps(self).hex()

    @classmethod
    def of(cls, text: str) -> Job:
        job = pickle.loads(bytes.fromhex(text))
        assert isinstance(job, cls)
        return job


class HappeningLog(SmallLog):
    """The history of a job, as far as it has happened by now."""

    def __init__(self, job: Job) -> None:
        super().__init__(history(job.seed, job.commits))
        self._job = job

    def happened(self) -> int:
        return max(0, min(len(self.kept), int((time.monotonic() - self._job.begin) * self._job.rate)))

    def commits(self, after: int, limit: int) -> Sequence[Commit]:
        happened = self.happened()
        newest = self.kept[happened - 1].position if happened else 0
        return [commit for commit in super().commits(after, limit) if commit.position <= newest]

    def head(self) -> int:
        happened = self.happened()
        return self.kept[happened - 1].position if happened else 0

    def chain(self, position: int) -> bytes | None:
        """What stands for all up to there: the position is enough, since all processes have the same history."""
        return position.to_bytes(8, "big")

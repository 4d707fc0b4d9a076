"""A log: commits go in, and are read back. What the two engines have in common."""

from __future__ import annotations

import asyncio
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

from infra.eventlog.arbitration import Rejected
from infra.eventlog.batch import Batch
from infra.eventlog.combining import Combiner, Ticket
from infra.eventlog.fold import Fold
from infra.eventlog.index import Index
from infra.eventlog.measures import Histogram, Measures
from infra.eventlog.reading import Reading
from infra.eventlog.snapshots import Snapshots
from infra.eventlog.threads import apart
from infra.eventlog.values import Accepted, Draft, Rules, StoredCommit
from infra.eventlog.watching import News


class Log(ABC):
    """The log of record, as one process holds it. Every method may be called from any thread."""

    engine: str

    def __init__(self, index: Index) -> None:
        self.index = index
        self.fold = Fold(index)
        self.news = News()
        self.reading = Reading(index, self._unwritten, lambda: self.fold.head)
        self.snapshots = Snapshots(index)
        self.time_to_outcome = Histogram()
        self._combiner = Combiner(self._record_timed, f"{self.engine} log, leading")
        self._ids = Ids()
        self._unknown = 0
        self._closed = False

    # -- writing ---------------------------------------------------------------

    def commit(self, draft: Draft) -> Accepted:
        """Record a commit, whole or not at all, and give the notification ids of its events.

        Raises VersionConflictError, ReadMovedError, RequestRepeatedError, TrackingConflictError (refused by the rule),
        CommitTooLargeError, LogOutOfReachError, LogStoppedError (nothing was sent), NotRecordedError (certainly without
        effect) or OutcomeUnknownError (ask `settle` later).
        """
        ticket = Ticket(draft)
        self._combiner.commit(ticket)
        return ticket.outcome()

    async def commit_async(self, draft: Draft) -> Accepted:
        """The same on an event loop, where thousands may wait at once. Being cancelled does not take a commit back."""
        ticket = Ticket(draft, asyncio.get_running_loop())
        await self._combiner.commit_async(ticket)
        return ticket.outcome()

    @abstractmethod
    def settle(self, commit_id: bytes, timeout: float | None = None) -> Accepted:
        """What became of a commit whose outcome was unknown; afterwards it is known for ever.

        Raises what `commit` would have raised, OutcomeUnknownError again while the log is out of reach.
        """

    @abstractmethod
    def _record(self, tickets: Sequence[Ticket]) -> None:
        """Record these commits together, each accepted or refused alone; every ticket has its outcome at the end."""

    def _record_timed(self, tickets: Sequence[Ticket]) -> None:
        self._record(tickets)
        now = time.perf_counter()
        for ticket in tickets:
            self.time_to_outcome.add(now - ticket.began)

    # -- reading ---------------------------------------------------------------

    @abstractmethod
    def head(self) -> int:
        """The notification id of the last event that is known here, 0 when there is none."""

    @abstractmethod
    def glance(self) -> int:
        """The same at once, waiting for nobody: beyond it nothing could be read here a moment ago."""

    @abstractmethod
    def barrier(self, timeout: float | None = None) -> int:
        """Wait until all that is in the log now is known here; gives the head after that."""

    def commits(self, after: int, limit: int) -> list[StoredCommit]:
        """The commits beyond a notification id: about `limit` events, and the last commit whole."""
        return self.reading.commits(after, limit)

    @abstractmethod
    def tracked(self, application: str) -> int | None:
        """The last position of an upstream application that was tracked."""

    @abstractmethod
    def chain(self) -> tuple[int, bytes]:
        """The head, and the chain hash over all accepted commits up to there."""

    @property
    def rules(self) -> Rules | None:
        """What the log's configuration sets for everybody."""
        return self.fold.rules

    @property
    def path(self) -> Path:
        return self.index.path

    @abstractmethod
    def _unwritten(self) -> Sequence[Batch]:
        """What readers find in memory and not yet in the index, the newer batch first."""

    @abstractmethod
    def measures(self) -> Measures:
        """What the log counts of itself."""

    def _measured(self, engine: str, end: int, stopped: str | None = None) -> Measures:
        """What the fold and the index count, for a log of `end` records."""
        fold, counts = self.fold, self.fold.counts
        return Measures(
            engine=engine,
            end=end,
            folded=fold.applied,
            head=fold.head,
            index_bytes=self.index.size(),
            unwritten_bytes=fold.batch.size + fold.writing.size,
            accepted=counts.accepted,
            duplicates=counts.duplicates,
            cancels=counts.cancels,
            ignored=counts.ignored,
            unknown=self._unknown,
            rejected=dict(counts.rejected),
            stopped=stopped,
        )

    def close(self) -> None:
        """Record what waits, write what is in memory, and let go of everything. A second time it does nothing."""
        if self._closed:
            return
        self._closed = True
        apart(self._close)

    @abstractmethod
    def _close(self) -> None:
        """The same, once, and in none of the log's own threads."""


def answer(verdict: Accepted | Rejected) -> Accepted:
    """The outcome as a writer receives it."""
    if isinstance(verdict, Rejected):
        raise verdict.error()
    return verdict


class Ids:
    """Commit ids: a random prefix for this process, and a counter. A forked process takes a prefix of its own."""

    def __init__(self) -> None:
        self._process = -1
        self._prefix = b""
        self._counter = 0

    def take(self) -> bytes:
        if self._process != os.getpid() or self._counter >= 2**32 - 1:
            self._process, self._prefix, self._counter = os.getpid(), os.urandom(8), 0
        self._counter += 1
        return self._prefix + self._counter.to_bytes(4, "big")

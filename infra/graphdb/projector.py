"""The projector: follows the log and brings the graph up to it, batch by batch, for as long as the server runs."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Condition, Event
from typing import Protocol

import structlog
from neo4j.exceptions import AuthError, ClientError

from domain.kernel.history import Commit
from infra.graphdb.writer import Displaced, Writer
from projections.batch import Batch, Unprojectable, fold
from projections.projection import Projection

SHORTEST_PAUSE, LONGEST_PAUSE = 0.02, 5.0
TRIES = 3
"""How often a single commit may be refused by the graph database before it counts as one that cannot be applied."""

OF_THE_MOMENT = {
    "Neo.ClientError.Database.DatabaseNotFound",
    "Neo.ClientError.Transaction.LockClientStopped",
    "Neo.ClientError.Transaction.TransactionTimedOut",
    "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration",
}
"""Errors that the database calls the client's own, and that pass like a broken connection."""


class Source(Protocol):
    """The log, as a projector reads it."""

    def commits(self, after: int, limit: int) -> Sequence[Commit]:
        """The whole commits after this position, of about `limit` events in all: at least one, if there is one."""

    def head(self) -> int:
        """The position of the log's last event, 0 for an empty log."""


class Projector:
    """Brings one projection up to its log. `run` belongs to one thread; everything else may be called from any.

    What it writes, it writes exactly once and in whole commits. Trouble that passes is waited out, for ever and
    visibly. A fact that the projection cannot apply stops it there: what came before is in the graph, `stopped` says
    which fact and why, and the graph goes on being read.
    """

    def __init__(
        self,
        source: Source,
        projection: Projection,
        writer: Writer,
        *,
        at_rest: int = 1_000,
        under_load: int = 5_000,
        poll: float = 0.25,
    ) -> None:
        self._source = source
        self._projection = projection
        self._writer = writer
        self._limit = at_rest
        self._under_load = under_load
        self._poll = poll
        self._log = structlog.get_logger("graph.projector").bind(projection=projection.name, version=projection.version)
        self._news = Event()
        self._moved = Condition()
        self._position = 0
        self._sure = False
        self._refusals = 0
        self._stopped: str | None = None

    @property
    def position(self) -> int:
        """How far the graph is known to be: always the end of a commit."""
        return self._position

    @property
    def stopped(self) -> str | None:
        """Why it goes no further, although the log may; None while it does its work."""
        return self._stopped

    def lag(self) -> int:
        """How many events of the log are not in the graph yet."""
        return max(0, self._source.head() - self._position)

    def wake(self) -> None:
        """There is something new in the log, or it is time to stop."""
        self._news.set()

    def wait_for(self, position: int, timeout: float) -> int:
        """Wait until the graph holds this position, at most `timeout` seconds; says how far it is.

        Returns early when the projector has stopped for good.
        """
        with self._moved:
            self._moved.wait_for(lambda: self._position >= position or self._stopped is not None, timeout)
            return self._position

    def run(self, stop: Event) -> None:
        """Follow the log until `stop` is set (call `wake` after it), or until it cannot go on."""
        pause = SHORTEST_PAUSE
        while not stop.is_set() and self._stopped is None:
            self._news.clear()
            try:
                if not self._step():
                    self._news.wait(self._poll)
                pause = SHORTEST_PAUSE
            except Exception as error:
                self._log.warning("graph.projector.trouble", error=repr(error), position=self._position, again_in=pause)
                self._sure = False
                self._limit = max(1, self._limit // 2)
                stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    def _step(self) -> bool:
        """Write a batch, or stop for good; says whether there was anything to do."""
        try:
            if not self._sure:
                self._reached(self._writer.position())
                self._sure = True
            return self._advance()
        except Displaced as reason:
            self._halt(str(reason))
        except _Halted as reason:
            self._writer.stop(str(reason))
            self._halt(str(reason))
        return False

    def _advance(self) -> bool:
        commits = self._source.commits(self._position, self._limit)
        if not commits:
            if self._source.head() < self._position:
                raise _Halted(f"the log ends at {self._source.head()}, before the graph, which is at {self._position}")
            return False
        if commits[0].events[0].position != self._position + 1:
            raise _Halted(f"the log goes on at {commits[0].events[0].position} after {self._position}")
        try:
            batch = fold(self._projection, commits)
        except Unprojectable as broken:
            commits = [commit for commit in commits if commit.position < broken.position]
            if not commits:
                raise _Halted(str(broken)) from broken
            batch = fold(self._projection, commits)
        self._write(batch, commits)
        return True

    def _write(self, batch: Batch, commits: Sequence[Commit]) -> None:
        events = commits[-1].position - self._position
        try:
            self._writer.write(batch, commits[-1].position)
        except (ClientError, TypeError, ValueError, OverflowError) as error:
            if _passes(error):
                raise
            self._sure = False
            self._refused(commits, events, error)
        else:
            self._refusals = 0
            if events >= self._limit:
                self._limit = min(self._limit * 2, self._under_load)
            self._reached(commits[-1].position)

    def _refused(self, commits: Sequence[Commit], events: int, error: Exception) -> None:
        """Look for the commit that the database refuses in smaller batches; one that stands alone ends the search."""
        self._log.warning("graph.projector.refused", error=repr(error), position=self._position, events=events)
        if len(commits) > 1:
            self._limit = max(1, min(self._limit, events) // 2)
            return
        self._refusals += 1
        if self._refusals < TRIES:
            raise error
        first, last = commits[0].events[0], commits[0].position
        raise _Halted(
            f"the commit of {first.entity_id} at positions {first.position} to {last} is refused by the graph "
            f"database: {type(error).__name__}: {error}"
        ) from error

    def _reached(self, position: int) -> None:
        with self._moved:
            self._position = position
            self._moved.notify_all()

    def _halt(self, reason: str) -> None:
        self._log.error("graph.projector.stopped", reason=reason, position=self._position)
        with self._moved:
            self._stopped = reason
            self._moved.notify_all()


class _Halted(Exception):
    """There is no going on from here without somebody who looks at it."""


def _passes(error: Exception) -> bool:
    return isinstance(error, AuthError) or getattr(error, "code", None) in OF_THE_MOMENT

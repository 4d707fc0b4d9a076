"""The publisher: follows the log and sends what may be published, in order, at least once, for as long as it runs.

It keeps nothing of its own: where to go on is read from the end of what it has published.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event as Flag
from typing import Protocol

import structlog

from domain.kernel.history import Commit
from infra.logs import told
from infra.publishing.events import events_of
from infra.publishing.outlet import Outlet, OutletError
from infra.publishing.shown import Lives

SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 30.0


class Source(Lives, Protocol):
    """The log, as a publisher reads it."""

    def commits(self, after: int, limit: int) -> Sequence[Commit]:
        """The whole commits that end beyond this position, of about `limit` events in all."""

    def head(self) -> int:
        """The position of the log's last event, 0 for an empty log."""


class Publisher:
    """Sends the events of one log to one outlet. `run` belongs to one thread; the rest may be called from any.

    `origin` is the URI of the log, the `source` of its events. Trouble is waited out, for ever and visibly: it is
    logged, and stands in `trouble` until the next success. Several publishers of one log may send to one topic: each
    event is there at least once, and the first of each id come in the order of the log.
    """

    def __init__(self, source: Source, outlet: Outlet, origin: str, *, limit: int = 500, poll: float = 0.25) -> None:
        self._source = source
        self._outlet = outlet
        self._origin = origin
        self._limit = limit
        self._poll = poll
        self._log = structlog.get_logger("publisher").bind(origin=origin)
        self._news = Flag()
        self._position: int | None = None
        self._trouble: str | None = None

    @property
    def position(self) -> int | None:
        """Up to where everything that may be published is published; None while that is not known."""
        return self._position

    @property
    def trouble(self) -> str | None:
        """What keeps it from going on, while it tries again; None while it does its work."""
        return self._trouble

    def lag(self) -> int:
        """How many events of the log it has not looked at yet."""
        return max(0, self._source.head() - (self._position or 0))

    def wake(self) -> None:
        """There is something new in the log, or it is time to stop."""
        self._news.set()

    def run(self, stop: Flag) -> None:
        """Follow the log until `stop` is set (call `wake` after it), then close the outlet."""
        pause = SHORTEST_PAUSE
        try:
            while not stop.is_set():
                self._news.clear()
                try:
                    more = self.step()
                    pause, self._trouble = SHORTEST_PAUSE, None
                    if not more:
                        self._news.wait(self._poll)
                except Exception as error:
                    self._trouble = f"{type(error).__name__}: {error}"
                    self._log.warning("publisher.trouble", error=told(error), position=self._position, again_in=pause)
                    self._position = None
                    stop.wait(pause)
                    pause = min(pause * 2, LONGEST_PAUSE)
        finally:
            self._outlet.close()

    def step(self) -> bool:
        """Publish the next commits; says whether there were any. After an error, where to go on is looked up anew."""
        if self._position is None:
            self._position = self._found()
        commits = self._source.commits(self._position, self._limit)
        if not commits:
            return False
        if commits[0].events[0].position > self._position + 1:
            raise OutletError(f"the log goes on at {commits[0].events[0].position} after {self._position}")
        events = [event for commit in commits for event in events_of(commit, self._source, self._origin)]
        events = [event for event in events if event.position > (self._position or 0)]
        if events:
            self._outlet.send(events, self._position)
        self._position = commits[-1].position
        return True

    def _found(self) -> int:
        """Where what has been published ends."""
        end = self._outlet.end()
        if end is None:
            return 0
        if end.origin != self._origin:
            raise OutletError(f"the events there are those of {end.origin}, not of {self._origin}")
        if end.position > (head := self._source.head()):
            raise OutletError(f"published up to {end.position}, and the log ends at {head}; waiting for the log")
        return end.position

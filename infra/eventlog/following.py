"""Follows the log: folds one's own records when they are acknowledged, and all others as they come from the tail.

A node whose last record got the very offset that was to be folded next knows that nobody else has written; as long as
that goes on, it need not look at the tail at all.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

import structlog

from infra.eventlog.envelope import NewerRecordError
from infra.eventlog.errors import LogStoppedError
from infra.eventlog.fold import Fold
from infra.eventlog.persisting import Persister
from infra.eventlog.threads import LogThread
from infra.eventlog.transports.interface import ASKING, OffsetGoneError, Transport, TransportError
from infra.eventlog.watching import News

POLL: Final = 0.1
ALONE: Final = 0.03
"""How long after an own record that came next the tail is left alone."""
TOGETHER: Final = 0.5
"""How long the tail is followed closely after another node's record came in between."""
CHECK_EVERY: Final = 10.0
LOOK_AGAIN: Final = 2.0
"""How long after one look at a tail that brings nothing the next one follows."""
LONGEST_PAUSE: Final = 1.0


class Follower:
    """Keeps a fold up to its log. `lock` is held by whoever uses the fold."""

    def __init__(
        self, fold: Fold, transport: Transport, url: str, persister: Persister, lock: threading.Lock, news: News
    ) -> None:
        self.fold = fold
        self.lock = lock
        self.stopped: str | None = None
        self.trouble: str | None = None
        self._transport = transport
        self._url = url
        self._persister = persister
        self._news = news
        self._moved = threading.Condition(lock)
        self._waiters = 0
        self._wanted = threading.Event()
        self._closing = False
        self._own_at = 0.0
        self._others_at = 0.0
        self._checked_at = time.monotonic()
        self._doubted = ""
        self._stuck_at: int | None = None
        self._topic = fold.state().topic
        self._thread = LogThread(self._run, "event log, tail")

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._closing = True
        self._wanted.set()
        self._thread.join()

    # -- for those who write and wait --------------------------------------------

    def fold_own(self, offset: int, data: bytes) -> None:
        """Fold a record that was acknowledged at this offset, if it is the next one; else the tail brings it."""
        with self.lock:
            if self.stopped is None and offset == self.fold.applied:
                self._apply(offset, data)
                if self._waiters:
                    self._moved.notify_all()
            if offset < self.fold.applied:
                self._own_at = time.monotonic()
            else:
                self._others_at = time.monotonic()
                self._wanted.set()
        self._news.ring()

    def wait_for(self, offset: int, timeout: float, told: Callable[[int], None] | None = None) -> bool:
        """Wait until all records below this offset are folded; whether they are. `told` hears of each step."""
        until = time.monotonic() + timeout
        with self.lock:
            while self.fold.applied < offset:
                self._others_at = time.monotonic()
                self._wanted.set()
                if self.stopped is not None:
                    raise LogStoppedError(self.stopped)
                if (left := until - time.monotonic()) <= 0:
                    self._checked_at = -CHECK_EVERY  # as soon as the tail is at it again
                    return False
                self._waiters += 1
                self._moved.wait(min(left, POLL))
                self._waiters -= 1
                if told is not None:
                    told(self.fold.applied)
        return True

    def stop(self, reason: str) -> None:
        """Go no further, and say why. The lock is held."""
        if self.stopped is None:
            self.stopped = f"{self._url}: {reason}"
            structlog.get_logger("eventlog").error("eventlog.stopped", reason=self.stopped, folded=self.fold.applied)
        self._moved.notify_all()

    # -- the tail ------------------------------------------------------------------

    def _run(self) -> None:
        pause = 0.02
        while not self._closing and self.stopped is None:
            if self._alone():
                continue
            try:
                self._step()
                self.trouble, pause = None, 0.02
            except OffsetGoneError as error:
                self._doubt(f"the log does not hold record {self.fold.applied} ({error})")
            except TransportError as error:
                if self.trouble is None:
                    structlog.get_logger("eventlog").warning("eventlog.trouble", error=str(error))
                self.trouble = str(error)
                self._wanted.wait(pause)
                self._wanted.clear()
                pause = min(pause * 2, LONGEST_PAUSE)
            if time.monotonic() - self._checked_at > CHECK_EVERY:
                self._check()

    def _alone(self) -> bool:
        """Whether this node is the only one that writes just now; waits a little if so."""
        now = time.monotonic()
        if now - self._own_at > ALONE or now - self._others_at < TOGETHER:
            return False
        self._transport.rest()
        if self._wanted.wait(ALONE):
            self._wanted.clear()
        return True

    def _step(self) -> None:
        """Take what the tail has, and fold what is new in it."""
        if not self._persister.wait_for_room(POLL):
            return
        self._wanted.clear()
        records, position = self._transport.poll(self.fold.applied, POLL)
        brought = others = False
        with self.lock:
            for offset, data in records:
                if offset >= self.fold.applied:
                    own = len(self.fold.waiting)
                    self._apply(offset, data)
                    brought = True
                    others = others or len(self.fold.waiting) == own
                    if self.stopped is not None:
                        return
            if position > self.fold.applied:
                self.fold.applied = position
            self._doubted = ""
            self._moved.notify_all()
        if others:
            self._others_at = time.monotonic()
        if brought:
            self._news.ring()

    def _apply(self, offset: int, data: bytes | None) -> None:
        try:
            self.fold.apply(offset, data)
        except NewerRecordError as newer:
            self.stop(str(newer))
        except Exception as error:
            self.stop(f"record {offset} could not be folded here: {type(error).__name__}: {error}; open the log again")
        else:
            self._persister.folded()

    # -- whether it is still the same log -----------------------------------------

    def _check(self) -> None:
        self._checked_at = time.monotonic()
        try:
            topic = self._transport.describe(ASKING)
            begin, end = self._transport.bounds(ASKING) if topic else (0, 0)
        except TransportError as error:
            self.trouble = str(error)
            return
        if topic is None:
            self._doubt("the topic does not exist any more")
        elif topic.id != self._topic:
            self._doubt(f"the topic was made anew (its id was {self._topic} and is {topic.id})")
        elif begin > 0:
            self._doubt(f"the beginning of the log is gone: it begins at record {begin}")
        elif end < self.fold.applied:
            self._doubt(f"the log ends at record {end}, and {self.fold.applied} were folded here")
        else:
            self._look_after_tail(end)

    def _look_after_tail(self, end: int) -> None:
        """Follow with another client when two looks find records in the log, and nothing folded between them.

        A client may wait for ever at a broker that led before, and say nothing.
        """
        applied, before = self.fold.applied, self._stuck_at
        self._stuck_at = applied if applied < end else None
        if self._stuck_at is None:
            return
        if before == applied:
            structlog.get_logger("eventlog").warning("eventlog.tail.renewed", folded=applied, end=end)
            self._transport.renew()
            self._stuck_at = None
        self._checked_at += LOOK_AGAIN - CHECK_EVERY

    def _doubt(self, reason: str) -> None:
        """Stop at what is seen twice; once may be a server that is just taking over."""
        with self.lock:
            if self._doubted:
                self.stop(f"{reason}; nothing was changed here, and the index may be the only copy left")
            self._doubted = reason
        self._checked_at = time.monotonic() - CHECK_EVERY
        self._wanted.wait(LONGEST_PAUSE)
        self._wanted.clear()

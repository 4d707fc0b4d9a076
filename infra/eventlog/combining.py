"""Flat combining: of many writers one leads, and records for all that wait; the others sleep until they are told.

A lock for which every writer queues costs a wake-up for each commit at the worst moment. Here a writer that finds
nobody leading leads: it takes what has gathered, records it in one go, tells the others what came of it, and hands the
lead to one that came meanwhile. Writers on an event loop never lead; a thread does so for them.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from infra.eventlog.arbitration import Verdict
from infra.eventlog.envelope import body_of
from infra.eventlog.errors import LogOutOfReachError
from infra.eventlog.threads import LogThread
from infra.eventlog.values import Accepted, Draft

MOST_COMMITS: Final = 256
MOST_BYTES: Final = 950_000
"""How much one record holds; a single commit is smaller."""


class Ticket:
    """A commit that waits for its outcome: a verdict of the log, or an error that kept it from having one."""

    __slots__ = ("began", "body", "done", "draft", "error", "future", "id", "lock", "loop", "on_decided", "verdict")

    def __init__(self, draft: Draft, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self.draft = draft
        self.body = body_of(draft)
        self.began = time.perf_counter()
        self.id = b""
        self.verdict: Verdict | None = None
        self.error: Exception | None = None
        self.on_decided: Callable[[], None] | None = None
        self.done = False
        self.loop = loop
        self.future: asyncio.Future[None] | None = loop.create_future() if loop else None
        self.lock = None if loop else threading.Lock()

    def decide(self, verdict: Verdict) -> None:
        """The fold has met the commit."""
        self.verdict = verdict
        if self.on_decided is not None:
            self.on_decided()

    def outcome(self) -> Accepted:
        """What came of it; raises what stood against it."""
        if self.error is not None:
            raise self.error
        if isinstance(self.verdict, Accepted):
            return self.verdict
        assert self.verdict is not None, "a ticket that is done has a verdict or an error"
        raise self.verdict.error()


class Combiner:
    """Lets one writer at a time record for all. `record` settles every ticket that it is given."""

    def __init__(self, record: Callable[[list[Ticket]], None], name: str) -> None:
        self._record = record
        self._mutex = threading.Lock()
        self._queue: deque[Ticket] = deque()
        self._leading = False
        self._closed = False
        self._name = name
        self._call = threading.Lock()
        self._call.acquire()
        self._thread: LogThread | None = None

    def commit(self, ticket: Ticket) -> None:
        """Wait until the ticket is done, leading if nobody does."""
        lock = ticket.lock
        assert lock is not None
        lock.acquire()
        if not self._join(ticket):
            lock.acquire()
        if not ticket.done:
            self._round()

    async def commit_async(self, ticket: Ticket) -> None:
        """The same on an event loop. Being cancelled here does not take the commit back."""
        assert ticket.future is not None
        if self._join(ticket):
            self._call.release()
        await ticket.future

    def close(self) -> None:
        """Take nothing new; what waits is recorded first."""
        with self._mutex:
            self._closed = True
        while self._leading:
            time.sleep(0.005)
        if self._thread is not None:
            self._call.release()
            self._thread.join()
            self._thread = None

    def _join(self, ticket: Ticket) -> bool:
        """Queue up; whether nobody leads, so that this writer has to."""
        with self._mutex:
            if self._closed:
                raise LogOutOfReachError("the log is closed")
            if ticket.loop is not None and self._thread is None:
                self._thread = LogThread(self._lead_for_loops, self._name)
                self._thread.start()
            self._queue.append(ticket)
            lead = not self._leading
            self._leading = True
            return lead

    def _lead_for_loops(self) -> None:
        while True:
            self._call.acquire()
            if not self._queue:
                return
            self._round()

    def _round(self) -> None:
        """Record what has gathered, tell the others, and hand the lead over."""
        tickets = self._take()
        try:
            self._record(tickets)
        except Exception as error:
            for ticket in tickets:
                if ticket.verdict is None and ticket.error is None:
                    ticket.error = error
        finally:
            self._tell(tickets)
            self._hand_over()

    def _take(self) -> list[Ticket]:
        taken: list[Ticket] = []
        size = 0
        queue = self._queue
        with self._mutex:
            while queue and len(taken) < MOST_COMMITS:
                size += len(queue[0].body) + 32
                if taken and size > MOST_BYTES:
                    break
                taken.append(queue.popleft())
        return taken

    def _tell(self, tickets: list[Ticket]) -> None:
        loops: dict[asyncio.AbstractEventLoop, list[Ticket]] = {}
        for ticket in tickets:
            if ticket.verdict is None and ticket.error is None:
                ticket.error = LogOutOfReachError("the writer that led was interrupted; send the commit again")
            ticket.done = True
            if ticket.loop is not None:
                loops.setdefault(ticket.loop, []).append(ticket)
            elif ticket.lock is not None:
                ticket.lock.release()
        for loop, of_loop in loops.items():
            with contextlib.suppress(RuntimeError):  # the loop was closed: nobody waits there any more
                loop.call_soon_threadsafe(_wake, of_loop)

    def _hand_over(self) -> None:
        with self._mutex:
            if not self._queue:
                self._leading = False
                return
            following = self._queue[0]
        if following.lock is not None:
            following.lock.release()
        else:
            self._call.release()


def _wake(tickets: list[Ticket]) -> None:
    for ticket in tickets:
        if ticket.future is not None and not ticket.future.done():
            ticket.future.set_result(None)

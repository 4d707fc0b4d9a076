"""The Kafka engine: the log is a topic of one partition, and each node folds it into an index of its own.

One record of a process is in flight at a time, with all commits that gathered meanwhile. A record that is not
acknowledged in time is answered by one that cancels its commits: whichever stands first in the log counts, everywhere.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from infra.eventlog import envelope
from infra.eventlog.arbitration import certain_rejection
from infra.eventlog.batch import Batch
from infra.eventlog.combining import Ticket
from infra.eventlog.errors import LogOutOfReachError, LogStoppedError, OutcomeUnknownError
from infra.eventlog.following import Follower
from infra.eventlog.index import Index
from infra.eventlog.log import Log, answer
from infra.eventlog.measures import Measures
from infra.eventlog.persisting import Persister
from infra.eventlog.transports.interface import ASKING, RefusedError, Transport, TransportError, UnacknowledgedError
from infra.eventlog.values import Accepted, Rules

SLICE: Final = 0.25
GLANCE: Final = 2.0
PAUSE: Final = 0.1


class KafkaLog(Log):
    """A log in a topic. Its index belongs to this process alone; `infra.eventlog.opening` checks and opens it.

    `deadline` is how many seconds a record may wait for its acknowledgement, and its cancel for its own.
    """

    engine = "kafka"

    def __init__(
        self, index: Index, transport: Transport, url: str, topic: str, deadline: float, release: Callable[[], None]
    ) -> None:
        super().__init__(index)
        self.fold.begin(topic)
        self._transport = transport
        self._deadline = deadline
        self._release = release
        self._lock = threading.Lock()
        self._persister = Persister(self.fold, index, self._lock)
        self._follower = Follower(self.fold, transport, url, self._persister, self._lock, self.news)
        self._persister.start()
        self._follower.start()

    @property
    def client(self) -> str:
        """The client library through which it speaks to Kafka."""
        return self._transport.client

    @property
    def stopped(self) -> str | None:
        """Why this node goes no further, if it does not."""
        return self._follower.stopped

    def configure(self, rules: Rules, timeout: float) -> None:
        """Give a log that has no configuration this one. When several do at once, the first in the log counts."""
        until = time.monotonic() + timeout
        while self.fold.rules is None:
            try:
                self._transport.append(envelope.pack([envelope.configuration(rules)]), timeout)
            except TransportError as error:
                if time.monotonic() > until:
                    raise LogOutOfReachError(f"the log cannot be begun: {error}") from error
            self.barrier(timeout)

    # -- writing -----------------------------------------------------------------

    def _record(self, tickets: Sequence[Ticket]) -> None:
        sent: list[Ticket] = []
        try:
            if (reason := self._impeded()) is not None:
                for ticket in tickets:
                    ticket.error = reason
                return
            round = _Round()
            data = self._prepare(tickets, sent, round)
            if sent:
                self._send(data, sent, round)
        except BaseException:
            for ticket in sent:
                if ticket.verdict is None and ticket.error is None:
                    ticket.error = OutcomeUnknownError(ticket.id, "the writer that led was interrupted")
            raise
        finally:
            self._forget(sent)

    def _impeded(self) -> Exception | None:
        """Why nothing can be sent now."""
        if self._follower.stopped is not None:
            return LogStoppedError(self._follower.stopped)
        if not self._persister.wait_for_room(self._deadline):
            return LogOutOfReachError(self._persister.trouble or "the index is written too slowly")
        return None

    def _prepare(self, tickets: Sequence[Ticket], sent: list[Ticket], round: _Round) -> bytes:
        """The record to send: the commits that are not refused by what is known here already."""
        entries = []
        with self._lock:
            base = self.fold.applied
            for ticket in tickets:
                if (refused := certain_rejection(ticket.draft, self.fold)) is not None:
                    ticket.verdict = refused
                    continue
                ticket.id = self._ids.take()
                ticket.on_decided = round.decided
                self.fold.waiting[ticket.id] = ticket
                sent.append(ticket)
                entries.append(envelope.commit(ticket.id, base, ticket.body))
            round.left = len(sent)
        return envelope.pack(entries)

    def _send(self, data: bytes, sent: Sequence[Ticket], round: _Round) -> None:
        try:
            offset = self._transport.append(data, self._deadline)
        except RefusedError as error:
            for ticket in sent:
                ticket.error = LogOutOfReachError(f"the log refuses the record: {error}")
        except UnacknowledgedError as error:
            self._take_back(sent, round, str(error))
        except TransportError as error:
            for ticket in sent:
                ticket.error = LogOutOfReachError(f"the log is out of reach ({error}); nothing was sent")
        else:
            self._follower.fold_own(offset, data)
            self._check_place(offset, round)
            if not self._wait(round, self._deadline):
                self._take_back(sent, round, "the log's tail does not come")

    def _check_place(self, offset: int, round: _Round) -> None:
        """Stop if a new record was given a place at which another one was folded: then this is another log."""
        with self._lock:
            if round.left and offset < self.fold.applied:
                self._follower.stop(
                    f"the log gave a new record the place {offset}, and {self.fold.applied} records were folded here: "
                    "it is shorter than it was, or another one; the index may be the only copy left"
                )

    def _wait(self, round: _Round, timeout: float) -> bool:
        """Wait until every commit of the round is decided, or the node has stopped; whether they are."""
        until = time.monotonic() + timeout
        while round.left and not round.decided_within(SLICE):
            if self._follower.stopped is not None or time.monotonic() > until:
                break
        return not round.left

    def _take_back(self, sent: Sequence[Ticket], round: _Round, why: str) -> None:
        """Cancel what is not decided: the log decides which came first."""
        until = time.monotonic() + self._deadline
        while round.left and self._follower.stopped is None and (left := until - time.monotonic()) > 0:
            undecided = [ticket for ticket in sent if ticket.verdict is None]
            record = envelope.pack([envelope.cancel(ticket.id) for ticket in undecided])
            try:
                self._follower.fold_own(self._transport.append(record, left), record)
                self._wait(round, max(SLICE, until - time.monotonic()))
            except TransportError as error:
                why = str(error)
                round.decided_within(PAUSE)
        for ticket in sent:
            if ticket.verdict is None:
                ticket.error = OutcomeUnknownError(ticket.id, self._follower.stopped or why)
                self._unknown += 1

    def _forget(self, sent: Sequence[Ticket]) -> None:
        undecided = [ticket for ticket in sent if ticket.verdict is None]
        if undecided:
            with self._lock:
                for ticket in undecided:
                    self.fold.waiting.pop(ticket.id, None)

    def settle(self, commit_id: bytes, timeout: float | None = None) -> Accepted:
        until = time.monotonic() + (self._deadline if timeout is None else timeout)
        record = envelope.pack([envelope.cancel(commit_id)])
        why = "the log is out of reach"
        while (left := until - time.monotonic()) > 0:
            try:
                self.barrier(left)
                with self._lock:
                    verdict = self.fold.outcome(commit_id)
                if verdict is not None:
                    return answer(verdict)
                self._transport.append(record, left)
            except (TransportError, LogOutOfReachError) as error:
                why = str(error)
                time.sleep(PAUSE)
        raise OutcomeUnknownError(commit_id, why)

    # -- reading -----------------------------------------------------------------

    def head(self) -> int:
        return self.fold.head

    def glance(self) -> int:
        return self.fold.head

    def barrier(self, timeout: float | None = None, told: Callable[[int, int], None] | None = None) -> int:
        """Wait until all that is in the log now is folded; `told` hears how many records are, and of how many."""
        until = time.monotonic() + (self._deadline if timeout is None else timeout)
        while True:
            if self._follower.stopped is not None:
                raise LogStoppedError(self._follower.stopped)
            try:
                end = self._transport.bounds(min(ASKING, max(0.1, until - time.monotonic())))[1]
                break
            except TransportError as error:
                if time.monotonic() > until:
                    raise LogOutOfReachError(f"the log is out of reach: {error}") from error
                time.sleep(PAUSE)
        tell = None if told is None else lambda folded: told(folded, end)
        if not self._follower.wait_for(end, until - time.monotonic(), tell):
            raise LogOutOfReachError(f"record {end} was not folded in time; {self.fold.applied} are")
        return self.fold.head

    def tracked(self, application: str) -> int | None:
        with self._lock:
            return self.fold.tracked(application)

    def chain(self) -> tuple[int, bytes]:
        with self._lock:
            return self.fold.head, self.fold.chain

    def _unwritten(self) -> Sequence[Batch]:
        return self.fold.batch, self.fold.writing

    def measures(self) -> Measures:
        try:
            end = self._transport.bounds(GLANCE)[1]
        except TransportError:
            end = -1
        stopped = self._follower.stopped or self._persister.trouble
        return self._measured(f"{self.engine}, {self.client}", end, stopped)

    def _close(self) -> None:
        self._combiner.close()
        self._follower.close()
        self._persister.stop()
        self._transport.close()
        self.snapshots.close()
        self.index.close()
        self._release()


class _Round:
    """The commits of one record, and how many of them are not decided yet."""

    __slots__ = ("_done", "left")

    def __init__(self) -> None:
        self.left = 0
        self._done = threading.Lock()
        self._done.acquire()

    def decided(self) -> None:
        """One more of them is decided."""
        self.left -= 1
        if not self.left:
            self._done.release()

    def decided_within(self, seconds: float) -> bool:
        """Wait until all of them are decided, once; whether they are."""
        return self._done.acquire(timeout=seconds)

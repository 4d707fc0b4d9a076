"""The embedded engine: the SQLite file is the log. Concurrent commits share one fsync; processes share the file.

It is the same fold and the same rule as in a network. A record is folded and written in one transaction, so there is
nothing that could arrive late: what the rule refuses does not get into the file, and no outcome stays unknown.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path

from infra.eventlog import envelope
from infra.eventlog.batch import Batch
from infra.eventlog.combining import Ticket
from infra.eventlog.errors import NotRecordedError, OutcomeUnknownError
from infra.eventlog.index import Index
from infra.eventlog.log import Log, answer
from infra.eventlog.measures import Measures
from infra.eventlog.threads import apart
from infra.eventlog.values import Accepted, Rules

NEVER_ARRIVED = "the commit is not in the log and cannot arrive any more; it took no effect and may be sent again"


class EmbeddedLog(Log):
    """A log in one file. Several processes may use it at once."""

    engine = "embedded"

    def __init__(self, path: Path, rules: Rules) -> None:
        super().__init__(Index(path, durable=True))
        self._turn = threading.Lock()
        self._closed = False
        self._unknown = 0
        try:
            self._configure(rules)
        except BaseException:
            self.close()
            raise

    def _configure(self, rules: Rules) -> None:
        """Begin the log, unless another process did."""
        if self.fold.rules is None:
            with self._turn, self.index.transaction():
                self._catch_up()
                if self.fold.rules is None:
                    self.fold.begin("embedded")
                    self.fold.apply(0, envelope.pack([envelope.configuration(rules)]))
                    self.index.write(*self.fold.take())
                    self.fold.written()

    def _catch_up(self) -> None:
        """Go on from what another process has written since; inside a transaction nobody else writes."""
        if self.index.state().applied != self.fold.applied:
            self.fold.reload()

    # -- writing ---------------------------------------------------------------

    def _record(self, tickets: Sequence[Ticket]) -> None:
        with self._turn:
            try:
                with self.index.transaction():
                    self._catch_up()
                    written = self._fold(tickets)
                    if written:
                        self.index.write(*self.fold.take())
                    else:
                        raise _NothingToWrite
            except _NothingToWrite:
                pass
            except BaseException as error:
                self._failed(tickets, error)
                if isinstance(error, sqlite3.Error):
                    return
                raise
            self.fold.written()
        self.news.ring()

    def _fold(self, tickets: Sequence[Ticket]) -> bool:
        """Fold the commits as one record, of which only what was accepted stays; whether anything did."""
        fold, base = self.fold, self.fold.applied
        entries = []
        for ticket in tickets:
            ticket.id = self._ids.take()
            fold.waiting[ticket.id] = ticket
            entries.append(envelope.commit(ticket.id, base, ticket.body))
        fold.apply(base, envelope.pack(entries))
        accepted = [
            entry for entry, ticket in zip(entries, tickets, strict=True) if isinstance(ticket.verdict, Accepted)
        ]
        if len(accepted) < len(entries):
            fold.leave_out_refused(base, envelope.pack(accepted) if accepted else None)
        return bool(accepted)

    def _failed(self, tickets: Sequence[Ticket], error: BaseException) -> None:
        """Say of each commit what stands in the file after a write that went wrong."""
        try:
            self.fold.reload()
            for ticket in tickets:
                ticket.verdict = self.fold.outcome(ticket.id) if ticket.id else None
                if ticket.verdict is None:
                    ticket.error = NotRecordedError(f"{self.path} could not be written ({error}); nothing was recorded")
        except sqlite3.Error as again:
            for ticket in tickets:
                ticket.verdict = None
                ticket.error = OutcomeUnknownError(ticket.id, str(again))
                self._unknown += 1

    def settle(self, commit_id: bytes, timeout: float | None = None) -> Accepted:
        with self._turn:
            try:
                with self.index.transaction():
                    self.fold.reload()
                    verdict = self.fold.outcome(commit_id)
            except sqlite3.Error as error:
                raise OutcomeUnknownError(commit_id, str(error)) from error
        if verdict is None:
            raise NotRecordedError(NEVER_ARRIVED)
        return answer(verdict)

    # -- reading ---------------------------------------------------------------

    def head(self) -> int:
        return self.index.state_read().head

    def barrier(self, timeout: float | None = None) -> int:
        return self.head()

    def tracked(self, application: str) -> int | None:
        with self._turn:
            return self.index.tracked(application)

    def chain(self) -> tuple[int, bytes]:
        state = self.index.state_read()
        return state.head, state.chain

    def _unwritten(self) -> Sequence[Batch]:
        return ()

    def measures(self) -> Measures:
        state = self.index.state_read()
        counts = self.fold.counts
        return Measures(
            engine=self.engine,
            end=state.applied,
            folded=state.applied,
            head=state.head,
            index_bytes=self.index.size(),
            unwritten_bytes=0,
            accepted=counts.accepted,
            duplicates=counts.duplicates,
            cancels=counts.cancels,
            ignored=counts.ignored,
            unknown=self._unknown,
            rejected=dict(counts.rejected),
        )

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        apart(self._close)

    def _close(self) -> None:
        self._combiner.close()
        with self._turn:
            self.snapshots.close()
            self.index.close()


class _NothingToWrite(Exception):
    """All commits of a round were refused: the transaction leaves nothing behind."""

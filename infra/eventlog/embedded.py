"""The embedded engine: the SQLite file is the log. Concurrent commits share one fsync; processes share the file.

It is the same fold and the same rule as in a network. A record is folded and written in one transaction, so there is
nothing that could arrive late: what the rule refuses does not get into the file, and no outcome stays unknown.

A transaction writes the record alone. What points to it (entities, ids, requests) touches a page for nearly each
commit, and is written for thousands of them at once; until then every process that has the file open knows it from
having folded the records, and one that opens the file later folds those that the index is not up to.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from infra.eventlog import envelope
from infra.eventlog.batch import Batch, PackRow
from infra.eventlog.combining import Ticket
from infra.eventlog.errors import LogStoppedError, NotRecordedError, OutcomeUnknownError
from infra.eventlog.index import Index
from infra.eventlog.log import Log, answer
from infra.eventlog.measures import Measures
from infra.eventlog.values import Accepted, Rules

UNINDEXED: Final = 1_000_000
"""Bytes of records that may stand in the file before the index is brought up to them."""
NOTHING: Final = Batch()
NEVER_ARRIVED = "the commit is not in the log and cannot arrive any more; it took no effect and may be sent again"


class EmbeddedLog(Log):
    """A log in one file. Several processes may use it at once."""

    engine = "embedded"

    def __init__(self, path: Path, rules: Rules) -> None:
        super().__init__(Index(path, durable=True))
        self._turn = threading.Lock()
        self._head = 0
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

    def _follow(self) -> None:
        """Know all that stands in the file. The turn is held."""
        with self.index.standing_still():
            self._catch_up()

    def _catch_up(self) -> None:
        """Fold what other processes have written since, while nobody writes or what is looked up stands still.

        An index that is further than the fold cannot judge what lies between; then the fold goes on from the index.
        """
        fold, indexed = self.fold, self.index.applied()
        if fold.broken or fold.applied < indexed:
            fold.reload()
        elif fold.applied == indexed:
            fold.written()  # by another process
        for row in self.index.beyond(fold.head):
            self._fold_row(row)
        self._head = fold.head

    def _fold_row(self, row: PackRow) -> None:
        try:
            self.fold.apply(row.offset, row.data)
        except envelope.NewerRecordError as newer:
            raise LogStoppedError(f"{self.path}: {newer}") from newer
        self.fold.keep()

    # -- writing ---------------------------------------------------------------

    def _record(self, tickets: Sequence[Ticket]) -> None:
        with self._turn:
            try:
                self._write(tickets)
            except _NothingToWrite:
                pass
            except BaseException as error:
                self._failed(tickets, error)
                if isinstance(error, sqlite3.Error):
                    return
                raise
        self.news.ring()

    def _write(self, tickets: Sequence[Ticket]) -> None:
        """Fold the commits as one record and write it; before it, what there is to index, when that is much.

        A record with commits that only track is indexed itself, because these cannot be found by an event.
        """
        fold, index = self.fold, self.index
        tracking = not all(ticket.draft.events for ticket in tickets)
        with index.transaction():
            self._catch_up()
            indexing = tracking or fold.writing.size > UNINDEXED
            if indexing:
                index.write(fold.writing, fold.state(), journaled=True)
            accepted = self._fold(tickets)
            if accepted and tracking:
                index.write(fold.batch, fold.state())
            elif accepted:
                index.journal(fold.batch.packs[-1])
            elif not indexing:
                raise _NothingToWrite
        if indexing:
            fold.written()
        fold.keep()
        if tracking:
            fold.written()
        self._head = fold.head

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
        self.fold.broken = True
        try:
            self._follow()
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
                    self._catch_up()
                    verdict = self.fold.outcome(commit_id)
            except sqlite3.Error as error:
                raise OutcomeUnknownError(commit_id, str(error)) from error
        if verdict is None:
            raise NotRecordedError(NEVER_ARRIVED)
        return answer(verdict)

    # -- reading ---------------------------------------------------------------

    def _look(self) -> None:
        """Fold what another process has written, if any has."""
        if self.index.last() > self._head:
            with self._turn:
                self._follow()

    def head(self) -> int:
        self._look()
        return self._head

    def glance(self) -> int:
        return self.index.last()

    def barrier(self, timeout: float | None = None) -> int:
        return self.head()

    def tracked(self, application: str) -> int | None:
        with self._turn:
            self._follow()
            return self.fold.tracked(application)

    def chain(self) -> tuple[int, bytes]:
        with self._turn:
            self._follow()
            return self.fold.head, self.fold.chain

    def _unwritten(self) -> Sequence[Batch]:
        self._look()
        return NOTHING, self.fold.writing

    def measures(self) -> Measures:
        with self._turn:
            self._follow()
            return self._measured(self.engine, end=self.fold.applied)

    def _close(self) -> None:
        self._combiner.close()
        with self._turn:
            if self.fold.writing.size:
                with contextlib.suppress(sqlite3.Error, LogStoppedError):  # whoever opens the file next folds them
                    self._index()
            self.snapshots.close()
            self.index.close()

    def _index(self) -> None:
        """Bring the index up to the records."""
        with self.index.transaction():
            self._catch_up()
            self.index.write(self.fold.writing, self.fold.state(), journaled=True)
        self.fold.written()


class _NothingToWrite(Exception):
    """All commits of a round were refused: the transaction leaves nothing behind."""

"""The library's SQLite recorder, with the two checks that make a commit of it: what was read, and what was asked.

A commit is accepted whole or not at all. It is refused if an entity that it writes or read has moved on, or if its
request has been answered before. The context stands once per commit, beside the events.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from eventsourcing.persistence import Notification, RecordConflictError, StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteCursor, SQLiteFactory


class ReadConflictError(RecordConflictError):
    """An entity that the commit rests on has moved on since it was read."""


class RequestRepeatedError(RecordConflictError):
    """The request has an accepted commit already."""


@dataclass(frozen=True, slots=True)
class StoredCommit:
    """A commit as it is stored: its context, and its events with their positions in the log."""

    context: bytes
    events: tuple[Notification, ...]


CREATE_COMMITS = (
    "CREATE TABLE IF NOT EXISTS commits ("
    "last INTEGER PRIMARY KEY, first INTEGER NOT NULL, request TEXT UNIQUE, context BLOB NOT NULL)"
)
INSERT_COMMIT = "INSERT INTO commits (last, first, request, context) VALUES (?, ?, ?, ?)"
SELECT_HEAD = "SELECT coalesce(max(originator_version), 0) FROM stored_events WHERE originator_id = ?"
SELECT = "SELECT c.last, c.context, e.rowid, e.originator_id, e.originator_version, e.topic, e.state "
FROM_COMMITS = "FROM commits c JOIN stored_events e ON e.rowid BETWEEN c.first AND c.last "
FROM_EVENTS = "FROM stored_events e JOIN commits c ON c.last = (SELECT min(last) FROM commits WHERE last >= e.rowid) "
SELECT_COMMITS = (
    f"{SELECT}{FROM_COMMITS}"
    "WHERE c.last > ? AND c.last <= coalesce((SELECT min(last) FROM commits WHERE last >= ?), ?) ORDER BY e.rowid"
)
SELECT_REQUEST = f"{SELECT}{FROM_COMMITS}WHERE c.request = ? ORDER BY e.rowid"
SELECT_ENTITY = f"{SELECT}{FROM_EVENTS}WHERE e.originator_id = ? AND e.originator_version > ? ORDER BY e.rowid LIMIT ?"


class CommitRecorder(SQLiteApplicationRecorder):
    """Records commits of events, and gives them back by position, by entity and by request."""

    def construct_create_table_statements(self) -> list[str]:
        return [*super().construct_create_table_statements(), CREATE_COMMITS]

    def _insert_events(
        self,
        c: SQLiteCursor,
        stored_events: Sequence[StoredEvent],
        *,
        context: bytes = b"{}",
        request: str | None = None,
        reads: Mapping[str, int] | None = None,
        **kwargs: Any,
    ) -> Sequence[int] | None:
        positions = super()._insert_events(c, stored_events, **kwargs)
        if not positions:
            return positions
        for entity, version in (reads or {}).items():
            c.execute(SELECT_HEAD, (entity,))
            head = c.fetchone()[0]
            if head != version:
                raise ReadConflictError(f"{entity} was read at version {version} and is now at {head}")
        if request is not None:
            c.execute("SELECT 1 FROM commits WHERE request = ?", (request,))
            if c.fetchone():
                raise RequestRepeatedError("the request has been answered before")
        c.execute(INSERT_COMMIT, (positions[-1], positions[0], request, context))
        return positions

    def select_commits(self, after: int, limit: int) -> list[StoredCommit]:
        """The commits beyond position `after`: about `limit` events, and the last commit whole."""
        return self._commits(SELECT_COMMITS, (after, after + limit, after + limit))

    def select_request(self, request: str) -> StoredCommit | None:
        """The accepted commit of a request, if there is one."""
        return next(iter(self._commits(SELECT_REQUEST, (request,))), None)

    def select_entity(self, entity_id: str, after: int, limit: int) -> list[StoredCommit]:
        """What happened to one entity beyond a version: of each commit only the events of that entity."""
        return self._commits(SELECT_ENTITY, (entity_id, after, limit))

    def _commits(self, statement: str, params: Sequence[Any]) -> list[StoredCommit]:
        with self.datastore.transaction(commit=False) as c:
            c.execute(statement, params)
            rows = c.fetchall()
        return [
            StoredCommit(context, tuple(_notification(row) for row in of_commit))
            for (_, context), of_commit in groupby(rows, key=lambda row: (row["last"], row["context"]))
        ]


def _notification(row: Any) -> Notification:
    return Notification(
        id=row["rowid"],
        originator_id=row["originator_id"],
        originator_version=row["originator_version"],
        topic=row["topic"],
        state=row["state"],
    )


class Factory(SQLiteFactory):
    """Makes recorders that know commits. Settings: `SQLITE_DBNAME`, the file."""

    application_recorder_class = CommitRecorder

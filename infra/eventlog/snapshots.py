"""Snapshots: rows of this node's own, beside the fold. Losing them costs a replay and nothing else."""

from __future__ import annotations

import sqlite3
import threading

from infra.eventlog.errors import VersionConflictError
from infra.eventlog.file import transaction
from infra.eventlog.index import LATEST, Index
from infra.eventlog.values import Event

INSERT = "INSERT INTO snapshots VALUES (?, ?, ?, ?)"
SELECT = (
    "SELECT entity, version, topic, state FROM snapshots WHERE entity = ? AND version > ? AND version <= ? "
    "ORDER BY version {} LIMIT ?"
)


class Snapshots:
    """Snapshots of entities, by version, in the index file, over a connection of their own."""

    def __init__(self, index: Index) -> None:
        self._connection = index.connect()
        self._lock = threading.Lock()

    def insert(self, snapshots: list[Event]) -> None:
        """Keep these; a version that is there already is a conflict, and then none of them is kept."""
        with self._lock, transaction(self._connection):
            for entity, version, topic, state in snapshots:
                try:
                    self._connection.execute(INSERT, (entity, version, topic, state))
                except sqlite3.IntegrityError:
                    raise VersionConflictError(entity, version, version) from None

    def select(self, entity: str, after: int, until: int, *, latest_first: bool, limit: int | None) -> list[Event]:
        statement = SELECT.format("DESC" if latest_first else "ASC")
        with self._lock:
            rows = self._connection.execute(statement, (entity, after, until, LATEST if limit is None else limit))
            return rows.fetchall()

    def close(self) -> None:
        with self._lock:
            self._connection.close()

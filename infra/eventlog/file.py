"""The SQLite file behind an index. In the embedded engine, the same file is the log.

A record stands in it once, as the bytes that were folded. Entities, commit ids and requests point into it by
notification id; runs of versions, and of ids, take one row each.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.eventlog.chain import BEGINNING
from infra.eventlog.errors import IndexUnusableError

FORM = 1
SCHEMA = """
CREATE TABLE state (
  form INTEGER NOT NULL, topic TEXT NOT NULL, applied INTEGER NOT NULL, head INTEGER NOT NULL, chain BLOB NOT NULL,
  last_offset INTEGER, last_hash BLOB, window INTEGER, first_version INTEGER);
CREATE TABLE packs (
  first INTEGER PRIMARY KEY, last INTEGER NOT NULL, offset INTEGER NOT NULL, refused BLOB, data BLOB NOT NULL);
CREATE TABLE runs (
  entity TEXT NOT NULL, version INTEGER NOT NULL, first INTEGER NOT NULL, length INTEGER NOT NULL,
  PRIMARY KEY (entity, version)) WITHOUT ROWID;
CREATE TABLE ids (
  prefix BLOB NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL, pack INTEGER NOT NULL,
  PRIMARY KEY (prefix, low)) WITHOUT ROWID;
CREATE TABLE requests (key BLOB PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE refused (
  offset INTEGER NOT NULL, id BLOB NOT NULL, reason BLOB NOT NULL, PRIMARY KEY (offset, id)) WITHOUT ROWID;
CREATE TABLE tracking (application TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE chains (position INTEGER PRIMARY KEY, chain BLOB NOT NULL);
CREATE TABLE snapshots (
  entity TEXT NOT NULL, version INTEGER NOT NULL, topic TEXT NOT NULL, state BLOB NOT NULL,
  PRIMARY KEY (entity, version)) WITHOUT ROWID;
"""


class IndexFile:
    """A file of this form. `durable`: a transaction that is over has reached the disk."""

    def __init__(self, path: Path, *, durable: bool, read_only: bool) -> None:
        self.path = path
        self._durable = durable
        self._read_only = read_only

    def connect(self) -> sqlite3.Connection:
        """A connection, which threads may hand to each other. Raises IndexUnusableError."""
        mode = "rw"
        if self._read_only:  # with no write-ahead log beside it, the file is all there is, and looking leaves no trace
            mode = "ro" if self.path.with_name(f"{self.path.name}-wal").exists() else "ro&immutable=1"
        try:
            connection = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode={mode}",
                uri=True,
                isolation_level=None,
                check_same_thread=False,
                timeout=60,
            )
            connection.execute("PRAGMA cache_size = -32000")
            connection.execute(f"PRAGMA synchronous = {'FULL' if self._durable else 'NORMAL'}")
        except sqlite3.Error as error:
            raise IndexUnusableError(f"{self.path} cannot be opened: {error}") from error
        return connection

    def prepared(self) -> sqlite3.Connection:
        """The first connection: it makes the file if there is none, and refuses one of another form."""
        if not self._read_only:
            self.path.touch(mode=0o600)
        connection = self.connect()
        try:
            self._prepare(connection)
        except sqlite3.DatabaseError as error:
            connection.close()
            raise IndexUnusableError(f"{self.path} cannot be used as an index: {error}") from error
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables and not self._read_only:
            self._create(connection)
            return
        form = connection.execute("SELECT form FROM state").fetchone()[0] if "state" in tables else None
        if form != FORM:
            kind = "another kind" if form is None else f"form {form}"
            raise IndexUnusableError(
                f"{self.path} is a file of {kind}; takes an index of form {FORM}, or a file that does not exist"
            )

    def _create(self, connection: sqlite3.Connection) -> None:
        """Made whole in one transaction, by whichever process comes first."""
        connection.execute("PRAGMA page_size = 4096")
        write_ahead(connection)
        with transaction(connection):
            if not connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
                for statement in SCHEMA.split(";\n"):
                    connection.execute(statement)
                connection.execute(
                    "INSERT INTO state (form, topic, applied, head, chain) VALUES (?, '', 0, 0, ?)", (FORM, BEGINNING)
                )


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is written inside stands together or not at all."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def write_ahead(connection: sqlite3.Connection, seconds: float = 10) -> None:
    """Turn the write-ahead log on; SQLite does not wait by itself while another process that opens the file does so."""
    until = time.monotonic() + seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return

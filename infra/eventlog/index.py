"""The index: a SQLite file with what a node has folded. In the embedded engine, the same file is the log.

A record stands in it once, as the bytes that were folded. Entities, commit ids and requests point into it by
notification id; runs of versions, and of ids, take one row each.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec import msgpack

from infra.eventlog.arbitration import REASONS, Rejected
from infra.eventlog.batch import Batch, PackRow, Run
from infra.eventlog.errors import IndexUnusableError
from infra.eventlog.values import Accepted, Rules

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

ROWS_AT_ONCE = 2_000
"""Rows in one statement. Each step of SQLite gives up Python's lock, and gets it back late while others compute."""
UPSERT_TRACKING = "INSERT OR REPLACE INTO tracking VALUES (?, ?)"
INSERT_CHAIN = "INSERT INTO chains VALUES (?, ?)"
UPDATE_STATE = (
    "UPDATE state SET topic = ?, applied = ?, head = ?, chain = ?, last_offset = ?, last_hash = ?, window = ?, "
    "first_version = ?"
)
SELECT_HEAD = "SELECT version + length - 1 FROM runs WHERE entity = ? ORDER BY version DESC LIMIT 1"
SELECT_REQUEST = "SELECT first, last FROM requests WHERE key = ?"
SELECT_PACK_AT = "SELECT * FROM packs WHERE first <= ? ORDER BY first DESC LIMIT 1"
SELECT_PACKS = "SELECT * FROM packs WHERE first >= ? ORDER BY first LIMIT ?"
SELECT_RUNS = (
    "SELECT version, first, length FROM runs WHERE entity = ? AND version <= ? AND version + length > ? "
    "ORDER BY version"
)

CHAIN_EVERY = 1_000
"""How many events lie at least between two places at which the chain hash is kept."""

LATEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class State:
    """How far an index is: it has folded the records below `applied`, and `head` events of them were accepted.

    `topic` is the id of the topic that it folded; `last` the offset and the hash of the last record in it.
    """

    topic: str = ""
    applied: int = 0
    head: int = 0
    chain: bytes = bytes(32)
    last: tuple[int, bytes] | None = None
    rules: Rules | None = None


class Index:
    """One SQLite file. The writer's connection belongs to one thread at a time; lookups and reads have their own."""

    def __init__(self, path: Path, *, durable: bool, read_only: bool = False) -> None:
        self.path = path
        self._durable = durable
        self._read_only = read_only
        if not read_only:
            path.touch(mode=0o600)
        self._writer = self.connect()
        try:
            self._prepare()
            self._lookups = self.connect()
            self._reader = self.connect()
        except BaseException:
            self._writer.close()
            raise
        self._reading = threading.Lock()
        self._last_chain = self._one(self._writer, "SELECT max(position) FROM chains")[0] or 0

    # -- opening -------------------------------------------------------------

    def connect(self) -> sqlite3.Connection:
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

    def _prepare(self) -> None:
        try:
            tables = {name for (name,) in self._writer.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not tables and not self._read_only:
                self._create()
                return
            if "state" not in tables or (form := self._one(self._writer, "SELECT form FROM state")[0]) != FORM:
                kind = f"form {form}" if "state" in tables else "another kind"
                raise IndexUnusableError(
                    f"{self.path} is a file of {kind}; takes an index of form {FORM}, or a file that does not exist"
                )
        except sqlite3.DatabaseError as error:
            raise IndexUnusableError(f"{self.path} cannot be used as an index: {error}") from error

    def _create(self) -> None:
        """Made whole in one transaction, by whichever process comes first."""
        self._writer.execute("PRAGMA page_size = 4096")
        write_ahead(self._writer)
        with self.transaction():
            if not self._writer.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
                for statement in SCHEMA.split(";\n"):
                    self._writer.execute(statement)
                self._writer.execute(
                    "INSERT INTO state (form, topic, applied, head, chain) VALUES (?, '', 0, 0, ?)", (FORM, bytes(32))
                )

    def close(self) -> None:
        with self._reading:
            for connection in (self._reader, self._lookups, self._writer):
                connection.close()

    # -- writing -------------------------------------------------------------

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside stands together or not at all."""
        self._writer.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._writer.execute("COMMIT")
        except BaseException:
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
            raise

    def write(self, batch: Batch, state: State) -> None:
        """Add a batch, inside a transaction; `state` is how far the index is with it."""
        execute = self._writer.execute
        self._insert("packs", [(*row[:3], _places(row.refused), row.data) for row in batch.packs])
        self._insert("runs", sorted((entity, *run) for entity, runs in batch.runs.items() for run in runs))
        self._insert("ids", batch.ids)
        self._insert("requests", sorted((key, of.first, of.last) for key, of in batch.requests.items()))
        self._insert("refused", batch.refused)
        if batch.tracking:
            self._writer.executemany(UPSERT_TRACKING, batch.tracking.items())
        rules = state.rules
        if rules is not None and batch.refused:
            execute("DELETE FROM refused WHERE offset < ?", (state.applied - 1 - rules.window,))
        if state.head >= self._last_chain + CHAIN_EVERY:
            execute(INSERT_CHAIN, (state.head, state.chain))
            self._last_chain = state.head
        last = state.last or (None, None)
        configured = (rules.window, rules.first_version) if rules else (None, None)
        execute(UPDATE_STATE, (state.topic, state.applied, state.head, state.chain, *last, *configured))

    def _insert(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows, as many at once as one statement takes well."""
        if not rows:
            return
        marks = f"({', '.join('?' * len(rows[0]))})"
        for begin in range(0, len(rows), ROWS_AT_ONCE):
            some = rows[begin : begin + ROWS_AT_ONCE]
            values = [value for row in some for value in row]
            self._writer.execute(f"INSERT INTO {table} VALUES {', '.join([marks] * len(some))}", values)

    # -- lookups, for the fold -----------------------------------------------

    def state(self) -> State:
        return self._state(self._lookups)

    def state_read(self) -> State:
        """The same for readers: how far the file is, whoever wrote it."""
        with self._reading:
            return self._state(self._reader)

    def _state(self, connection: sqlite3.Connection) -> State:
        row = self._one(connection, "SELECT * FROM state")
        _, topic, applied, head, chain, last_offset, last_hash, window, first_version = row
        return State(
            topic,
            applied,
            head,
            chain,
            None if last_offset is None else (last_offset, last_hash),
            None if window is None else Rules(window, first_version),
        )

    def head(self, entity: str) -> int | None:
        row = self._lookups.execute(SELECT_HEAD, (entity,)).fetchone()
        return row[0] if row else None

    def request(self, key: bytes) -> Accepted | None:
        row = self._lookups.execute(SELECT_REQUEST, (key,)).fetchone()
        return Accepted(*row) if row else None

    def tracked(self, application: str) -> int | None:
        row = self._lookups.execute("SELECT position FROM tracking WHERE application = ?", (application,)).fetchone()
        return row[0] if row else None

    def highest(self, prefix: bytes) -> int:
        row = self._one(self._lookups, "SELECT max(high) FROM ids WHERE prefix = ?", prefix)
        return -1 if row[0] is None else int(row[0])

    def pack_of(self, prefix: bytes, counter: int) -> int | None:
        statement = "SELECT high, pack FROM ids WHERE prefix = ? AND low <= ? ORDER BY low DESC LIMIT 1"
        row = self._lookups.execute(statement, (prefix, counter)).fetchone()
        return row[1] if row and counter <= row[0] else None

    def refused(self) -> Iterator[tuple[int, bytes, Rejected]]:
        for offset, id, reason in self._lookups.execute("SELECT * FROM refused ORDER BY offset"):
            name, *fields = msgpack.decode(reason)
            yield offset, id, REASONS[name](*fields)

    # -- reads, for everybody ------------------------------------------------

    def packs(self, first: int, limit: int) -> list[PackRow]:
        """Up to `limit` records that go on from this notification id, the first one being that which holds it."""
        with self._reading:
            holding = self._reader.execute(SELECT_PACK_AT, (first,)).fetchone()
            if holding and holding[1] >= first:
                first = holding[0]
            return [_pack_row(row) for row in self._reader.execute(SELECT_PACKS, (first, limit))]

    def runs(self, entity: str, after: int, until: int = LATEST) -> list[Run]:
        """The runs of an entity's versions that reach beyond version `after` and begin no later than `until`."""
        with self._reading:
            return self._reader.execute(SELECT_RUNS, (entity, until, after)).fetchall()

    def request_read(self, key: bytes) -> Accepted | None:
        with self._reading:
            row = self._reader.execute(SELECT_REQUEST, (key,)).fetchone()
            return Accepted(*row) if row else None

    def chain_before(self, position: int) -> tuple[int, bytes]:
        """The last place up to `position` at which the chain hash is kept, and the hash there."""
        with self._reading:
            statement = "SELECT position, chain FROM chains WHERE position <= ? ORDER BY position DESC LIMIT 1"
            row = self._reader.execute(statement, (position,)).fetchone()
            return row or (0, bytes(32))

    def size(self) -> int:
        """The bytes of the file and of its write-ahead log."""
        files = (self.path, self.path.with_name(self.path.name + "-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    @staticmethod
    def _one(connection: sqlite3.Connection, statement: str, *params: Any) -> Sequence[Any]:
        row: Sequence[Any] = connection.execute(statement, params).fetchone()
        return row


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


def reason_of(rejected: Rejected) -> bytes:
    """A refusal as the index keeps it."""
    fields = (getattr(rejected, name) for name in type(rejected).__dataclass_fields__)
    return msgpack.encode((type(rejected).__name__, *fields))


def _places(refused: tuple[int, ...]) -> bytes | None:
    return msgpack.encode(refused) if refused else None


def _pack_row(row: tuple[int, int, int, bytes | None, bytes]) -> PackRow:
    first, last, offset, refused, data = row
    return PackRow(first, last, offset, tuple(msgpack.decode(refused)) if refused else (), data)

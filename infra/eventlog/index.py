"""The index: what a node has folded, written in batches, and looked up by the fold and by readers."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from msgspec import msgpack

from infra.eventlog.arbitration import REASONS, Rejected
from infra.eventlog.batch import Batch, PackRow, Run
from infra.eventlog.chain import BEGINNING
from infra.eventlog.file import IndexFile, transaction
from infra.eventlog.values import Accepted, Rules

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
SELECT_LAST = "SELECT last FROM packs ORDER BY first DESC LIMIT 1"
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
    chain: bytes = BEGINNING
    last: tuple[int, bytes] | None = None
    rules: Rules | None = None


class Index:
    """What a node has folded, in one file. The writer's connection belongs to one thread at a time."""

    def __init__(self, path: Path, *, durable: bool, read_only: bool = False) -> None:
        self._file = IndexFile(path, durable=durable, read_only=read_only)
        self.path = path
        self._writer = self._file.prepared()
        self._lookups = self.connect()
        self._reader = self.connect()
        self._reading = threading.Lock()
        self._glancer = self.connect()
        self._glancing = threading.Lock()
        self._last_chain = self._one(self._writer, "SELECT max(position) FROM chains")[0] or 0

    def connect(self) -> sqlite3.Connection:
        """A connection of one's own to the file."""
        return self._file.connect()

    def close(self) -> None:
        with self._reading, self._glancing:
            for connection in (self._reader, self._glancer, self._lookups, self._writer):
                connection.close()

    # -- writing -------------------------------------------------------------

    def transaction(self) -> AbstractContextManager[None]:
        """All that is written inside stands together or not at all."""
        return transaction(self._writer)

    def journal(self, row: PackRow) -> None:
        """Add a record alone, inside a transaction; what points to it is written with a batch later."""
        self._insert("packs", [_row_of(row)])

    def write(self, batch: Batch, state: State, *, journaled: bool = False) -> None:
        """Add a batch, inside a transaction; `state` is how far the index is with it.

        `journaled`: its records stand in the file already.
        """
        execute = self._writer.execute
        if not journaled:
            self._insert("packs", [_row_of(row) for row in batch.packs])
        runs: list[Any] = []
        for entity, of_entity in sorted(batch.runs.items()):
            for version, first, length in of_entity:
                runs += (entity, version, first, length)
        self._insert_values("runs", 4, runs)
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
        """Insert rows."""
        if rows:
            self._insert_values(table, len(rows[0]), list(chain.from_iterable(rows)))

    def _insert_values(self, table: str, width: int, values: list[Any]) -> None:
        """Insert rows that stand one behind the other, as many at once as one statement takes well."""
        marks, most = f"({', '.join('?' * width)})", width * ROWS_AT_ONCE
        for begin in range(0, len(values), most):
            some = values[begin : begin + most]
            rows = ", ".join([marks] * (len(some) // width))
            self._writer.execute(f"INSERT INTO {table} VALUES {rows}", some)

    # -- lookups, for the fold -----------------------------------------------

    def state(self) -> State:
        row = self._one(self._lookups, "SELECT * FROM state")
        _, topic, applied, head, chain, last_offset, last_hash, window, first_version = row
        return State(
            topic,
            applied,
            head,
            chain,
            None if last_offset is None else (last_offset, last_hash),
            None if window is None else Rules(window, first_version),
        )

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """What the fold looks up inside is all as it was at one moment, whoever writes meanwhile."""
        self._lookups.execute("BEGIN")
        try:
            yield
        finally:
            self._lookups.execute("COMMIT")

    def applied(self) -> int:
        """How far the index is, alone."""
        return int(self._one(self._lookups, "SELECT applied FROM state")[0])

    def beyond(self, id: int) -> list[PackRow]:
        """The records whose events come after this notification id, whether the index is so far or not."""
        return [_pack_row(row) for row in self._lookups.execute(SELECT_PACKS, (id + 1, LATEST))]

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

    def last(self) -> int:
        """The notification id of the last event in the file, whoever wrote it; 0 when there is none.

        It waits for nobody who reads or writes.
        """
        with self._glancing:
            row = self._glancer.execute(SELECT_LAST).fetchone()
            return row[0] if row else 0

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
            return row or (0, BEGINNING)

    def size(self) -> int:
        """The bytes of the file and of its write-ahead log."""
        files = (self.path, self.path.with_name(self.path.name + "-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    @staticmethod
    def _one(connection: sqlite3.Connection, statement: str, *params: Any) -> Sequence[Any]:
        row: Sequence[Any] = connection.execute(statement, params).fetchone()
        return row


def reason_of(rejected: Rejected) -> bytes:
    """A refusal as the index keeps it."""
    fields = (getattr(rejected, name) for name in type(rejected).__dataclass_fields__)
    return msgpack.encode((type(rejected).__name__, *fields))


def _row_of(pack: PackRow) -> tuple[int, int, int, bytes | None, bytes]:
    return (*pack[:3], msgpack.encode(pack.refused) if pack.refused else None, pack.data)


def _pack_row(row: tuple[int, int, int, bytes | None, bytes]) -> PackRow:
    first, last, offset, refused, data = row
    return PackRow(first, last, offset, tuple(msgpack.decode(refused)) if refused else (), data)

"""Traces: what every commit leaves for those who look back: which entity named which id, and when it was recorded.

They are derived from the log and lie beside its index, in a file that can be deleted. A file that was made of another
log is noticed by its chain hash, and made anew. Commits are read as bytes; no fact is decoded for it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock

import msgspec

from domain.kernel.ids import SUFFIX
from infra.errors import OutOfReachError
from infra.eventlog import Log, StoredCommit
from infra.eventlog.chain import BEGINNING
from infra.eventlog.file import transaction, write_ahead

FORM = 1
SCHEMA = (
    "CREATE TABLE state (form INTEGER NOT NULL, position INTEGER NOT NULL, chain BLOB NOT NULL, latest INTEGER)",
    "CREATE TABLE moments (latest INTEGER, position INTEGER, PRIMARY KEY (latest, position)) WITHOUT ROWID",
    "CREATE TABLE namings (named TEXT, by TEXT, position INTEGER NOT NULL, PRIMARY KEY (named, by)) WITHOUT ROWID",
)
SELECT_MOMENT = "SELECT position FROM moments WHERE latest <= ? ORDER BY latest DESC, position DESC LIMIT 1"
EVERY = 200
"""How many events lie at least between two places at which the latest time of recording so far is kept."""
AT_ONCE = 5_000
"""Events that are read in one transaction."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class TracesUnusableError(OutOfReachError):
    """The file of traces cannot be used."""


class Traces:
    """The traces of a log, of ids with these prefixes. Any thread may ask; what is missing is read from the log first.

    Of a time that clocks disagree about, what counts is the latest time of recording up to a commit: it never goes
    back, and every `every` events it is kept.
    """

    def __init__(self, log: Log, prefixes: Collection[str], every: int = EVERY) -> None:
        self.path = log.path.with_name(f"{log.path.stem}.traces.db")
        self._log = log
        self._every = every
        self._names = re.compile(rf"(?:{'|'.join(sorted(prefixes))})_{SUFFIX.pattern}".encode())
        self._lock = Lock()
        self._position = -1
        try:
            self._file = _opened(self.path)
        except sqlite3.Error as error:
            raise TracesUnusableError(_unusable(self.path, error)) from error

    def close(self) -> None:
        with self._lock:
            self._file.close()

    def naming(self, id: str, position: int) -> list[str]:
        """The entities that have named this id by a position, in the order of their ids."""
        with self._read(position):
            rows = self._file.execute("SELECT by FROM namings WHERE named = ? AND position <= ?", (id, position))
            return sorted(by for (by,) in rows)

    def position_at(self, moment: datetime) -> int:
        """The end of the last commit up to which nothing was recorded after this moment; 0 where there is none."""
        when = _microseconds(moment)
        with self._read(self._log.head()):
            row = self._file.execute(SELECT_MOMENT, (when,)).fetchone()
        reached: int = row[0] if row else 0
        while commits := self._log.commits(reached, self._every):
            for commit in commits:
                if (recorded := _recorded(commit)) is not None and recorded > when:
                    return reached
                reached = commit.last
        return reached

    # -- reading the log -------------------------------------------------------

    @contextmanager
    def _read(self, position: int) -> Iterator[None]:
        """Have the file to oneself, once all up to this position is in it."""
        with self._lock:
            try:
                while self._position < position and self._read_on():
                    pass
                yield
            except sqlite3.Error as error:
                raise TracesUnusableError(_unusable(self.path, error)) from error

    def _read_on(self) -> bool:
        """Read what follows in the log; whether there was anything. Other processes may do so, too."""
        with transaction(self._file):
            position, chain, latest = self._file.execute("SELECT position, chain, latest FROM state").fetchone()
            if position != self._position and self._chain(position) != chain:
                self._forget()
                position, latest = 0, None
            self._position = position
            commits = self._log.commits(position, AT_ONCE)
            if not commits:
                return False
            moments: list[tuple[int, int]] = []
            kept = self._file.execute("SELECT max(position) FROM moments").fetchone()[0] or 0
            for commit in commits:
                latest = max((each for each in (latest, _recorded(commit)) if each is not None), default=None)
                if latest is not None and commit.last >= kept + self._every:
                    moments.append((latest, kept := commit.last))
            self._file.executemany("INSERT INTO moments VALUES (?, ?)", moments)
            self._file.executemany("INSERT OR IGNORE INTO namings VALUES (?, ?, ?)", self._namings(commits))
            position = commits[-1].last
            update = "UPDATE state SET position = ?, chain = ?, latest = ?"
            self._file.execute(update, (position, self._chain(position), latest))
        self._position = position
        return True

    def _namings(self, commits: Sequence[StoredCommit]) -> Iterator[tuple[str, str, int]]:
        for commit in commits:
            for entity, _, _, state in commit.events:
                for named in set(self._names.findall(state)):
                    yield named.decode(), entity, commit.last

    def _chain(self, position: int) -> bytes | None:
        try:
            return self._log.reading.chain_at(position)
        except ValueError:
            return None

    def _forget(self) -> None:
        """Begin anew: these were the traces of another log."""
        self._file.execute("DELETE FROM moments")
        self._file.execute("DELETE FROM namings")


class _Recorded(msgspec.Struct):
    """Of a commit's context, the time of recording alone."""

    recorded_at: datetime | None = None


_decode = msgspec.json.Decoder(_Recorded).decode


def recorded_at(commit: StoredCommit) -> datetime | None:
    """When a commit was recorded; None where it does not say."""
    return _decode(commit.context).recorded_at if commit.context else None


def _recorded(commit: StoredCommit) -> int | None:
    recorded = recorded_at(commit)
    return None if recorded is None else _microseconds(recorded)


def _microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def _opened(path: Path) -> sqlite3.Connection:
    path.touch(mode=0o600)
    file = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=60)
    try:
        write_ahead(file)
        file.execute("PRAGMA synchronous = NORMAL")
        with transaction(file):
            tables = {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not tables:
                for statement in SCHEMA:
                    file.execute(statement)
                file.execute("INSERT INTO state VALUES (?, 0, ?, NULL)", (FORM, BEGINNING))
            elif "state" not in tables or file.execute("SELECT form FROM state").fetchone()[0] != FORM:
                raise sqlite3.DatabaseError(f"it is of another form than {FORM}")
    except BaseException:
        file.close()
        raise
    return file


def _unusable(path: Path, error: sqlite3.Error) -> str:
    return f"{path} cannot be used ({error}); delete it, with the server stopped: it is made again from the log"

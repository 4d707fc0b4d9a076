"""Keys of subjects: one for each person or organisation whose data is sealed, outside the log and its backups.

The keys lie in a SQLite file of their own, each wrapped under a master key. A key is durable before it is used.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
import sqlite3
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from infra.errors import OutOfReachError
from infra.eventlog.file import write_ahead

CREATE_KEYS = (
    "CREATE TABLE IF NOT EXISTS keys (subject TEXT NOT NULL, key_id TEXT NOT NULL, wrapped BLOB NOT NULL, "
    "PRIMARY KEY (subject, key_id)) WITHOUT ROWID"
)

SELECT_KEY = (
    "SELECT key_id, wrapped FROM keys WHERE subject = ? AND key_id = coalesce(?, key_id) ORDER BY key_id LIMIT 1"
)


class KeyStoreError(OutOfReachError):
    """The keys cannot be had: nothing is sealed and nothing opened until they can."""


@dataclass(frozen=True, slots=True)
class SubjectKey:
    """The key that seals a subject's data, and its name, which every ciphertext carries."""

    key_id: str
    secret: bytes


def kept_secret(path: Path, make: Callable[[], bytes]) -> bytes:
    """What a file that only its owner reads holds; made, whole and once, by whoever comes first."""
    if not path.exists():
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name) as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(file.name, path)
    return path.read_bytes()


def master_key(path: Path) -> bytes:
    """The 32 bytes that wrap all keys, from a file that only its owner reads; made at the first use."""
    key = kept_secret(path, lambda: secrets.token_bytes(32))
    if len(key) != 32:
        raise KeyStoreError(f"{path} holds {len(key)} bytes; a master key has 32")
    return key


class KeyStore:
    """Keys by subject. Safe to share between threads; several processes may use one file."""

    def __init__(self, path: Path, master: bytes) -> None:
        self._path = path
        self._master = AESGCM(master)
        self._digest_key = hmac.digest(master, b"digest", "sha256")
        self._lock = threading.Lock()
        self._known: dict[str, SubjectKey] = {}
        path.touch(mode=0o600)
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
        write_ahead(self._connection)
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA secure_delete = ON")
        self._connection.execute(CREATE_KEYS)

    def key_of(self, subject: str) -> SubjectKey:
        """The key to seal with: the subject's own, made now if there is none."""
        with self._lock:
            if (known := self._known.get(subject)) is not None:
                return known
            if (found := self._select(subject)) is None:
                key_id, secret = secrets.token_hex(6), AESGCM.generate_key(256)
                nonce = secrets.token_bytes(12)
                wrapped = nonce + self._master.encrypt(nonce, secret, f"{subject}|{key_id}".encode())
                self._connection.execute("INSERT INTO keys VALUES (?, ?, ?)", (subject, key_id, wrapped))
                found = SubjectKey(key_id, secret)
            self._known[subject] = found
            return found

    def find(self, subject: str, key_id: str) -> SubjectKey | None:
        """The key by its name, or None if it has been destroyed."""
        with self._lock:
            known = self._known.get(subject)
            return known if known and known.key_id == key_id else self._select(subject, key_id)

    def digest(self, data: bytes) -> str:
        """A hash that tells the same data again, and from which nobody without the master key can guess the data."""
        return hmac.digest(self._digest_key, data, "sha256").hex()

    def close(self) -> None:
        with self._lock:
            self._known.clear()
            self._connection.close()

    def _select(self, subject: str, key_id: str | None = None) -> SubjectKey | None:
        row = self._connection.execute(SELECT_KEY, (subject, key_id)).fetchone()
        if row is None:
            return None
        try:
            secret = self._master.decrypt(row[1][:12], row[1][12:], f"{subject}|{row[0]}".encode())
        except InvalidTag as error:
            raise KeyStoreError(
                f"the master key does not open {self._path}: it belongs to another data folder"
            ) from error
        return SubjectKey(row[0], secret)

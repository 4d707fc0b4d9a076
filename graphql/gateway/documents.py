"""Trusted documents: what was put into a folder beforehand, each known by the hash of its text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

KIND: Final = "sha256:"
"""What the identifier of a document begins with; the hash follows."""
STANDING: Final = "{ standing { position head lag lagSeconds } }"
"""What `yizhan lag` asks of a server. It is trusted whatever else is."""


def hash_of(text: str) -> str:
    """The SHA-256 of a text in UTF-8: 64 hexadecimal digits, in small letters."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Document:
    """A document: its text to the byte, the names of its operations, and the file that holds it."""

    text: str
    names: tuple[str, ...]
    file: str

    @property
    def id(self) -> str:
        """The identifier by which it is asked for."""
        return f"{KIND}{hash_of(self.text)}"


class Documents:
    """The documents that are known. Where they are `alone`, nothing else is executed."""

    def __init__(self, documents: Iterable[Document] = (), *, alone: bool = False) -> None:
        texts = [STANDING, *(each.text for each in documents)]
        self.alone = alone
        self._by_hash = {hash_of(text): text for text in texts}
        self._texts = frozenset(texts)

    def find(self, hash: str) -> str | None:
        """The text with this hash."""
        return self._by_hash.get(hash)

    def __contains__(self, text: str) -> bool:
        return text in self._texts

"""Sources: the bytes of a file, bounded in size, decoded piece by piece, with progress told to whoever wants it."""

from __future__ import annotations

import codecs
import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TypeAlias

from infra.imports.flaws import FILE, Flaw

Progress: TypeAlias = Callable[[int], None]
"""Told, now and then, how many bytes of the file have been read."""

CHUNK = 64 * 1024
_IN_MEMORY = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is taken of a file: its bytes, the bytes of a file of pages or of a listing in JSON, the characters of a
    line of a table or of a piece of mark-up, and how many records and flaws it may hold.
    """

    file: int = 256 * 1024 * 1024
    page: int = 8 * 1024 * 1024
    listing: int = 64 * 1024 * 1024
    piece: int = 1024 * 1024
    records: int = 200_000
    flaws: int = 10_000


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: its name for messages, its content, which can be read from its beginning again, its bounds."""

    name: str
    content: IO[bytes]
    bounds: Bounds = Bounds()
    progress: Progress | None = None

    def head(self, size: int = CHUNK) -> bytes:
        """The first bytes."""
        self.content.seek(0)
        return self.content.read(size)

    def size(self) -> int:
        return self.content.seek(0, io.SEEK_END)

    def chunks(self) -> Iterator[bytes]:
        """All bytes from the beginning, telling the progress. Flaw: `file.too_large`, should it grow meanwhile."""
        self.content.seek(0)
        read = 0
        while chunk := self.content.read(CHUNK):
            read += len(chunk)
            ensure_size(read, self.bounds.file)
            if self.progress:
                self.progress(read)
            yield chunk

    def text(self, encoding: str) -> Iterator[str]:
        """All text from the beginning, without a byte order mark.

        Flaw: `file.encoding`, at the first byte that the encoding does not know.
        """
        decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
        read = 0
        for chunk in self.chunks():
            text = _decoded(decoder, chunk, read, encoding)
            yield text if read else text.removeprefix("\ufeff")
            read += len(chunk)
        yield _decoded(decoder, b"", read, encoding, final=True)


def _decoded(decoder: codecs.IncrementalDecoder, chunk: bytes, read: int, encoding: str, *, final: bool = False) -> str:
    pending = len(decoder.getstate()[0])
    try:
        return decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        at = read - pending + error.start + 1
        reason = f"it is not {encoding} throughout: byte {at:,} does not fit"
        raise Flaw("file.encoding", reason, "UTF-8 or GB18030 from beginning to end") from error


def ensure_size(size: int, bound: int) -> None:
    """Flaw: `file.too_large`."""
    if size > bound:
        raise Flaw("file.too_large", f"it has more than {bound:,} bytes", f"at most {bound:,} bytes", FILE)


@contextmanager
def rewindable(content: bytes | IO[bytes], bound: int) -> Iterator[IO[bytes]]:
    """The content as a stream that can be read twice; what cannot be wound back is copied aside first.

    Flaw: `file.too_large`.
    """
    if isinstance(content, bytes):
        yield io.BytesIO(content)
    elif content.seekable():
        yield content
    else:
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
            while chunk := content.read(CHUNK):
                copy.write(chunk)
                ensure_size(copy.tell(), bound)
            yield copy

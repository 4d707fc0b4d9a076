"""Messages of the protocol: how they are cut into chunks, and put together again."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import Any, Final

from infra.graphdb.bolt.errors import ProtocolError
from infra.graphdb.bolt.values import Packing, unpacked

LONGEST_CHUNK: Final = 0xFFFF
END: Final = b"\0\0"


class Ask(IntEnum):
    """What is sent."""

    HELLO = 0x01
    GOODBYE = 0x02
    RESET = 0x0F
    RUN = 0x10
    BEGIN = 0x11
    COMMIT = 0x12
    ROLLBACK = 0x13
    PULL = 0x3F
    ROUTE = 0x66
    LOGON = 0x6A


class Told(IntEnum):
    """What comes back: any number of records, and then one of the others for each message that was sent."""

    SUCCESS = 0x70
    RECORD = 0x71
    IGNORED = 0x7E
    FAILURE = 0x7F


def message(packing: Packing, ask: Ask, *fields: Any) -> bytes:
    """A message as it is sent. Raises ValueError for a field that cannot be."""
    body = b"".join((bytes((0xB0 | len(fields), ask)), *map(packing.packed, fields)))
    if len(body) <= LONGEST_CHUNK:
        return len(body).to_bytes(2, "big") + body + END
    chunks = (body[begin : begin + LONGEST_CHUNK] for begin in range(0, len(body), LONGEST_CHUNK))
    return b"".join([len(chunk).to_bytes(2, "big") + chunk for chunk in chunks]) + END


class Incoming:
    """What has come in, and is no whole message yet."""

    __slots__ = ("_message", "_rest")

    def __init__(self) -> None:
        self._rest = bytearray()
        self._message = bytearray()

    def messages(self, data: bytes) -> Iterator[tuple[Told, Any]]:
        """The messages that are whole with this: what each tells, and with what. Raises ProtocolError."""
        rest, at = self._rest, 0
        rest += data
        while len(rest) - at >= 2:
            size = rest[at] << 8 | rest[at + 1]
            if len(rest) - at - 2 < size:
                break
            at += 2 + size
            if size:
                self._message += rest[at - size : at]
            elif self._message:  # an end without a message only says that the server is still there
                whole, self._message = self._message, bytearray()
                yield _read(whole)
        del rest[:at]


def _read(message: bytearray) -> tuple[Told, Any]:
    try:
        told = Told(message[1])
    except (IndexError, ValueError):
        raise ProtocolError(f"a message that nothing is known of: {bytes(message[:20])!r}") from None
    return told, unpacked(message, 2) if message[0] & 0x0F else None

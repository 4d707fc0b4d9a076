"""The chain hash: one value that stands for all accepted commits up to a position, and their order."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from msgspec.msgpack import Encoder

from infra.eventlog.values import Event

BEGINNING: Final = bytes(32)
"""The chain hash of an empty log."""

_encode = Encoder().encode


def chained(chain: bytes, first: int, events: tuple[Event, ...]) -> bytes:
    """The chain hash after one more accepted commit: SHA-256 of the one before and of msgpack `[first, [event…]]`."""
    return sha256(chain + _encode((first, events))).digest()

"""Attempts: what is to be recorded for a command as things stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from eventsourcing.persistence import StoredEvent


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is to be recorded for a command: its events, and what goes with them into the commit."""

    entity_id: str
    events: Sequence[StoredEvent]
    about: Mapping[str, Any]


def digest(key: str) -> bytes:
    """The 16 bytes that stand for a request's key in the log."""
    return blake2b(key.encode(), digest_size=16).digest()

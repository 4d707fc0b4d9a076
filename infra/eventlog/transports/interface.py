"""What the engine needs of a Kafka client, and what may go wrong with it."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

Record = tuple[int, bytes | None]
"""A record's offset and its value."""

ASKING: Final = 5.0
"""Seconds that one question takes at most. A client that got stuck with its broker is made anew for the next one."""
TOPIC_SETTINGS: Final = {"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1"}
"""How the log's topic is created: nothing in it is ever deleted."""


class TransportError(Exception):
    """The log did not answer; it may be tried again. What was to be appended was not sent."""


class UnacknowledgedError(TransportError):
    """A record was sent and not acknowledged: it may stand in the log, come to stand there later, or never."""


class RefusedError(TransportError):
    """The log answered, and will not do it: not allowed, too large, or the like."""


class OffsetGoneError(TransportError):
    """The log does not hold the offset that is asked for: it begins later, or ends before."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it stands: Kafka's own id for it, which a topic made anew under the same name does not have."""

    id: str
    partitions: int


def topic_id(raw: bytes) -> str:
    """A topic's id as Kafka's tools write it."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


class Transport(Protocol):
    """One topic of one partition. `poll` belongs to one thread; everything else may be called from any."""

    client: str

    def describe(self, timeout: float) -> Topic | None:
        """The topic, or None when there is none of this name."""

    def create(self, replication: int, timeout: float) -> None:
        """Make the topic, with one partition; one that is there already is left as it is. -1: the servers' default."""

    def append(self, data: bytes, timeout: float) -> int:
        """Append a record and give its offset, acknowledged by all replicas that are in step.

        Raises UnacknowledgedError when that does not come in time, RefusedError, or TransportError (was not sent).
        """

    def bounds(self, timeout: float) -> tuple[int, int]:
        """The first offset that the log holds, and the one that its next record will have."""

    def poll(self, offset: int, timeout: float) -> tuple[Sequence[Record], int]:
        """Wait for records from this offset on. Gives those that came, and the offset up to which there are no others.

        Earlier ones may be among them. Where that offset is beyond the last record, there is none in between: Kafka
        uses offsets for notes of its own, too.
        """

    def rest(self) -> None:
        """Fetch nothing until the next poll, which is not soon. For whoever polls."""

    def renew(self) -> None:
        """Poll with a client made anew: one that is stuck does not know it. For whoever polls."""

    def close(self) -> None:
        """Let go of all connections; what was not sent is not sent any more."""

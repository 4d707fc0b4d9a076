"""Opening a log: by its address, and only after it was seen to be the log that the index knows.

A log that is shorter, was made anew, holds something else or has lost its beginning stops the opening before anything
is touched: the index may be the only copy left.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from infra.eventlog.comparing import PAUSE, difference
from infra.eventlog.embedded import EmbeddedLog
from infra.eventlog.errors import LogOutOfReachError, LogStoppedError
from infra.eventlog.index import Index, State
from infra.eventlog.keeping import folded, locked
from infra.eventlog.log import Log
from infra.eventlog.networked import KafkaLog
from infra.eventlog.transports import connect
from infra.eventlog.transports.interface import ASKING, RefusedError, Topic, Transport, TransportError
from infra.eventlog.transports.security import Security
from infra.eventlog.values import Rules

ADDRESS: Final = re.compile(r"kafka://(?P<servers>[^/,]+:\d+(,[^/,]+:\d+)*)/(?P<topic>[A-Za-z0-9._-]{1,249})")
ADDRESSES: Final = "sqlite:FILE, or kafka://HOST:PORT[,HOST:PORT…]/TOPIC"
CATCHING_UP: Final = 86_400.0
CREATING: Final = 3.0
"""Seconds for the first attempt to make a topic, and twice as many for each next one.

A client that met servers without a controller waits for it in vain, and slow servers are not quicker the next time.
"""

Progress = Callable[[int, int], None]
"""Hears how many records are folded, and of how many."""


def open_log(
    url: str,
    *,
    index: Path | None = None,
    client: str = "auto",
    security: Security | Mapping[str, Any] | None = None,
    first_version: int = 1,
    window: int = 100_000,
    deadline: float = 15.0,
    create: bool = True,
    replication: int = -1,
    progress: Progress | None = None,
) -> Log:
    """Open the log at an address: `sqlite:FILE`, or `kafka://HOST:PORT[,HOST:PORT…]/TOPIC` with an `index` file.

    `first_version` and `window` are for a log that begins now; one that exists has its own. `create` lets a topic that
    does not exist be made, if the index does not know it either. Raises ValueError for an address or a setting that
    cannot be, LogStoppedError, LogOutOfReachError, IndexInUseError, IndexUnusableError.
    """
    rules = Rules(window, first_version)
    if url.startswith("sqlite:"):
        return EmbeddedLog(Path(url.removeprefix("sqlite:")), rules)
    address = address_of(url)
    if index is None:
        raise ValueError(f"{url} takes an index file besides")
    given = security if isinstance(security, Security) else Security(**(security or {}))
    opening = _Opening(url, index, rules, deadline, create, replication, progress)
    release = locked(index)
    try:
        transport = connect(client, address.servers, address.topic, given, deadline)
        try:
            return opening.run(transport, release)
        except BaseException:
            transport.close()
            raise
    except BaseException:
        release()
        raise


@dataclass(frozen=True, slots=True)
class Address:
    """Where a topic is: servers to ask first, each HOST:PORT, and its name."""

    servers: Sequence[str]
    topic: str


def address_of(url: str) -> Address:
    """The address of a Kafka log; raises ValueError."""
    if (found := ADDRESS.fullmatch(url)) is None:
        raise ValueError(f"{url!r} is no address of a log; takes {ADDRESSES}")
    return Address(found["servers"].split(","), found["topic"])


@dataclass(frozen=True, slots=True)
class _Opening:
    """The opening of one Kafka log over one index."""

    url: str
    index: Path
    rules: Rules
    deadline: float
    create: bool
    replication: int
    progress: Progress | None

    def run(self, transport: Transport, release: Callable[[], None]) -> KafkaLog:
        """Compare, and only then touch anything; then fold what the index lacks."""
        known = folded(self.index)
        topic = self._topic(transport, known)
        if (reason := difference(transport, topic, known, self.deadline)) is not None:
            raise LogStoppedError(f"{self.url}: {reason}; {self._kept(known)}")
        index = Index(self.index, durable=False)
        log = KafkaLog(index, transport, self.url, topic.id, self.deadline, release)
        try:
            log.barrier(CATCHING_UP, self.progress)
            log.configure(self.rules, self.deadline)
        except BaseException:
            log.close()
            raise
        return log

    def _topic(self, transport: Transport, known: State | None) -> Topic:
        """The topic, made now if it may be."""
        until = time.monotonic() + self.deadline
        asked, creating = False, CREATING
        while True:
            try:
                if (topic := transport.describe(min(ASKING, self.deadline))) is not None:
                    return topic
                if known is not None and known.applied:
                    raise LogStoppedError(f"{self.url}: there is no such topic any more; {self._kept(known)}")
                if not self.create:
                    raise LogStoppedError(f"{self.url}: there is no such topic; create it with one partition")
                if not asked:
                    seconds, creating = min(creating, self.deadline), 2 * creating
                    transport.create(self.replication, seconds)
                    asked = True
            except TransportError as error:
                if isinstance(error, RefusedError) or time.monotonic() > until:
                    raise LogOutOfReachError(f"{self.url} is out of reach: {error}") from error
            if time.monotonic() > until:
                raise LogOutOfReachError(f"{self.url}: the topic did not appear in time")
            time.sleep(PAUSE)

    def _kept(self, known: State | None) -> str:
        """What becomes of the index when the log is not the one that it knows."""
        if known is None or not known.applied:
            return "nothing was changed"
        return (
            f"nothing was changed. {self.index} has folded {known.applied} records with {known.head} events and may be "
            "the only copy left; only if that is meant, `yizhan doctor --accept-log` puts it aside and begins a new one"
        )

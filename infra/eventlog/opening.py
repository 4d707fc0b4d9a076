"""Opening a log: by its address, and only after it was seen to be the log that the index knows.

A log that is shorter, was made anew, holds something else or has lost its beginning stops the opening before anything
is touched: the index may be the only copy left.
"""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from infra.eventlog.embedded import EmbeddedLog
from infra.eventlog.errors import IndexInUseError, LogOutOfReachError, LogStoppedError
from infra.eventlog.index import Index, State
from infra.eventlog.log import Log
from infra.eventlog.networked import KafkaLog
from infra.eventlog.transports import connect
from infra.eventlog.transports.interface import OffsetGoneError, RefusedError, Topic, Transport, TransportError
from infra.eventlog.transports.security import Security
from infra.eventlog.values import Rules

ADDRESS: Final = re.compile(r"kafka://(?P<servers>[^/,]+:\d+(,[^/,]+:\d+)*)/(?P<topic>[A-Za-z0-9._-]{1,249})")
ADDRESSES: Final = "sqlite:FILE, or kafka://HOST:PORT[,HOST:PORT…]/TOPIC"
CATCHING_UP: Final = 86_400.0
PAUSE: Final = 0.1

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
    release = locked(index)
    try:
        transport = connect(client, address.servers, address.topic, given, deadline)
        try:
            return _opened(transport, url, index, rules, deadline, release, create, replication, progress)
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


def _opened(
    transport: Transport,
    url: str,
    index: Path,
    rules: Rules,
    deadline: float,
    release: Callable[[], None],
    create: bool,
    replication: int,
    progress: Progress | None,
) -> KafkaLog:
    known = folded(index)
    topic = _topic(transport, url, index, known, deadline, create, replication)
    if (reason := difference(transport, topic, known, deadline)) is not None:
        raise LogStoppedError(f"{url}: {reason}; {_kept(index, known)}")
    log = KafkaLog(Index(index, durable=False), transport, url, topic.id, deadline, release)
    try:
        log.barrier(CATCHING_UP, progress)
        log.configure(rules, deadline)
    except BaseException:
        log.close()
        raise
    return log


def _topic(
    transport: Transport, url: str, index: Path, known: State | None, deadline: float, create: bool, replication: int
) -> Topic:
    """The topic, made now if it may be."""
    until = time.monotonic() + deadline
    asked = False
    while True:
        try:
            if (topic := transport.describe(deadline)) is not None:
                return topic
            if known is not None and known.applied:
                raise LogStoppedError(f"{url}: there is no such topic any more; {_kept(index, known)}")
            if not create:
                raise LogStoppedError(f"{url}: there is no such topic; create it with one partition")
            if not asked:
                transport.create(replication, deadline)
                asked = True
        except TransportError as error:
            if isinstance(error, RefusedError) or time.monotonic() > until:
                raise LogOutOfReachError(f"{url} is out of reach: {error}") from error
        if time.monotonic() > until:
            raise LogOutOfReachError(f"{url}: the topic did not appear in time")
        time.sleep(PAUSE)


def difference(transport: Transport, topic: Topic, known: State | None, deadline: float) -> str | None:
    """In what the topic is not the log that an index has folded so far; None when it is."""
    if topic.partitions != 1:
        return f"the topic has {topic.partitions} partitions; takes one with 1, for the log is one order"
    begin, end = _within(deadline, lambda: transport.bounds(deadline))
    if begin > 0:
        return f"the beginning of the log is gone: it begins at record {begin}"
    if known is None or not known.applied:
        return None
    if topic.id != known.topic:
        return f"the topic was made anew: its id was {known.topic} and is {topic.id}"
    if end < known.applied:
        return f"the log is shorter than it was: it ends at record {end}, and {known.applied} were folded"
    if known.last is None:
        return None
    offset, hash = known.last
    try:
        records, _ = _within(deadline, lambda: _some(transport, offset, deadline))
    except OffsetGoneError as error:
        return f"record {offset}, the last one that was folded, is gone ({error})"
    if not records or records[0][0] != offset or sha256(records[0][1] or b"").digest() != hash:
        return f"record {offset} is not the one that was folded"
    return None


def _some(transport: Transport, offset: int, deadline: float) -> Any:
    until = time.monotonic() + deadline
    while True:
        records, position = transport.poll(offset, min(1.0, deadline))
        if records or position > offset:
            return records, position
        if time.monotonic() > until:
            raise TransportError(f"record {offset} does not come")


def _within(deadline: float, ask: Callable[[], Any]) -> Any:
    """The answer, asked for again while the servers are away, for as long as the deadline says."""
    until = time.monotonic() + deadline
    while True:
        try:
            return ask()
        except OffsetGoneError:
            raise
        except TransportError as error:
            if time.monotonic() > until:
                raise LogOutOfReachError(f"the log is out of reach: {error}") from error
            time.sleep(PAUSE)


def folded(index: Path) -> State | None:
    """How far an index is, without touching it; None when there is none."""
    if not index.exists() or not index.stat().st_size:
        return None
    reader = Index(index, durable=False, read_only=True)
    try:
        return reader.state()
    finally:
        reader.close()


def put_aside(index: Path) -> Path:
    """Give an index a name under which nobody looks for it; where it is now. Raises IndexInUseError."""
    release = locked(index)
    try:
        reader = Index(index, durable=False)
        reader.close()  # what its write-ahead log holds goes into the file itself
        aside = index.with_name(f"{index.name}.aside-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
        index.rename(aside)
        return aside
    finally:
        release()


def _kept(index: Path, known: State | None) -> str:
    if known is None or not known.applied:
        return "nothing was changed"
    return (
        f"nothing was changed. {index} has folded {known.applied} records with {known.head} events and may be the only "
        "copy left; only if that is meant, `yizhan doctor --accept-log` puts it aside and begins a new one"
    )


def locked(index: Path) -> Callable[[], None]:
    """Take an index for this process, and give what lets go of it."""
    path = index.with_name(index.name + ".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = os.pread(file, 32, 0).decode(errors="replace").strip()
        os.close(file)
        raise IndexInUseError(
            f"{index} is in use by process {holder or 'unknown'}; each process that writes has an index of its own"
        ) from None
    os.ftruncate(file, 0)
    os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
    held = [file]

    def release() -> None:
        while held:
            os.close(held.pop())

    return release

"""Whether a topic is the log that an index has folded so far. Looks, and touches nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

from infra.eventlog.errors import LogOutOfReachError
from infra.eventlog.index import State
from infra.eventlog.transports.interface import ASKING, OffsetGoneError, Topic, Transport, TransportError

PAUSE: Final = 0.1
"""Seconds between two attempts while the servers are away."""


def difference(transport: Transport, topic: Topic, known: State | None, deadline: float) -> str | None:
    """In what the topic is not the log that an index has folded so far; None when it is."""
    if topic.partitions != 1:
        return f"the topic has {topic.partitions} partitions; takes one with 1, for the log is one order"
    begin, end = _within(deadline, lambda: transport.bounds(min(ASKING, deadline)))
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

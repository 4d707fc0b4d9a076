"""Where published events go: what a publisher asks of a topic, or of a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import orjson

from infra.errors import OutOfReachError
from infra.publishing.events import Event


class OutletError(OutOfReachError):
    """The place where events go cannot be used as it is; says why."""


@dataclass(frozen=True, slots=True)
class End:
    """How a place of events ends: up to which position everything is there for certain, and out of which log."""

    position: int
    origin: str


class Outlet(Protocol):
    """A place that keeps events for ever, in their order. It belongs to one thread."""

    def end(self) -> End | None:
        """Where it ends; None if it holds nothing yet."""

    def send(self, events: Sequence[Event], after: int) -> None:
        """Append the events and wait until they are there to stay.

        Everything up to the position `after` is there already. Raises if it is not certain that all of them are there;
        then some may be, the first ones of them: none is ever there without those before it.
        """

    def close(self) -> None:
        """Let go of it; what is not certain to be there may be lost."""


def origin_of(value: bytes) -> str:
    """Out of which log an event came, by its JSON. Raises OutletError for anything that is no event of ours."""
    try:
        event = orjson.loads(value)
        origin, _, _ = event["source"], event["id"], event["sequence"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise OutletError("there is something else than events there; takes a place of its own") from None
    return str(origin)

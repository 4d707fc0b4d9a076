"""The context of a commit: who acted, for which station, when, and at whose request. It stands once per commit."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Struct
from msgspec.structs import replace
from pydantic import StringConstraints

from domain.kernel.facts import Value
from domain.kernel.ids import prefix_of


class Asking(Value):
    """A request as its sender names it; that comes from outside, and is checked as input is."""

    request_id: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Context(Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """Who acts, for whom, and the request that a commit answers.

    `request_id` is the sender's own name for the request: the same one, sent again, takes effect once. `at` is when the
    act happened, `recorded_at` when it was written down; both carry a time zone. `traceparent` says in which trace its
    recording is told of, if it is told of anywhere, and nothing of what happened.

    One is read with every commit, and was checked before it was written: it is checked by whoever records, not by who
    reads. A model of pydantic would always check.
    """

    actor: str
    request_id: str
    at: datetime
    station_id: str | None = None
    recorded_at: datetime | None = None
    appointment_id: str | None = None
    command: str = ""
    input_hash: str = ""
    correlation_id: str | None = None
    causation_id: str | None = None
    traceparent: str | None = None

    def checked(self) -> Context:
        """The same; raises ValueError for one that no commit can have."""
        Asking(request_id=self.request_id)
        ids = (self.actor, "person"), (self.station_id, "station"), (self.appointment_id, "appointment")
        for id, prefix in ids:
            if id is not None and prefix_of(id) != prefix:
                raise ValueError(f"{id!r} stands where the id of a {prefix} does: takes {prefix}_…")
        for moment in (self.at, self.recorded_at):
            if moment is not None and moment.tzinfo is None:
                raise ValueError(f"{moment} has no time zone")
        return self

    def request_key(self) -> str:
        return request_key(self.actor, self.request_id)

    def recorded(self, at: datetime) -> Context:
        return replace(self, recorded_at=at)


def request_key(actor: str, request_id: str) -> str:
    """What makes a request one of a kind: the actor and the actor's own name for it."""
    return f"{actor}\x1f{request_id}"

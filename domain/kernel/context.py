"""The context of a commit: who acted, for which station, when, and at whose request. It stands once per commit."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, StringConstraints

from domain.kernel.facts import Value
from domain.kernel.ids import Ref


class Context(Value):
    """Who acts, for whom, and the request that a commit answers.

    `request_id` is the sender's own name for the request: the same one, sent again, takes effect once. `at` is when the
    act happened, `recorded_at` when it was written down; both carry a time zone.
    """

    actor: Annotated[str, Ref("person")]
    station_id: Annotated[str, Ref("station")] | None = None
    request_id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    at: AwareDatetime
    recorded_at: AwareDatetime | None = None
    appointment_id: Annotated[str, Ref("appointment")] | None = None
    command: str = ""
    input_hash: str = ""
    correlation_id: str | None = None
    causation_id: str | None = None

    def request_key(self) -> str:
        return request_key(self.actor, self.request_id)

    def recorded(self, at: datetime) -> Context:
        return self.model_copy(update={"recorded_at": at})


def request_key(actor: str, request_id: str) -> str:
    """What makes a request one of a kind: the actor and the actor's own name for it."""
    return f"{actor}\x1f{request_id}"

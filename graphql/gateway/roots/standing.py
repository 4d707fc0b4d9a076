"""How far the graph is: the position that it shows, and how many events it is behind."""

from __future__ import annotations

from typing import Any

import graphene

from gateway.context import Request
from gateway.scalars import Position


class Standing(graphene.ObjectType):
    """How far the graph is behind the log."""

    position = graphene.NonNull(Position, description="The position of the log that the graph shows.")
    head = graphene.NonNull(Position, description="The position of the last event in the log.")
    lag = graphene.Int(required=True, description="How many events the graph is behind.")
    lag_seconds = graphene.Float(required=True, description="For how long the oldest of them has been waiting.")


async def _resolve(_root: Any, info: Any) -> dict[str, Any]:
    request: Request = info.context
    await request.rows("RETURN 1", {})
    assert request.position is not None
    head = request.services.history.head()
    lag = max(0, head - request.position)
    seconds = await request.services.progress.waiting() if lag else 0.0
    return {"position": request.position, "head": head, "lag": lag, "lag_seconds": seconds}


def fields() -> dict[str, Any]:
    return {"standing": graphene.Field(Standing, required=True, resolver=_resolve, description=Standing.__doc__)}

"""How two records are connected: the shortest way between them over records that the reader sees."""

from __future__ import annotations

from typing import Any

import graphene

from domain.kernel.ids import prefix_of
from gateway.context import Request
from gateway.errors import GatewayError
from gateway.listing import Node
from gateway.loading import labels_by_prefix, load_node
from gateway.pathfinding import FARTHEST, seen, shortest


class Step(graphene.ObjectType):
    """One link on the way."""

    link = graphene.String(required=True, description="The kind of link.")
    source = graphene.ID(required=True, description="Where the link starts; the way may follow it either way.")
    target = graphene.ID(required=True)


class Path(graphene.ObjectType):
    """The shortest way between two records."""

    length = graphene.Int(required=True, description="How many links it follows.")
    nodes = graphene.List(graphene.NonNull(Node), required=True)
    steps = graphene.List(graphene.NonNull(Step), required=True)


async def _resolve(_root: Any, info: Any, start: str, end: str) -> dict[str, Any] | None:
    request: Request = info.context
    if start == end or not {prefix_of(start), prefix_of(end)} <= labels_by_prefix().keys():
        raise GatewayError("BAD_INPUT", "from, to: takes the ids of two different records")
    if len(await seen(request, {start, end})) < 2:
        return None
    way = await shortest(request, start, end)
    if way is None:
        return None
    ids = [start, *(after for _, after, _ in way)]
    steps = [
        {"link": hop.link, "source": before if hop.forwards else after, "target": after if hop.forwards else before}
        for before, after, hop in way
    ]
    return {"length": len(steps), "nodes": [await load_node(request, id) for id in ids], "steps": steps}


def fields() -> dict[str, Any]:
    async def resolve(root: Any, info: Any, **ends: str) -> dict[str, Any] | None:
        return await _resolve(root, info, ends["start"], ends["end"])

    return {
        "path": graphene.Field(
            Path,
            start=graphene.ID(required=True, name="from"),
            end=graphene.ID(required=True, name="to"),
            resolver=resolve,
            description=f"The shortest way between two records, up to {FARTHEST} links, over records that the reader "
            "sees.",
        )
    }

"""How two records are connected: the shortest way between them over records that the reader sees."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import graphene

from domain.kernel.ids import prefix_of
from gateway.context import Request
from gateway.errors import GatewayError
from gateway.listing import Node
from gateway.loading import labels_by_prefix, load_node, visible

FARTHEST = 8
MOST_VISITED = 20_000
"""After so many records a search gives up: it would take longer than a reader waits."""


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


@dataclass(frozen=True, slots=True)
class Hop:
    """A link followed from a record that was reached before, either way."""

    before: str
    link: str
    forwards: bool


@dataclass(slots=True)
class Search:
    """What has been reached from one end: by which hop each record, and those that were reached last."""

    reached: dict[str, Hop | None]
    edge: set[str] = field(default_factory=set)

    def way(self, id: str) -> list[tuple[str, Hop]]:
        """The hops from this record back to where the search began, each with the record that it reached."""
        hops = []
        while (hop := self.reached[id]) is not None:
            hops.append((id, hop))
            id = hop.before
        return hops


async def _resolve(_root: Any, info: Any, start: str, end: str) -> dict[str, Any] | None:
    request: Request = info.context
    if start == end or not {prefix_of(start), prefix_of(end)} <= labels_by_prefix().keys():
        raise GatewayError("BAD_INPUT", "from, to: takes the ids of two different records")
    if len(await _seen(request, {start, end})) < 2:
        return None
    way = await _shortest(request, start, end)
    if way is None:
        return None
    ids = [start, *(after for _, after, _ in way)]
    steps = [
        {"link": hop.link, "source": before if hop.forwards else after, "target": after if hop.forwards else before}
        for before, after, hop in way
    ]
    return {"length": len(steps), "nodes": [await load_node(request, id) for id in ids], "steps": steps}


async def _shortest(request: Request, start: str, end: str) -> list[tuple[str, str, Hop]] | None:
    """The hops of a shortest way, each with the records before and after it; searched from both ends, level by level.

    The graph engine's own search cannot be used: it would stop at a shorter way over records that are hidden.
    """
    there, back = Search({start: None}, {start}), Search({end: None}, {end})
    for _ in range(FARTHEST):
        here, other = (there, back) if len(there.edge) <= len(back.edge) else (back, there)
        here.edge = await _widen(request, here)
        if meeting := here.edge & other.reached.keys():
            return _joined(there, back, min(meeting))
        if not here.edge:
            return None
        if len(there.reached) + len(back.reached) > MOST_VISITED:
            raise GatewayError("TOO_FAR", f"no way was found among the first {MOST_VISITED:,} records around the two")
    return None


async def _widen(request: Request, search: Search) -> set[str]:
    """Take in the neighbours of what was reached last, as far as the viewer sees them; gives those that are new."""
    found: dict[str, Hop] = {}
    for label, ids in _by_label(search.edge).items():
        statement = (
            f"MATCH (h:{label})-[l]-(n) WHERE h.id IN $ids "
            "RETURN DISTINCT n.id, h.id, type(l), startNode(l).id = h.id ORDER BY n.id, h.id, type(l)"
        )
        for id, before, link, forwards in await request.rows(statement, {"ids": ids}):
            if id not in search.reached:
                found.setdefault(id, Hop(before, link, forwards))
    seen = await _seen(request, found)
    search.reached.update((id, found[id]) for id in seen)
    return seen


async def _seen(request: Request, ids: Collection[str]) -> set[str]:
    """Those of these records that exist and that the viewer sees."""
    seen: set[str] = set()
    for label, of_label in _by_label(ids).items():
        predicate = visible(request, label)
        predicate.add("n.id IN $ids", ids=of_label)
        rows = await request.rows(f"MATCH (n:{label}) {predicate.where()} RETURN n.id", predicate.parameters)
        seen.update(row[0] for row in rows)
    return seen


def _by_label(ids: Collection[str]) -> Mapping[str, list[str]]:
    labels: dict[str, list[str]] = {}
    for id in sorted(ids):
        labels.setdefault(labels_by_prefix()[prefix_of(id)], []).append(id)
    return labels


def _joined(there: Search, back: Search, meeting: str) -> list[tuple[str, str, Hop]]:
    """One way out of the two that meet; the hops of the second are turned round."""
    forth = [(hop.before, after, hop) for after, hop in reversed(there.way(meeting))]
    turned = [(after, hop.before, Hop(after, hop.link, not hop.forwards)) for after, hop in back.way(meeting)]
    return forth + turned


def fields() -> dict[str, Any]:
    async def resolve(root: Any, info: Any, **ends: str) -> dict[str, Any] | None:
        return await _resolve(root, info, ends["start"], ends["end"])

    return {
        "path": graphene.Field(
            Path,
            start=graphene.ID(required=True, name="from"),
            end=graphene.ID(required=True, name="to"),
            resolver=resolve,
            description="The shortest way between two records, up to 8 links, over records that the reader sees.",
        )
    }

"""Searching the graph for the shortest way between two records, over records that the reader sees."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from domain.kernel.ids import prefix_of
from gateway.context import Request
from gateway.errors import GatewayError
from gateway.loading import labels_by_prefix, visible

FARTHEST = 8
"""So many links a way follows at most."""

MOST_VISITED = 20_000
"""After so many records a search gives up: it would take longer than a reader waits."""


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


async def shortest(
    request: Request, start: str, end: str, farthest: int = FARTHEST, most_visited: int = MOST_VISITED
) -> list[tuple[str, str, Hop]] | None:
    """The hops of a shortest way, each with the records before and after it; searched from both ends, level by level.

    None when no way of at most `farthest` links leads from one to the other. Raises GatewayError `TOO_FAR` once more
    than `most_visited` records have been reached and the two ends have not met.

    The graph engine's own search cannot be used: it would stop at a shorter way over records that are hidden.
    """
    there, back = Search({start: None}, {start}), Search({end: None}, {end})
    for _ in range(farthest):
        here, other = (there, back) if len(there.edge) <= len(back.edge) else (back, there)
        here.edge = await widen(request, here)
        if meeting := here.edge & other.reached.keys():
            return joined(there, back, min(meeting))
        if not here.edge:
            return None
        if len(there.reached) + len(back.reached) > most_visited:
            raise GatewayError("TOO_FAR", f"no way was found among the first {most_visited:,} records around the two")
    return None


async def widen(request: Request, search: Search) -> set[str]:
    """Take in the neighbours of what was reached last, as far as the viewer sees them; gives those that are new."""
    found: dict[str, Hop] = {}
    for label, ids in by_label(search.edge).items():
        statement = (
            f"MATCH (h:{label})-[l]-(n) WHERE h.id IN $ids "
            "RETURN DISTINCT n.id, h.id, type(l), startNode(l).id = h.id ORDER BY n.id, h.id, type(l)"
        )
        for id, before, link, forwards in await request.rows(statement, {"ids": ids}):
            if id not in search.reached:
                found.setdefault(id, Hop(before, link, forwards))
    new = await seen(request, found)
    search.reached.update((id, found[id]) for id in new)
    return new


async def seen(request: Request, ids: Collection[str]) -> set[str]:
    """Those of these records that exist and that the viewer sees."""
    found: set[str] = set()
    for label, of_label in by_label(ids).items():
        predicate = visible(request, label)
        predicate.add("n.id IN $ids", ids=of_label)
        rows = await request.rows(f"MATCH (n:{label}) {predicate.where()} RETURN n.id", predicate.parameters)
        found.update(row[0] for row in rows)
    return found


def by_label(ids: Collection[str]) -> Mapping[str, list[str]]:
    """These ids in their order, by the label of their records."""
    labels: dict[str, list[str]] = {}
    for id in sorted(ids):
        labels.setdefault(labels_by_prefix()[prefix_of(id)], []).append(id)
    return labels


def joined(there: Search, back: Search, meeting: str) -> list[tuple[str, str, Hop]]:
    """One way out of the two that meet; the hops of the second are turned round."""
    forth = [(hop.before, after, hop) for after, hop in reversed(there.way(meeting))]
    turned = [(after, hop.before, Hop(after, hop.link, not hop.forwards)) for after, hop in back.way(meeting)]
    return forth + turned

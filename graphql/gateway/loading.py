"""Loading nodes and their neighbours, many at a time: one statement for all the nodes of a level of the query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias

from aiodataloader import DataLoader

from domain.kernel.acting import STAFF
from domain.kernel.ids import prefix_of
from gateway.context import Request
from gateway.paging import NEWEST, Place, connection
from gateway.seeing import Predicate, seen_by
from projections.changes import LinkType
from projections.network import NOUNS

if TYPE_CHECKING:
    from gateway.facets import Facet

Properties: TypeAlias = dict[str, Any]


@cache
def answering_links() -> dict[str, tuple[LinkType, ...]]:
    """For each label, the links to the stations that answer for its records."""
    return {noun.node.label: noun.answering for noun in NOUNS}


@cache
def labels_by_prefix() -> dict[str, str]:
    return {noun.prefix: noun.node.label for noun in NOUNS}


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The nodes at the other end of a kind of link, seen from its source, or from its target when `incoming`."""

    link: LinkType
    incoming: bool = False

    @property
    def here(self) -> str:
        return self.link.target if self.incoming else self.link.source

    @property
    def there(self) -> str:
        return self.link.source if self.incoming else self.link.target

    def pattern(self) -> str:
        """The link as Cypher, from `h` here to `n` there."""
        return self.between(f"h:{self.here} {{id: id}}", "n")

    def between(self, here: str, there: str, link: str = "l") -> str:
        """The link as Cypher, by this name, from the node `here` to what gets the name `there`."""
        arrow = f"<-[{link}:{self.link.name}]-" if self.incoming else f"-[{link}:{self.link.name}]->"
        return f"({here}){arrow}({there}:{self.there})"


def visible(request: Request, label: str, node: str = "n") -> Predicate:
    """What the nodes of this label must fulfil so that the request's viewer sees them."""
    return seen_by(request.viewer, label, node, answering_links())


def answering(label: str, node: str) -> str:
    """Cypher for whether the station `$viewer_station` is one of those that answer for a node of this label."""
    links = "|".join(link.name for link in answering_links()[label])
    return f"EXISTS {{ MATCH ({node})-[:{links}]->(own:Station) WHERE own.id = $viewer_station }}"


async def load_node(request: Request, id: str) -> Properties | None:
    """The node with this id, if there is one and the viewer sees it."""
    label = labels_by_prefix().get(prefix_of(id))
    if label is None:
        return None
    found: Properties | None = await _loader(request, ("node", label), partial(_nodes, request, label)).load(id)
    return found


async def load_neighbour(request: Request, neighbours: Neighbours, id: str) -> Properties | None:
    """The one node at the other end, if there is one and the viewer sees it."""
    page = await load_neighbours(request, neighbours, id, 1, None)
    return page["edges"][0].node if page["edges"] else None


async def load_neighbours(
    request: Request, neighbours: Neighbours, id: str, size: int, after: str | None
) -> dict[str, Any]:
    """A page of the nodes at the other end, newest first, each with the properties of its link as `link`."""
    batch = partial(_neighbours, request, neighbours, size, after)
    found = await _loader(request, (neighbours, size, after), batch).load(id)
    places = [(Place(node["created"], node["id"]), node) for node in found]

    async def count() -> int:
        counted: int = await _loader(request, ("count", neighbours), partial(_counts, request, neighbours)).load(id)
        return counted

    async def table(facet: Facet) -> list[Sequence[Any]]:
        batch = partial(_tables, request, neighbours, facet)
        rows: list[Sequence[Any]] = await _loader(request, ("table", neighbours, facet), batch).load(id)
        return rows

    return connection(places, size, after, count=count, table=table)


async def answers_for(request: Request, id: str) -> bool:
    """Whether the viewer does the daily work of one of the stations that answer for the record with this id."""
    label = labels_by_prefix()[prefix_of(id)]
    if not may_answer(request, label):
        return False
    answers: bool = await _loader(request, ("answers", label), partial(_answering, request, label)).load(id)
    return answers


def may_answer(request: Request, label: str) -> bool:
    """Whether the viewer does daily work at a station, and stations answer for records of this label at all."""
    return not request.viewer.roles.isdisjoint(STAFF) and bool(answering_links()[label])


def _loader(request: Request, key: Any, batch: Any) -> Any:
    loader = request.loaders.get(key)
    if loader is None:
        loader = request.loaders[key] = DataLoader(batch)
    return loader


async def _nodes(request: Request, label: str, ids: Sequence[str]) -> list[Properties | None]:
    predicate = visible(request, label)
    predicate.add("n.id IN $ids", ids=list(ids))
    statement = f"MATCH (n:{label}) {predicate.where()} RETURN n.id, properties(n)"
    found: dict[str, Properties] = {row[0]: row[1] for row in await request.rows(statement, predicate.parameters)}
    return [found.get(id) for id in ids]


async def _answering(request: Request, label: str, ids: Sequence[str]) -> list[bool]:
    statement = f"MATCH (n:{label}) WHERE n.id IN $ids AND {answering(label, 'n')} RETURN n.id"
    rows = await request.rows(statement, {"ids": list(ids), "viewer_station": request.viewer.station_id})
    found = {row[0] for row in rows}
    return [id in found for id in ids]


async def _counts(request: Request, neighbours: Neighbours, ids: Sequence[str]) -> list[int]:
    predicate = visible(request, neighbours.there)
    statement = f"UNWIND $ids AS id MATCH {neighbours.pattern()} {predicate.where()} RETURN id, count(n)"
    rows = await request.rows(statement, {**predicate.parameters, "ids": list(ids)})
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    return [found.get(id, 0) for id in ids]


async def _tables(
    request: Request, neighbours: Neighbours, facet: Facet, ids: Sequence[str]
) -> list[list[Sequence[Any]]]:
    predicate, there = visible(request, neighbours.there), facet.there(request)
    statement = (
        f"UNWIND $ids AS id MATCH {neighbours.pattern()} {predicate.where()} {facet.led_to('n', there)} "
        f"UNWIND {facet.values('n')} AS value RETURN id, value, count(DISTINCT n)"
    )
    found: dict[str, list[Sequence[Any]]] = {id: [] for id in ids}
    parameters = {**predicate.parameters, **there.parameters, "ids": list(ids)}
    for id, *row in await request.rows(statement, parameters):
        found[id].append(row)
    return [found[id] for id in ids]


async def _neighbours(
    request: Request, neighbours: Neighbours, size: int, after: str | None, ids: Sequence[str]
) -> list[list[Properties]]:
    predicate = visible(request, neighbours.there)
    if after is not None:
        place = Place.parse(after)
        predicate.add(NEWEST.beyond("value", "after"), value=place.value, after=place.id)
    statement = (
        f"UNWIND $ids AS id CALL (id) {{ MATCH {neighbours.pattern()} {predicate.where()} "
        f"WITH n, l {NEWEST.clause()} LIMIT $limit RETURN collect([properties(n), properties(l)]) AS found }} "
        "RETURN id, found"
    )
    parameters = {**predicate.parameters, "ids": list(ids), "limit": size + 1}
    found = {
        id: [{**node, "link": link} for node, link in pairs] for id, pairs in await request.rows(statement, parameters)
    }
    return [found.get(id, []) for id in ids]

"""A snapshot: the whole of a projected graph, read back from the database into memory, to be compared."""

from __future__ import annotations

from collections.abc import Iterator

from neo4j import READ_ACCESS, Driver, ManagedTransaction

from infra.graphdb.generation import Generation
from infra.graphdb.names import name
from infra.graphdb.values import native
from projections.changes import LinkType, NodeType
from projections.memory import Graph, Held


def snapshot(driver: Driver, generation: Generation) -> Graph:
    """Everything that a generation holds of what its projection declares. Reads all of it: not for large graphs."""
    graph = Graph()
    with driver.session(database=generation.database, default_access_mode=READ_ACCESS) as session:
        session.execute_read(_read_into, graph, generation)
    return graph


def _read_into(transaction: ManagedTransaction, graph: Graph, generation: Generation) -> None:
    for node in generation.projection.nodes:
        for id, held in nodes(transaction, generation, node):
            graph.nodes[node.label, id] = held
    for link in generation.projection.links:
        for source, target, held in links(transaction, generation, link):
            targets = graph.links.setdefault((link, source), {})
            if target in targets:
                raise ValueError(f"two links {link.name} lead from {source} to {target}")
            targets[target] = held


def nodes(transaction: ManagedTransaction, generation: Generation, node: NodeType) -> Iterator[tuple[str, Held]]:
    """The nodes of a kind, by id; the id of one that has none, which no projector writes, is the empty text."""
    for (properties,) in transaction.run(f"MATCH (n:{generation.label(node.label)}) RETURN properties(n)"):
        held = _held(properties)
        yield str(held.pop("id", "")), held


def links(transaction: ManagedTransaction, generation: Generation, link: LinkType) -> Iterator[tuple[str, str, Held]]:
    """The links of a kind, by source and target, whose ids may be missing like those of nodes."""
    pattern = f"(a:{generation.label(link.source)})-[x:{name(link.name)}]->(b:{generation.label(link.target)})"
    for source, target, properties in transaction.run(f"MATCH {pattern} RETURN a.id, b.id, properties(x)"):
        yield source or "", target or "", _held(properties)


def _held(properties: dict[str, object]) -> Held:
    return {key: native(value) for key, value in properties.items()}  # type: ignore[misc]  # what a property may be

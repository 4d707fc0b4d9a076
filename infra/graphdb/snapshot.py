"""A snapshot: the whole of a projected graph, read back from the database into memory, to be compared."""

from __future__ import annotations

from neo4j import READ_ACCESS, Driver, ManagedTransaction

from infra.graphdb.engine import name
from infra.graphdb.values import native
from projections.memory import Graph, Held
from projections.projection import Projection


def snapshot(driver: Driver, database: str, projection: Projection) -> Graph:
    """Everything that the projection declares and the database holds. Reads all of it: not for large graphs."""
    graph = Graph()
    with driver.session(database=database, default_access_mode=READ_ACCESS) as session:
        session.execute_read(_read_into, graph, projection)
    return graph


def _read_into(transaction: ManagedTransaction, graph: Graph, projection: Projection) -> None:
    for node in projection.nodes:
        for (properties,) in transaction.run(f"MATCH (n:{name(node.label)}) RETURN properties(n)").values():
            held = _held(properties)
            graph.nodes[node.label, str(held.pop("id"))] = held
    for link in projection.links:
        pattern = f"(a:{name(link.source)})-[x:{name(link.name)}]->(b:{name(link.target)})"
        for source, target, properties in transaction.run(f"MATCH {pattern} RETURN a.id, b.id, properties(x)").values():
            targets = graph.links.setdefault((link, source), {})
            if target in targets:
                raise ValueError(f"two links {link.name} lead from {source} to {target}")
            targets[target] = _held(properties)


def _held(properties: dict[str, object]) -> Held:
    return {key: native(value) for key, value in properties.items()}  # type: ignore[misc]  # what a property may be

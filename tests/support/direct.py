"""A generation, looked at past the reader, and written to past the projector."""

from __future__ import annotations

from typing import Any

from neo4j import Driver

from infra.graphdb.engines.interface import GraphEngine, begin
from infra.graphdb.generation import Generation
from infra.graphdb.names import BEAT, PROJECTION
from infra.graphdb.ownership import Ownership
from infra.graphdb.writer import Writer
from projections.batch import Batch
from projections.rows import all_rows


def run(driver: Driver, generation: Generation, statement: str) -> list[list[Any]]:
    """The rows of a statement, which may name the generation by $name and $generation."""
    found = driver.execute_query(generation.statement(statement), generation.key, database_=generation.database)
    return [list(record.values()) for record in found.records]


def standing(driver: Driver, generation: Generation) -> dict[str, Any]:
    """What the generation says of itself: its position, its owner's epoch, why it stopped; nothing before the first."""
    rows = run(driver, generation, "MATCH (p:Projection {name: $name, generation: $generation}) RETURN properties(p)")
    return dict(rows[0][0]) if rows else {}


def empty(driver: Driver, generation: Generation) -> None:
    """Let it stand at the beginning again, with what keeps it unique and quick."""
    labels = [*(generation.label(node.label) for node in generation.projection.nodes)]
    for label in labels:
        run(driver, generation, f"MATCH (n:{label}) DETACH DELETE n")
    for label in (PROJECTION, BEAT):
        run(driver, generation, f"MATCH (n:{label} {{name: $name, generation: $generation}}) DELETE n")
    with driver.session(database=generation.database) as session:
        begin(session, generation)


class Owner(Writer):
    """The owner of a generation, which writes what a test gives it."""

    def __init__(self, engine: GraphEngine, driver: Driver, generation: Generation, *, timeout: float = 8.0) -> None:
        super().__init__(Ownership(driver, generation, timeout=timeout), engine)
        self.generation = generation

    def position(self) -> int:
        """How far the generation is; whoever asks first takes it over."""
        if self.ownership.standing is None:
            assert self.ownership.take(self.ownership.look())
        return self.ownership.check().position

    def bring(self, batch: Batch, position: int, chain: str = "") -> None:
        """Write this batch, which leads to that position."""
        self.write(all_rows(batch, self.shapes), position, chain)

"""What projector, reader and rebuild ask of a graph database, and the part of it that is said alike to every kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final, Protocol

from neo4j import Driver, Session

from infra.graphdb.bolt.pool import Pool
from infra.graphdb.generation import Generation
from infra.graphdb.names import BEAT, PROJECTION, RECORD, REGISTER, name
from infra.graphdb.ownership import BEGIN, BEGIN_BEAT, Standing
from projections.projection import Projection

CONNECTING: Final = 5.0
"""Seconds within which a connection has to stand."""


class GraphEngine(Protocol):
    """A graph database, in which generations stand beside each other. `system` is what it is called by others.

    `at_once` is how many statements in the same words are under way before those who come are answered together; None
    where everybody is answered alone.
    """

    system: ClassVar[str]
    settling: ClassVar[str]

    @property
    def at_once(self) -> int | None: ...

    def driver(self) -> Driver:
        """A new driver for threads; whoever asked for it closes it."""

    def pool(self) -> Pool:
        """New connections for an event loop; whoever asked for them closes them."""

    async def settled(self, pool: Pool, generation: Generation, seconds: float) -> Standing | None:
        """How things stand at a moment when nobody is writing, by the statement `settling`; it leaves no trace.

        All that leads to that position is in place. It waits for whoever writes, as long as it may take; None where
        there is no such generation. Raises BoltError.
        """

    def home(self, projection: Projection) -> str:
        """The database in which the generations of this projection are listed, made as far as it is missing."""

    def generation(self, projection: Projection, number: int) -> Generation:
        """Where the generation of this number stands, whether it has been made or not."""

    def prepare(self, generation: Generation) -> None:
        """Make its database, labels, constraints and indexes, and where it begins, as far as they are missing."""

    def remove(self, generation: Generation) -> None:
        """Remove all that `prepare` made, and what was written there since, as far as it is there."""


@dataclass(frozen=True, slots=True)
class Index:
    """A constraint or an index: its name, and the statement that makes it unless it is there."""

    name: str
    statement: str


def listing() -> Iterator[Index]:
    """What keeps two nodes from standing for the same generation in the list of them."""
    yield _unique(f"{REGISTER}_key", REGISTER, "name")
    yield _unique(f"{RECORD}_key", RECORD, "name", "number")


def keys() -> Iterator[Index]:
    """What keeps two nodes from saying whose the same generation is."""
    for label in (PROJECTION, BEAT):
        yield _unique(f"{label}_key", label, "name", "generation")


def constraints(generation: Generation) -> Iterator[Index]:
    """What is unique in a generation, in Cypher that every engine takes, and takes again."""
    for node in generation.projection.nodes:
        label = generation.label(node.label)
        yield _unique(f"{label}_id", label, "id")


def indexes(generation: Generation) -> Iterator[Index]:
    """What a generation is looked up by, in Cypher that every engine takes, and takes again."""
    for node in generation.projection.nodes:
        label = generation.label(node.label)
        for indexed in node.indexes:
            index = f"{label}_{name(indexed)}"
            yield Index(index, f"CREATE INDEX {index} IF NOT EXISTS FOR (n:{label}) ON (n.{indexed})")


def begin(session: Session, generation: Generation) -> None:
    """Let the generation stand at the beginning, unless it is further already."""
    parameters = {**generation.key, "version": generation.projection.version}
    for statement in (BEGIN, BEGIN_BEAT):
        session.execute_write(lambda transaction, text: transaction.run(text, p=parameters).consume(), statement)


def _unique(constraint: str, label: str, *properties: str) -> Index:
    key = ", ".join(f"n.{each}" for each in properties)
    return Index(constraint, f"CREATE CONSTRAINT {constraint} IF NOT EXISTS FOR (n:{label}) REQUIRE ({key}) IS UNIQUE")

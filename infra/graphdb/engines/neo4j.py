"""A Neo4j server: everything is said over Bolt."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from neo4j import Driver, GraphDatabase, ManagedTransaction, Session
from neo4j.exceptions import ClientError, DriverError, Neo4jError

from infra.errors import OutOfReachError
from infra.graphdb.bolt.pool import Pool, SignIn
from infra.graphdb.engines.interface import CONNECTING, Index, begin, constraints, indexes, keys, listing
from infra.graphdb.generation import Generation
from infra.graphdb.names import BEAT, PROJECTION, name
from infra.graphdb.ownership import LOCK, Standing, settled_by_lock
from projections.projection import Projection

INDEXED_WITHIN: Final = 60.0
"""Seconds within which the indexes of a database that was empty have to stand."""
LOOKS: Final = 0.05
"""Seconds between two looks at them."""
NOT_YET: Final = "SHOW INDEXES YIELD name, state WHERE name IN $names AND state <> 'ONLINE' RETURN name"
AT_ONCE: Final = 10_000
"""Nodes, or links, removed in one transaction."""
USUALLY_AT_ONCE: Final = max(2, os.cpu_count() or 1)
"""As if the server had a machine like this one."""
FEW: Final = 10
"""Links that a node may have to be removed with them."""


@dataclass(frozen=True, slots=True)
class Neo4jEngine:
    """All generations stand in one database (Community has no other than `neo4j`), each with labels of its own."""

    system: ClassVar[str] = "neo4j"
    settling: ClassVar[str] = LOCK
    uri: str
    user: str
    password: str = field(repr=False)
    database: str = "neo4j"
    at_once: int | None = USUALLY_AT_ONCE

    def look(self) -> None:
        """See that the server answers and lets us in. Raises OutOfReachError."""
        try:
            with self.driver() as driver:
                driver.verify_connectivity()
        except (DriverError, Neo4jError, OSError) as error:
            raise OutOfReachError(f"the graph at {self.uri} does not answer: {error}") from error

    def driver(self) -> Driver:
        return GraphDatabase.driver(self.uri, **self._how)

    def pool(self) -> Pool:
        return Pool(self.uri, SignIn(self.user, self.password), CONNECTING)

    async def settled(self, pool: Pool, generation: Generation, seconds: float) -> Standing | None:
        return await settled_by_lock(pool, generation, seconds)

    @property
    def _how(self) -> dict[str, Any]:
        """What every driver is made with. A graph that is still empty would be remarked upon with every answer."""
        return {
            "auth": (self.user, self.password),
            "connection_timeout": CONNECTING,
            "notifications_min_severity": "OFF",
        }

    def home(self, projection: Projection) -> str:
        with self._session() as session:
            _make_all(session, list(listing()))
        return name(self.database)

    def generation(self, projection: Projection, number: int) -> Generation:
        return Generation(projection, number, name(self.database), f"__g{number}")

    def prepare(self, generation: Generation) -> None:
        with self._session() as session:
            _make_all(session, [*keys(), *constraints(generation), *indexes(generation)])
            begin(session, generation)

    def remove(self, generation: Generation) -> None:
        with self._session() as session:
            for node in reversed(generation.projection.nodes):
                label = generation.label(node.label)
                while session.execute_write(_remove_some, label) or session.execute_write(_unlink_some, label):
                    pass
            for constraint in constraints(generation):
                session.run(f"DROP CONSTRAINT {constraint.name} IF EXISTS").consume()
            for index in indexes(generation):
                session.run(f"DROP INDEX {index.name} IF EXISTS").consume()
            session.execute_write(_forget, generation)

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with self.driver() as driver, driver.session(database=self.database) as session:
            yield session


def _make_all(session: Session, wanted: Sequence[Index]) -> None:
    """Make them and wait until they stand. Raises TimeoutError.

    One looks again and again: in `db.awaitIndexes` a transaction stays open, and an index that somebody else has begun
    to make meanwhile waits for that one to end, while it waits for the index.
    """
    for index in wanted:
        _make(session, index)
    names, until = [index.name for index in wanted], time.monotonic() + INDEXED_WITHIN
    while missing := [row[0] for row in session.run(NOT_YET, names=names)]:
        if time.monotonic() > until:
            raise TimeoutError(f"after {INDEXED_WITHIN} s these indexes do not stand yet: {', '.join(missing)}")
        time.sleep(LOOKS)


def _make(session: Session, index: Index) -> None:
    """Make it, unless it is there or another process makes it at this moment."""
    try:
        session.execute_write(lambda transaction: transaction.run(index.statement).consume())
    except ClientError as error:
        if not str(error.code).endswith("AlreadyExists"):
            raise


def _remove_some(transaction: ManagedTransaction, label: str) -> int:
    """Remove nodes that have few links."""
    few = f"MATCH (n:{label}) WHERE COUNT {{ (n)--() }} <= $few WITH n LIMIT $limit"
    return int(transaction.run(f"{few} DETACH DELETE n RETURN count(*)", few=FEW, limit=AT_ONCE).single(strict=True)[0])


def _unlink_some(transaction: ManagedTransaction, label: str) -> int:
    """Remove links of nodes that have many: a transaction that removes a million of them finds no room."""
    statement = f"MATCH (n:{label})-[x]-() WITH x LIMIT $limit DELETE x RETURN count(*)"
    return int(transaction.run(statement, limit=AT_ONCE).single(strict=True)[0])


def _forget(transaction: ManagedTransaction, generation: Generation) -> None:
    for label in (BEAT, PROJECTION):
        statement = f"MATCH (n:{label} {{name: $name, generation: $generation}}) DELETE n"
        transaction.run(statement, generation.key).consume()

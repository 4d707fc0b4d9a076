"""The writer: one batch, one statement, one transaction, which also says how far the projection has come."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from neo4j import Driver, Transaction

from infra.graphdb.engine import PROJECTION, name
from projections.batch import Batch, Shape, Verb, shapes
from projections.changes import NodeType
from projections.projection import Projection

_NODE = f"(p:{PROJECTION} {{name: $p.name, version: $p.version}})"

TAKE = f"MERGE {_NODE} ON CREATE SET p.position = 0, p.epoch = 0 SET p.owner = $p.owner"
LOCK = f"MATCH {_NODE} SET p.writing = $p.position WITH p RETURN p.position, p.epoch"
OWN = f"MATCH {_NODE} SET p.epoch = $p.epoch"
READ = f"MATCH {_NODE} RETURN p.position, p.epoch"
STOP = f"MATCH {_NODE} SET p.stopped = $p.reason"
ADVANCE = f"CALL () {{ MATCH {_NODE} SET p.position = $p.position REMOVE p.stopped }}"


class Displaced(Exception):
    """Another projector has written to this projection; this one has no effect any more."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the projection has come, and whose it is: each taking over counts the epoch up."""

    position: int
    epoch: int


class Writer:
    """Writes the batches of one projection, each exactly once. It belongs to one thread.

    Every transaction takes the write lock first, by setting a property of the projection's node, and only then reads
    how far the projection has come: the other way round updates are lost. On ArcadeDB, which locks nothing, the same
    order makes the slower of two commits fail.
    """

    def __init__(self, driver: Driver, database: str, projection: Projection, *, timeout: float = 8.0) -> None:
        self._driver = driver
        self._database = database
        self._timeout = timeout
        self._key = {"name": projection.name, "version": projection.version}
        self._shapes = shapes(projection)
        self._statement = statement(self._shapes)
        self._owner = f"{socket.gethostname()}/{os.getpid()}"
        self._standing: Standing | None = None

    def position(self) -> int:
        """How far the projection has come. The first time this takes the projection over; later it only looks.

        To be called again after every error that leaves open whether a batch was written. Raises Displaced when
        somebody else has taken the projection over since.
        """
        epoch = self._standing.epoch if self._standing else self._taken()
        found = self._found()
        if found is None or found.epoch != epoch:
            raise Displaced(f"another projector took over, or the graph was replaced: {found}")
        self._standing = found
        return found.position

    def write(self, batch: Batch, position: int) -> None:
        """Write the batch that leads from where the projection stands to `position`. Raises Displaced, with no effect.

        After any other error call `position` before the next batch.
        """
        with self._transaction() as transaction:
            standing = self._locked(transaction, position)
            rows = batch.parameters(self._shapes)
            transaction.run(self._statement, p={**self._key, **rows, "position": position}).consume()
            transaction.commit()
        self._standing = Standing(position, standing.epoch)

    def stop(self, reason: str) -> None:
        """Write down why the projection goes no further, until the next batch is written."""
        with self._transaction() as transaction:
            standing = self._locked(transaction, 0)
            transaction.run(STOP, p={**self._key, "reason": reason}).consume()
            transaction.commit()
        self._standing = standing

    def _taken(self) -> int:
        with self._transaction() as transaction:
            transaction.run(TAKE, p={**self._key, "owner": self._owner}).consume()
            _, epoch = transaction.run(LOCK, p={**self._key, "position": 0}).single(strict=True).values()
            transaction.run(OWN, p={**self._key, "epoch": epoch + 1}).consume()
            transaction.commit()
        return int(epoch) + 1

    def _found(self) -> Standing | None:
        with self._transaction() as transaction:
            record = transaction.run(READ, p=self._key).single()
            return Standing(*record.values()) if record else None

    def _locked(self, transaction: Transaction, position: int) -> Standing:
        record = transaction.run(LOCK, p={**self._key, "position": position}).single()
        standing = Standing(*record.values()) if record else None
        if standing is None or standing != self._standing:
            raise Displaced(f"expected {self._standing}, found {standing}")
        return standing

    @contextmanager
    def _transaction(self) -> Iterator[Transaction]:
        with (
            self._driver.session(database=self._database) as session,
            session.begin_transaction(timeout=self._timeout) as transaction,
        ):
            yield transaction


def statement(shapes: tuple[Shape, ...]) -> str:
    """The one statement that writes any batch of these shapes, and the position: its text never changes.

    All rows stand inside the single parameter `$p`, or Neo4j would plan anew for every batch. Nodes come before links,
    so that a link finds its ends, which are nodes of the same batch. Setting a property to null removes it, and
    `SET x = {…}` replaces what a link had, on Neo4j and on ArcadeDB alike.

    A link is looked for from its source: ArcadeDB's MERGE goes through all links of that type out of the node that
    stands first in the text (5 ms for each new link of a node with 10,000, against 0.1 ms the other way round). So the
    source is to be the end that has few of them: the need, not the station.
    """
    parts = [f"CALL () {{ UNWIND $p.r{number} AS r {_part(shape)} }}" for number, shape in enumerate(shapes)]
    return "\n".join([*parts, ADVANCE])


def _part(shape: Shape) -> str:
    kind = shape.of
    if isinstance(kind, NodeType):
        return f"MERGE (n:{name(kind.label)} {{id: r.id}}) SET n += r.p"
    source, link, target = f"(a:{name(kind.source)} {{id: r.s}})", f"[x:{name(kind.name)}]", f"(b:{name(kind.target)}"
    if shape.verb is Verb.CLEAR:
        return f"MATCH {source}-{link}->{target}) DELETE x"
    if shape.verb is Verb.UNLINK:
        return f"MATCH {source} MATCH {target} {{id: r.t}}) MATCH (a)-{link}->(b) DELETE x"
    return f"MATCH {source} MATCH {target} {{id: r.t}}) MERGE (a)-{link}->(b) SET x = r.p"

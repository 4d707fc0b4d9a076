"""The writer: one batch, one transaction, which also says how far the projection has come."""

from __future__ import annotations

from collections.abc import Mapping

from infra.graphdb.bolt.connection import Statement
from infra.graphdb.bolt.errors import StatementError
from infra.graphdb.bolt.waiting import Waiting
from infra.graphdb.engines.interface import GraphEngine
from infra.graphdb.generation import Generation
from infra.graphdb.names import name
from infra.graphdb.ownership import Ownership, Standing
from projections.changes import LinkType
from projections.rows import Row, Shape, Verb, shapes


class Writer(Waiting):
    """Writes the batches of the generation that it owns, each exactly once. It belongs to one thread.

    A batch is one exchange with the database: what takes the lock, and a statement for each shape that it has rows of.
    Chained into one text they would be planned at length: 0.06 s a shape, and the network has 126 shapes, so that its
    first batch would not come to an end within the time that a transaction has. One text for each combination would be
    planned again and again. Those of single shapes are planned once, in some 20 ms.

    A batch of nodes of one kind, as most single events are, is one statement with all that belongs to it.
    """

    def __init__(self, ownership: Ownership, engine: GraphEngine) -> None:
        super().__init__(engine.pool())
        self.ownership = ownership
        self._engine = engine
        self.shapes = shapes(ownership.generation.projection)
        self._statements = {shape: statement(shape, ownership.generation) for shape in self.shapes}

    def write(self, rows: Mapping[Shape, list[Row]], position: int, chain: str) -> None:
        """Write the rows, in the order of the shapes, that lead from where the generation stands to `position`.

        Raises Displaced, and StatementError where the database refuses them, with no effect. After any other error it
        is open whether they were written.
        """
        statements = self._sent(rows, position, chain)
        try:
            self.wait(lambda pool: pool.written(statements), statements[0].seconds)
        except StatementError:
            self.ownership.see()
            raise
        self.ownership.advanced(position, chain)

    def settled(self) -> Standing | None:
        """How things stand at a moment when nobody is writing: all that leads to that position is in place.

        A position that is seen otherwise may come some moments before the rest, or after it: a transaction is shown in
        pieces. Raises BoltError.
        """
        generation, seconds = self.ownership.generation, self.ownership.timeout
        return self.wait(lambda pool: self._engine.settled(pool, generation, seconds), seconds)

    def _sent(self, rows: Mapping[Shape, list[Row]], position: int, chain: str) -> list[Statement]:
        only = next(iter(rows)) if len(rows) == 1 else None
        if only is not None and only.verb is Verb.PUT:
            return [self.ownership.advancing(position, chain, self._statements[only], rows=rows[only])]
        return [
            self.ownership.advancing(position, chain),
            *(self.ownership.statement(self._statements[shape], {"rows": some}) for shape, some in rows.items()),
        ]


def statement(shape: Shape, generation: Generation) -> str:
    """What writes the rows of this shape; its text never changes.

    They stand inside the single parameter `$p`, or Neo4j would plan anew for every batch. Setting a property to null
    removes it, and `SET x = {…}` replaces what a link had, on Neo4j and on ArcadeDB alike.

    A link is looked for from its source: ArcadeDB's MERGE goes through all links of that type out of the node that
    stands first in the text (5 ms for each new link of a node with 10,000, against 0.1 ms the other way round). So the
    source is to be the end that has few of them: the need, not the station.
    """
    kind, label = shape.of, generation.label
    if isinstance(kind, LinkType):
        source, link = f"(a:{label(kind.source)} {{id: r.s}})", f"[x:{name(kind.name)}]"
        if shape.verb is Verb.CLEAR:
            return f"UNWIND $p.rows AS r MATCH {source}-{link}->(:{label(kind.target)}) DELETE x"
        target = f"(b:{label(kind.target)} {{id: r.t}})"
        return f"UNWIND $p.rows AS r MATCH {source} MATCH {target} MATCH (a)-{link}->(b) DELETE x"
    node = f"(n:{label(kind.label)} {{id: r.id}})"
    if shape.verb is Verb.DROP:
        return f"UNWIND $p.rows AS r MATCH {node} DETACH DELETE n"
    if shape.verb is Verb.ADD:
        counter = f"n.{name(shape.counter)}"
        return f"UNWIND $p.rows AS r MATCH {node} SET {counter} = coalesce({counter}, 0) + r.by"
    links = (
        f" FOREACH (l IN r.l{number} | MERGE (b:{label(link.target)} {{id: l.t}}) "
        f"MERGE (n)-[x:{name(link.name)}]->(b) SET x = l.p)"
        for number, link in enumerate(shape.links)
    )
    return f"UNWIND $p.rows AS r MERGE {node} SET n += r.p{''.join(links)}"

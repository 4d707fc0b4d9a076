"""The writer: one batch, one transaction, which also says how far the projection has come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from infra.graphdb.generation import Generation
from infra.graphdb.names import name
from infra.graphdb.ownership import NODE, Ownership
from projections.batch import Row, Shape, Verb, shapes
from projections.changes import NodeType

ADVANCE = f"MATCH {NODE} SET p.position = $p.position, p.chain = $p.chain"


class Writer:
    """Writes the batches of the generation that it owns, each exactly once. It belongs to one thread.

    A batch is one statement for each shape that it has rows of. Chained into one text they would spare a batch some
    ways to the database, but Neo4j plans such a text at length: 0.06 s a shape, and the network has 126 shapes, so that
    its first batch would not come to an end within the time that a transaction has. One for each combination would be
    planned again and again. Those of single shapes are planned once, in some 20 ms.
    """

    def __init__(self, ownership: Ownership) -> None:
        self._ownership = ownership
        self.shapes = shapes(ownership.generation.projection)
        self._statements = {
            f"r{number}": statement(shape, ownership.generation) for number, shape in enumerate(self.shapes)
        }

    def write(self, rows: Mapping[str, list[Row]], position: int, chain: str) -> None:
        """Write the rows that lead from where the generation stands to `position`.

        Raises Displaced, with no effect. After any other error it is open whether they were written.
        """
        ownership = self._ownership
        with ownership.locked() as transaction:
            for place, text in self._statements.items():
                if of_shape := rows[place]:
                    transaction.run(text, p={"rows": of_shape}).consume()
            transaction.run(ADVANCE, p=ownership.parameters(position=position, chain=chain)).consume()
            transaction.commit()
        if ownership.standing is not None:
            ownership.standing = replace(ownership.standing, position=position, chain=chain)


def statement(shape: Shape, generation: Generation) -> str:
    """What writes the rows of this shape; its text never changes.

    They stand inside the single parameter `$p`, or Neo4j would plan anew for every batch. Nodes are written before
    links, so that a link finds its ends, which are nodes of the same batch. Setting a property to null removes it, and
    `SET x = {…}` replaces what a link had, on Neo4j and on ArcadeDB alike.

    A link is looked for from its source: ArcadeDB's MERGE goes through all links of that type out of the node that
    stands first in the text (5 ms for each new link of a node with 10,000, against 0.1 ms the other way round). So the
    source is to be the end that has few of them: the need, not the station.
    """
    return f"UNWIND $p.rows AS r {_part(shape, generation.label)}"


def _part(shape: Shape, label: Callable[[str], str]) -> str:
    kind = shape.of
    if isinstance(kind, NodeType):
        node = f"(n:{label(kind.label)} {{id: r.id}})"
        if shape.verb is Verb.DROP:
            return f"MATCH {node} DETACH DELETE n"
        if shape.verb is Verb.ADD:
            counter = f"n.{name(shape.counter)}"
            return f"MATCH {node} SET {counter} = coalesce({counter}, 0) + r.by"
        return f"MERGE {node} SET n += r.p"
    source, link, target = f"(a:{label(kind.source)} {{id: r.s}})", f"[x:{name(kind.name)}]", f"(b:{label(kind.target)}"
    if shape.verb is Verb.CLEAR:
        return f"MATCH {source}-{link}->{target}) DELETE x"
    if shape.verb is Verb.UNLINK:
        return f"MATCH {source} MATCH {target} {{id: r.t}}) MATCH (a)-{link}->(b) DELETE x"
    return f"MATCH {source} MATCH {target} {{id: r.t}}) MERGE (a)-{link}->(b) SET x = r.p"

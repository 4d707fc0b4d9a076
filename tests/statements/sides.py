"""Two graph databases side by side: the same statement is run on both, and what they say is compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from neo4j import Driver, Transaction
from neo4j.exceptions import Neo4jError

from infra.graphdb.values import native
from projections.changes import LinkType, NodeType
from tests.statements.recording import Parameters

Told: TypeAlias = tuple[str, ...]
"""Rows as texts, sorted where their order means nothing; or the code of an error."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of them: where statements go, and how a statement over labels becomes one over those that it has there."""

    name: str
    driver: Driver
    database: str
    rewritten: Callable[[str], str] = str

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A transaction; nothing of it is kept unless it is committed."""
        with self.driver.session(database=self.database) as session, session.begin_transaction() as transaction:
            yield transaction
            if not transaction.closed():
                transaction.rollback()

    def run(self, transaction: Transaction, text: str, parameters: Parameters) -> Told:
        try:
            values = transaction.run(self.rewritten(text), dict(parameters)).values()
        except Neo4jError as error:
            transaction.rollback()
            return (f"error {error.code}",)
        return told(text, [[native(value) for value in row] for row in values])

    def label(self, of: str) -> str:
        """A label as it is there."""
        return self.rewritten(f":{of}")[1:]


NODES = "MATCH (n) WHERE $label IN labels(n) RETURN properties(n)"
LINKS = (
    "MATCH (a)-[x]->(b) WHERE type(x) = $type AND $source IN labels(a) AND $target IN labels(b) "
    "RETURN a.id, b.id, properties(x)"
)
"""All that there is of a kind: the same text for all kinds, since Neo4j takes long to plan one."""


@dataclass
class Sides:
    """Both, and what they said differently so far, in words."""

    one: Side
    other: Side
    differences: list[str] = field(default_factory=list)
    compared: set[str] = field(default_factory=set)
    """The texts that were run on both."""

    @contextmanager
    def together(self, *, keep: bool = False) -> Iterator[Together]:
        """A transaction on each, which are kept or not."""
        with ExitStack() as stack:
            both = [stack.enter_context(side.transaction()) for side in (self.one, self.other)]
            yield Together(self, both)
            for transaction in both:
                if keep and not transaction.closed():
                    transaction.commit()

    def compare(self, text: str, parameters: Parameters, one: Told, other: Told) -> None:
        """Note that this was run on both, and whether they said the same."""
        self.compared.add(text)
        if one != other:
            said = zip((self.one, self.other), (one, other), strict=True)
            shown = (f"  {side.name}: {len(rows)} rows: {rows}" for side, rows in said)
            self.differences.append("\n".join([text, f"  with {dict(parameters)}", *shown]))


@dataclass(frozen=True, slots=True)
class Together:
    """A transaction on each of two sides."""

    sides: Sides
    transactions: Sequence[Transaction]

    def run(self, text: str, parameters: Parameters) -> Told:
        """Run it on both, and compare the rows; gives those of the first."""
        one, other = (side.run(transaction, text, parameters) for side, transaction in self._pairs())
        self.sides.compare(text, parameters, one, other)
        return one

    @property
    def over(self) -> bool:
        """Whether one of them is, since a statement was refused."""
        return any(each.closed() for each in self.transactions)

    def hold(self, kind: NodeType | LinkType) -> int:
        """Compare all that both hold of a kind; gives how many there are."""
        one, other = (_held(side, transaction, kind) for side, transaction in self._pairs())
        self.sides.compare(f"all of {kind}", {}, one, other)
        return len(one)

    def _pairs(self) -> Iterator[tuple[Side, Transaction]]:
        return zip((self.sides.one, self.sides.other), self.transactions, strict=True)


def _held(side: Side, transaction: Transaction, kind: NodeType | LinkType) -> Told:
    if isinstance(kind, NodeType):
        return side.run(transaction, NODES, {"label": side.label(kind.label)})
    ends = {"source": side.label(kind.source), "target": side.label(kind.target)}
    return side.run(transaction, LINKS, {"type": kind.name, **ends})


def schema_of(side: Side, known: Callable[[str], str | None]) -> Told:
    """What labels are unique by or looked up by, as far as every engine tells it.

    `known` gives the name under which a label is compared; None for one that is not.
    """
    found = []
    with side.driver.session(database=side.database) as session:
        for text in ("SHOW CONSTRAINTS", "SHOW INDEXES"):
            for row in session.run(text).data():
                if row["labelsOrTypes"] and (label := known(row["labelsOrTypes"][0])):
                    unique = row.get("owningConstraint") or row["type"].endswith("UNIQUENESS")
                    what = "unique" if unique else "looked up"
                    found.append(f"{label} {what} by {row['properties']}")
    return tuple(sorted(found))


def told(text: str, rows: Sequence[Sequence[Any]]) -> Told:
    """The rows that a statement gave."""
    found = [said(list(row)) for row in rows]
    return tuple(found if in_order(text) else sorted(found))


def said(value: Any) -> str:
    """A value as text that is equal only for equal values of equal types: 1 is not 1.0, and not true."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {said(each)}' for key, each in sorted(value.items()))}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(said, value))}]"
    return repr(value)


def in_order(text: str) -> bool:
    """Whether the order of the rows is part of what the statement says: it sorts, and not only inside of a part."""
    while (outside := re.sub(r"\{[^{}]*\}", "", text)) != text:
        text = outside
    return "ORDER BY" in text

"""Scopes: what a plan reads of the nodes of one level, as one Cypher subquery that gives a list of arrays."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Reads:
    """Expressions that are read together, each once and in its place."""

    _places: dict[str, int] = field(default_factory=dict, kw_only=True)

    @property
    def expressions(self) -> str:
        """All of them in their order, as Cypher lists them."""
        return ", ".join(self._places)

    def read(self, expression: str) -> int:
        """The place, in the array that is read, of what this expression gives."""
        return self._places.setdefault(expression, len(self._places))


@dataclass(slots=True)
class Scope(Reads):
    """The nodes of one level of a query, by the name that they have in the statement, and what is read of each."""

    label: str
    depth: int

    @property
    def node(self) -> str:
        """The name of the node: `n` where filters of lists look for it."""
        return f"n{self.depth}" if self.depth else "n"

    @property
    def link(self) -> str:
        """The name of the link that led there."""
        return f"l{self.depth}"

    def below(self, label: str) -> Scope:
        """A level further down."""
        return Scope(label, self.depth + 1)

    def property(self, name: str) -> int:
        """The place of a property of the node."""
        return self.read(f"{self.node}.{name}")

    def collected(self, pattern: str, where: str, rest: str = "") -> str:
        """The subquery, over the nodes that fit the pattern and the condition; `rest` orders and limits them."""
        return f"COLLECT {{ MATCH {pattern} {where} {rest} RETURN [{self.expressions}] }}"

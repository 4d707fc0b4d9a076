"""Scopes: what a plan reads of the nodes of one level, as one Cypher subquery that gives a list of arrays."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Scope:
    """The nodes of one level of a query, by the name that they have in the statement, and what is read of each."""

    label: str
    depth: int
    _read: dict[str, int] = field(default_factory=dict)

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

    def read(self, expression: str) -> int:
        """The place, in the array that is read, of what this expression gives."""
        return self._read.setdefault(expression, len(self._read))

    def property(self, name: str) -> int:
        """The same of a property of the node."""
        return self.read(f"{self.node}.{name}")

    def collected(self, pattern: str, where: str, rest: str = "") -> str:
        """The subquery, over the nodes that fit the pattern and the condition; `rest` orders and limits them."""
        return f"COLLECT {{ MATCH {pattern} {where} {rest} RETURN [{', '.join(self._read)}] }}"

"""A generation: one graph that a projection has built, apart from all others."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from infra.graphdb.names import name
from projections.projection import Projection


@dataclass(frozen=True)
class Generation:
    """Its database, and what the labels of its nodes end with: nothing where it has a database of its own."""

    projection: Projection
    number: int
    database: str
    suffix: str = ""

    @property
    def key(self) -> dict[str, str | int]:
        """What tells the node in which this generation keeps how far it is from those of others."""
        return {"name": self.projection.name, "generation": self.number}

    def label(self, of: str) -> str:
        """The label that the nodes of this one have in this generation."""
        return name(of) + self.suffix

    def statement(self, text: str) -> str:
        """A statement over the labels of the projection, over those of this generation."""
        return self._rewritten(text) if self.suffix else text

    @cached_property
    def _rewritten(self) -> Callable[[str], str]:
        labels = "|".join(name(node.label) for node in self.projection.nodes)
        pattern, replacement = re.compile(rf"(?<=[:|])(?:{labels})\b"), rf"\g<0>{self.suffix}"
        return lru_cache(1_000)(lambda text: pattern.sub(replacement, text))

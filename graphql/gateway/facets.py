"""Facets: the records of a list counted by the values of a property, for readers who narrow a list down or widen it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from domain.small_counts import publicly
from gateway.context import Request
from gateway.loading import visible
from gateway.paging import page_size
from gateway.seeing import Predicate
from projections.changes import LinkType

Table: TypeAlias = Iterable[Any]
"""Rows of a value and the number of records that have it; None stands for the records that say nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Facet:
    """What records are counted by: a property of theirs, or of the one record that a link leads to, where that is seen.

    It has the name of the `filter` that takes its values, and its counts ignore that filter. `several` says that the
    property holds a list: a record then counts for each of its values. `counted` is the GraphQL type of a value with
    its count, `spelled` gives the text by which values are put in order, `named` what a value is called.
    """

    filter: str
    property: str
    counted: Any
    several: bool = False
    link: LinkType | None = None
    spelled: Callable[[Any], str] = str
    named: Callable[[Any], dict[str, str | None] | None] | None = None

    def there(self, request: Request) -> Predicate:
        """What the record at the end of the link must fulfil so that the viewer sees it."""
        return visible(request, self.link.target, "there") if self.link else Predicate()

    def led_to(self, node: str, there: Predicate) -> str:
        """Cypher that leads from nodes of this name to the record that `there` describes, as far as it is there."""
        if self.link is None:
            return ""
        return f"OPTIONAL MATCH ({node})-[:{self.link.name}]->(there:{self.link.target}) {there.where()}"

    def values(self, node: str) -> str:
        """Cypher for the list of the values that a node has; null is in it where it says nothing."""
        values = f"{'there' if self.link else node}.{self.property}"
        return f"CASE WHEN size({values}) > 0 THEN {values} ELSE [null] END" if self.several else f"[{values}]"

    def shown(self, request: Request, table: Table, size: int) -> list[dict[str, Any]] | None:
        """The first so many values as this reader is shown them: most records first, then by value, gaps last.

        Who acts for a station sees all counts; the public, those that no small one can be told from.
        """
        counts: dict[Any, int] = dict(table)
        said = counts if request.viewer.member else publicly(counts)
        if said is None:
            return None

        def place(value: Any) -> tuple[bool, int, bool, str]:
            count = said[value]
            return count is None, -(count or 0), value is None, self.spelled(value)

        return [self._one(value, said[value]) for value in sorted(said, key=place)[:size]]

    def _one(self, value: Any, count: int | None) -> dict[str, Any]:
        one = {"value": value, "count": count, "suppressed": count is None}
        return one if self.named is None else {**one, "name": None if value is None else self.named(value)}

    def resolver(self) -> Callable[..., Any]:
        async def resolve(page: dict[str, Any], info: Any, first: int | None = None) -> list[dict[str, Any]] | None:
            size = page_size(first)
            return self.shown(info.context, await page["table"](self), size)

        return resolve

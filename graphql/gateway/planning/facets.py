"""Facets in a plan: counts over the same records are read together, in one passage over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import FieldNode

from gateway.context import Request
from gateway.facets import Facet
from gateway.paging import page_size
from gateway.planning.catalogue import Wanted
from gateway.planning.compilation import Compilation, Parameters, Variables
from gateway.planning.completing import Typed
from gateway.seeing import Predicate


@dataclass
class Tables:
    """The tables of one list: its nodes of this pattern, counted by the facets that are wanted.

    They fulfil the predicate; for a facet whose own filter is given, the one that stands in `without`. Among what is
    read together, None stands for how many nodes there are.
    """

    c: Compilation
    pattern: str
    predicate: Predicate
    without: Mapping[str, Predicate]
    _together: dict[str, list[Facet | None]] = field(default_factory=dict)

    def make(self, wanted: Wanted, nodes: list[FieldNode]) -> tuple[Typed, str]:
        """A facet, of the tables as `r`."""
        facet, arguments = wanted.made, self.c.arguments(wanted.definition, nodes[0])
        assert isinstance(facet, Facet)
        table = self._table("r", self.without.get(facet.filter, self.predicate).where(), facet)

        def bind(_request: Request, variables: Variables, _parameters: Parameters) -> int:
            return page_size(arguments(variables).get("first"))

        source = f"{self.c.source.name(facet)}.shown(c.request, {table}, c.slots[{self.c.slot(bind)}])"
        return self.c.value(wanted.definition.type, nodes), source

    def read(self, read: Callable[[str], int], total: bool) -> tuple[str, str]:
        """The sources of all of them, and of how many nodes there are if that is wanted, too.

        `read` gives the place of an expression in what is read around it.
        """
        where = self.predicate.where()
        together = total and where in self._together
        if together:
            self._table("", where, None)
        places = [
            read(self.c.called(self._passage(where, wanted), "collect([place, value, count])"))
            for where, wanted in self._together.items()
        ]
        tables = f"({''.join(f'r[{each}], ' for each in places)})"
        if total and not together:
            return tables, f"r[{read(f'COUNT {{ MATCH {self.pattern} {where} }}')}]"
        return tables, f"{self.c.source.name(_number)}({self._table(tables, where, None)})" if together else "None"

    def _table(self, tables: str, where: str, wanted: Facet | None) -> str:
        """The source of what is wanted of the nodes that fulfil the condition, of the source of all tables."""
        together = self._together.setdefault(where, [])
        if wanted not in together:
            together.append(wanted)
        place = list(self._together).index(where)
        return f"{self.c.source.name(_table)}({tables}[{place}], {together.index(wanted)})"

    def _passage(self, where: str, wanted: list[Facet | None]) -> str:
        """One passage over the nodes, in which they are grouped by all that is wanted of them."""
        led_to = " ".join(self._led_to(each) for each in wanted if each is not None)
        values = (f"[{place}, {each.values('n') if each else '[null]'}]" for place, each in enumerate(wanted))
        return (
            f"MATCH {self.pattern} {where} {led_to} UNWIND [{', '.join(values)}] AS facet UNWIND facet[1] AS value "
            "WITH facet[0] AS place, value, count(DISTINCT n) AS count ORDER BY place, value"
        )

    def _led_to(self, facet: Facet) -> str:
        there = facet.there(self.c.request)
        self.c.constants.update(there.parameters)
        return facet.led_to("n", there)


def _table(rows: Sequence[Sequence[Any]], place: int) -> list[tuple[Any, int]]:
    """Of the rows of a passage those of one table."""
    return [(value, count) for at, value, count in rows if at == place]


def _number(table: Sequence[tuple[Any, int]]) -> int:
    """How many nodes there are: those that say nothing of nothing."""
    return table[0][1] if table else 0

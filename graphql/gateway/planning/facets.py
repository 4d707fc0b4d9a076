"""Facets in a plan: counts over the same records are read together, in one passage over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

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
    """The tables of one connection: its nodes by this name, of this pattern, counted by the facets that are wanted.

    They fulfil the predicate; for a facet whose own filter is given, the one that stands in `without`. Among what is
    read together, None stands for how many nodes there are.
    """

    c: Compilation
    node: str
    pattern: str
    predicate: Predicate
    without: Mapping[str, Predicate]
    _together: dict[str, list[Facet | None]] = field(default_factory=dict)

    def make(self, wanted: Wanted, nodes: list[FieldNode]) -> tuple[Typed, str]:
        """A facet, of the tables as `r`."""
        facet, arguments = wanted.made, self.c.arguments(wanted.definition, nodes[0])
        assert isinstance(facet, Facet)
        table = self._place(self.without.get(facet.filter, self.predicate).where(), facet)

        def bind(_request: Request, variables: Variables, _parameters: Parameters) -> int:
            return page_size(arguments(variables).get("first"))

        source = f"{self.c.source.name(facet)}.shown(c.request, r{table}, c.slots[{self.c.slot(bind)}])"
        return self.c.value(wanted.definition.type, nodes), source

    def read(self, read: Callable[[str], int], total: bool) -> tuple[str, str]:
        """The sources of all of them, and of how many nodes there are if that is wanted, too.

        `read` gives the place of a subquery in what is read around it.
        """
        where = self.predicate.where()
        place = self._place(where, None) if total and where in self._together else None
        places = [read(self._passage(where, wanted)) for where, wanted in self._together.items()]
        tables = f"({''.join(f'r[{each}], ' for each in places)})"
        if place is None and total:
            return tables, f"r[{read(f'COUNT {{ MATCH {self.pattern} {where} }}')}]"
        return tables, "None" if place is None else f"{tables}{place}"

    def _place(self, where: str, wanted: Facet | None) -> str:
        """Where in the tables this stands, which is wanted of the nodes that fulfil the condition."""
        together = self._together.setdefault(where, [])
        if wanted not in together:
            together.append(wanted)
        return f"[{list(self._together).index(where)}][0][{together.index(wanted)}]"

    def _passage(self, where: str, wanted: list[Facet | None]) -> str:
        """All that is wanted of the same nodes."""
        found = f"MATCH {self.pattern} {where}"
        if len(wanted) == 1:
            return f"[[COLLECT {{ {found} {self._counted(wanted[0])} }}]]"
        return f"COLLECT {{ {found} WITH collect({self.node}) AS found RETURN [{', '.join(map(self._of, wanted))}] }}"

    def _of(self, wanted: Facet | None) -> str:
        if wanted is None:
            return "size(found)"
        return f"COLLECT {{ UNWIND found AS {self.node} {self._counted(wanted)} }}"

    def _counted(self, facet: Facet | None) -> str:
        assert isinstance(facet, Facet)
        there = facet.there(self.c.request)
        self.c.constants.update(there.parameters)
        return f"{facet.grouped(self.node, there)} RETURN [value, count]"

"""A graph in memory, made of the same changes: the independent model that tests and verification compare with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from projections.changes import Add, Change, Drop, Link, LinkType, Property, Put, Unlink
from projections.values import Written, number, written

Held: TypeAlias = dict[str, Property]


@dataclass(slots=True)
class Graph:
    """Nodes by label and id, links by type, source and target, each with its properties; the id is not one of them.

    A link makes those of its ends that are not there yet, as nodes without properties; taking it away leaves them.
    Two graphs are equal when they hold the same.
    """

    nodes: dict[tuple[str, str], Held] = field(default_factory=dict)
    links: dict[tuple[LinkType, str], dict[str, Held]] = field(default_factory=dict)

    def apply(self, changes: Iterable[Change]) -> None:
        """Make these changes, one after the other."""
        for change in changes:
            if isinstance(change, Put):
                node = self.nodes.get((change.label, change.id), {})
                self.nodes[change.label, change.id] = _held({**node, **written(change)})
            elif isinstance(change, Link):
                self.nodes.setdefault((change.type.source, change.source), {})
                self.nodes.setdefault((change.type.target, change.target), {})
                self.links.setdefault((change.type, change.source), {})[change.target] = _held(written(change))
            elif isinstance(change, Unlink):
                self._unlink(change)
            elif isinstance(change, Add):
                node = self.nodes.setdefault((change.label, change.id), {})
                node[change.property] = number(node.get(change.property)) + change.by
            else:
                self._drop(change)

    def node(self, label: str, id: str) -> Held | None:
        """The properties of this node; None where there is none."""
        return self.nodes.get((label, id))

    def targets(self, type: LinkType, source: str) -> dict[str, Held]:
        """The links of this type out of the source: their properties by the id of the target."""
        return self.links.get((type, source), {})

    def _unlink(self, change: Unlink) -> None:
        key = change.type, change.source
        targets = self.links.get(key, {})
        left = {} if change.target is None else {id: held for id, held in targets.items() if id != change.target}
        if left:
            self.links[key] = left
        else:
            self.links.pop(key, None)

    def _drop(self, change: Drop) -> None:
        self.nodes.pop((change.label, change.id), None)
        for type, source in list(self.links):
            if type.source == change.label and source == change.id:
                del self.links[type, source]
            elif type.target == change.label:
                self._unlink(Unlink(type, source, change.id))


def _held(values: Written) -> Held:
    return {name: value for name, value in values.items() if value is not None}

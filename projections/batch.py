"""A batch: the changes of whole commits, folded into what they come to.

Whatever the batches, the graph is the one that the changes make one by one. A batch says per node and per link what it
ends as. The two ends of a link exist from the link on, as nodes with nothing but their id until something is put on
them.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from domain.kernel.history import Commit, Recorded
from projections.changes import Add, Change, Drop, Link, LinkType, Put, Unlink
from projections.projection import Projection
from projections.values import Values, Written, number, written


class Unprojectable(Exception):
    """A fact that its projection cannot apply: a fault of the projection, never of the fact."""

    def __init__(self, recorded: Recorded, cause: Exception) -> None:
        super().__init__(recorded, cause)
        self.position = recorded.position
        self.explanation = (
            f"{recorded.fact.stored_as()} of {recorded.entity_id} at position {recorded.position}: "
            f"{type(cause).__name__}: {cause}"
        )

    def __str__(self) -> str:
        return self.explanation


@dataclass(slots=True)
class Batch:
    """What a run of changes comes to.

    `nodes` is by label and id, `added` by label, property and id; `links` by type, source and target, with None where
    the link ends; `cleared` holds the sources whose links of that type were all removed before those in `links` were
    put, and `dropped`, by label, the nodes that were removed before all that.
    """

    nodes: dict[str, dict[str, Values]] = field(default_factory=dict)
    added: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    dropped: dict[str, set[str]] = field(default_factory=dict)
    links: dict[LinkType, dict[str, dict[str, Written | None]]] = field(default_factory=dict)
    cleared: dict[LinkType, set[str]] = field(default_factory=dict)

    def add(self, change: Change) -> None:
        """Fold one more change in."""
        if isinstance(change, Put):
            self._put(change)
        elif isinstance(change, Link):
            self._node(change.type.source, change.source)
            self._node(change.type.target, change.target)
            self._links(change.type, change.source)[change.target] = written(change)
        elif isinstance(change, Unlink):
            self._unlink(change)
        elif isinstance(change, Add):
            self._add(change)
        else:
            self._drop(change)

    def _put(self, change: Put) -> None:
        values = written(change)
        self._node(change.label, change.id).update(values)
        if self.added:
            for counter, numbers in self.added.get(change.label, {}).items():
                if counter in values:
                    numbers.pop(change.id, None)

    def _add(self, change: Add) -> None:
        values = self._node(change.label, change.id)
        if (name := change.property) in values:
            values[name] = number(values[name]) + change.by
        else:
            numbers = self.added.setdefault(change.label, {}).setdefault(name, {})
            numbers[change.id] = numbers.get(change.id, 0) + change.by

    def _unlink(self, change: Unlink) -> None:
        targets = self._links(change.type, change.source)
        if change.target is None:
            targets.clear()
            self.cleared.setdefault(change.type, set()).add(change.source)
        else:
            targets[change.target] = None

    def _drop(self, change: Drop) -> None:
        """What was said about the node in this batch counts no more; what was there before is dropped with it."""
        label, id = change.label, change.id
        self.dropped.setdefault(label, set()).add(id)
        self.nodes.get(label, {}).pop(id, None)
        for numbers in self.added.get(label, {}).values():
            numbers.pop(id, None)
        for kind, by_source in self.links.items():
            if kind.source == label:
                by_source.pop(id, None)
                self.cleared.get(kind, set()).discard(id)
            if kind.target == label:
                for targets in by_source.values():
                    targets.pop(id, None)

    def _node(self, label: str, id: str) -> Values:
        return self.nodes.setdefault(label, {}).setdefault(id, {})

    def _links(self, kind: LinkType, source: str) -> dict[str, Written | None]:
        return self.links.setdefault(kind, {}).setdefault(source, {})


def fold(projection: Projection, commits: Iterable[Commit], without: Container[int] = ()) -> Batch:
    """The batch of these commits, but for the events at the positions `without`.

    Raises Unprojectable for the first fact that the projection cannot apply.
    """
    declared = _declared(projection)
    counted = {node.label: set(node.counters) for node in projection.nodes if node.counters}
    batch = Batch()
    for commit in commits:
        for recorded in commit.events:
            if recorded.position in without:
                continue
            try:
                for change in projection.project(recorded, commit.context):
                    if (kind := change.label if isinstance(change, Put) else _kind(change)) not in declared:
                        raise LookupError(f"{projection.name} declares no {kind}")
                    if counted and isinstance(change, Put) and (counters := counted.get(change.label)):
                        for name in counters & change.set.keys():
                            number(change.set[name])
                    batch.add(change)
            except Exception as cause:
                raise Unprojectable(recorded, cause) from cause
    return batch


def inapplicable(projection: Projection, commit: Commit) -> frozenset[int]:
    """The positions of its events that cannot be applied."""
    without: frozenset[int] = frozenset()
    while True:
        try:
            fold(projection, [commit], without)
        except Unprojectable as broken:
            without |= {broken.position}
        else:
            return without


Declared: TypeAlias = str | LinkType | tuple[str, str]
"""What a projection declares: labels, kinds of link, and by label what else is done with such nodes."""


def _declared(projection: Projection) -> set[Declared]:
    return {
        *(node.label for node in projection.nodes),
        *((node.label, counter) for node in projection.nodes for counter in node.counters),
        *((node.label, "going") for node in projection.nodes if node.goes),
        *projection.links,
    }


def _kind(change: Add | Drop | Link | Unlink) -> Declared:
    if isinstance(change, Add):
        return change.label, change.property
    if isinstance(change, Drop):
        return change.label, "going"
    return change.type

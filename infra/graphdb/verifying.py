"""Verifying: the graph that is read, held against an independent fold of the log at the same position."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event
from typing import Any, Final

from neo4j import READ_ACCESS, Driver, ManagedTransaction

from domain.kernel.history import Commit
from infra.graphdb.gathering import Source
from infra.graphdb.generation import Generation
from infra.graphdb.generations import Generations
from infra.graphdb.heart import Heart
from infra.graphdb.ownership import Displaced, Ownership
from infra.graphdb.rebuild import Report
from infra.graphdb.snapshot import links, nodes
from projections.batch import inapplicable
from projections.memory import Graph

AT_ONCE: Final = 2_000
"""Events that are read from the log at a time."""
SHOWN: Final = 100
"""Differences that are told in full; the others are only counted."""


class VerifyError(Exception):
    """The graph cannot be verified now."""


@dataclass
class Verified:
    """What was compared, at which position, and what is not the same."""

    generation: int
    position: int
    nodes: int = 0
    links: int = 0
    skipped: list[int] = field(default_factory=list)
    differing: int = 0
    differences: list[dict[str, Any]] = field(default_factory=list)

    def differ(self, **what: Any) -> None:
        """One more difference."""
        self.differing += 1
        if len(self.differences) < SHOWN:
            self.differences.append(what)


def verify(generations: Generations, driver: Driver, source: Source, report: Report, stop: Event) -> Verified:
    """Hold the graph still, and compare all of it with what its log makes, one change after the other, in memory.

    It is owned for that long, so that nobody projects; reading goes on. Raises VerifyError.
    """
    if (record := generations.served()) is None:
        raise VerifyError("there is no graph to verify: it is still being built")
    ownership = generations.ownership(record.number)
    if not ownership.take(ownership.look()):
        raise VerifyError("another projector took the graph over at the same moment; try again")
    with Heart(ownership, lambda: None):
        try:
            verified = _compared(ownership, driver, source, report, stop)
            ownership.check()
        except Displaced:
            raise VerifyError("another projector took the graph over meanwhile; try again") from None
        finally:
            if ownership.standing is not None:
                with suppress(Displaced):  # since the check; what was compared stands
                    ownership.release()
    return verified


def _compared(ownership: Ownership, driver: Driver, source: Source, report: Report, stop: Event) -> Verified:
    standing, generation = ownership.standing, ownership.generation
    assert standing is not None
    position, projection = standing.position, generation.projection
    chain = source.chain(position) if position else b""
    if chain is None or chain.hex() != standing.chain:
        raise VerifyError(f"the log is not the one that this graph was made of: chain hashes differ at {position}")
    model, verified = Graph(), Verified(generation.number, position)
    skips = source.skips(projection.name, projection.version)
    for commit in _commits(source, position):
        without = (
            inapplicable(projection, commit) if skips.intersection(event.position for event in commit.events) else ()
        )
        verified.skipped.extend(without)
        events = tuple(event for event in commit.events if event.position not in without)
        model.apply(projection.changes([Commit(commit.context, events)]))
        report(commit.position, position)
        if stop.is_set():
            raise VerifyError("broken off")
    with driver.session(database=generation.database, default_access_mode=READ_ACCESS) as session:
        session.execute_read(_compare, generation, model, verified)
    return verified


def _commits(source: Source, until: int) -> Iterator[Commit]:
    after = 0
    while after < until:
        for commit in source.commits(after, AT_ONCE):
            if commit.position > until:
                return
            yield commit
            after = commit.position


def _compare(transaction: ManagedTransaction, generation: Generation, model: Graph, verified: Verified) -> None:
    """Take from the model what the database has; what differs, and what is left in the end, is told."""
    for node in generation.projection.nodes:
        expected = {id: held for (label, id), held in model.nodes.items() if label == node.label}
        for id, held in nodes(transaction, generation, node):
            verified.nodes += 1
            if (wanted := expected.pop(id, None)) != held:
                verified.differ(node=id, label=node.label, expected=wanted, found=held)
        for id, wanted in expected.items():
            verified.differ(node=id, label=node.label, expected=wanted, found=None)
    for link in generation.projection.links:
        between = {
            (source, target): held
            for (type, source), targets in model.links.items()
            if type == link
            for target, held in targets.items()
        }
        for source, target, held in links(transaction, generation, link):
            verified.links += 1
            if (wanted := between.pop((source, target), None)) != held:
                verified.differ(link=link.name, source=source, target=target, expected=wanted, found=held)
        for (source, target), wanted in between.items():
            verified.differ(link=link.name, source=source, target=target, expected=wanted, found=None)

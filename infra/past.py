"""The past of a network: what a position or a time means in its log, and the network as of there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Self

from domain.kernel.history import Commit
from domain.kernel.moments import AsOf, NoSuchMomentError
from infra.application import Network
from infra.traces import Traces, recorded_at
from projections.batch import inapplicable
from projections.network import LABELS, network
from projections.past import Past
from projections.projection import Projection


class NetworkPasts:
    """Reads the past from the log: from its index of entities, and from the traces beside it."""

    def __init__(self, log: Network, projection: Projection | None = None) -> None:
        self._network = log
        self._projection = projection or network()
        self.traces = Traces(log.log_of_record, LABELS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.traces.close()

    def position(self, as_of: AsOf) -> int:
        """The position that is meant: as it is given, or by the time. Raises NoSuchMomentError."""
        if isinstance(as_of, int):
            head = self._network.head()
            if not 0 <= as_of <= head:
                raise NoSuchMomentError(f"as of {as_of}: takes a position of the log, from 0 to {head}, or a time")
            return as_of
        if position := self.traces.position_at(as_of):
            return position
        raise NoSuchMomentError(f"as of {as_of.isoformat()}: {self._beginning()}")

    def whole(self, as_of: AsOf) -> int:
        """The end of the last commit that is whole at the position that is meant. Raises NoSuchMomentError."""
        if not (position := self.position(as_of)):
            return 0
        commit = self._network.log_of_record.reading.commit_of(position)
        return position if commit.last == position else commit.first - 1

    def at(self, as_of: AsOf) -> Past:
        """The network as of there. Raises NoSuchMomentError."""
        skips = self._network.skips(self._projection.name, self._projection.version)
        return Past(self._projection, self.whole(as_of), partial(self._history, skips), self.traces.naming)

    def _history(self, skips: frozenset[int], id: str, position: int) -> Iterator[Commit]:
        """What happened to an entity, without the events that the graph skips because it cannot apply them."""
        for commit in self._network.past(id, position):
            if skips.isdisjoint(event.position for event in commit.events):
                yield commit
            else:
                without = skips & inapplicable(self._projection, commit)
                yield Commit(commit.context, tuple(event for event in commit.events if event.position not in without))

    def _beginning(self) -> str:
        """When the log begins, in words."""
        first = self._network.log_of_record.commits(0, 1)
        if not first or (begun := recorded_at(first[0])) is None:
            return "the log is empty"
        return f"the log begins later, at {begun.isoformat()}"

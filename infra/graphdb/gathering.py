"""Gathering: the next events of the log, decoded and folded, while the batch before them is being written."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from domain.kernel.history import Commit
from projections.batch import Batch, Unprojectable, fold
from projections.projection import Projection
from projections.rows import Row, Shape, all_rows


class Source(Protocol):
    """The log, as a projector reads it."""

    def commits(self, after: int, limit: int) -> Sequence[Commit]:
        """The whole commits after this position, of about `limit` events in all: at least one, if there is one."""

    def head(self) -> int:
        """The position of the log's last event, 0 for an empty log."""

    def chain(self, position: int) -> bytes | None:
        """The log's chain hash once the event at this position was recorded; None where no commit ends there."""

    def skips(self, projection: str, version: int) -> frozenset[int]:
        """The positions of the events that this version of the projection leaves out if it cannot apply them."""


class NoGoingOnError(Exception):
    """There is no going on from here without somebody who looks at it.

    `positions` are those of the events that are in the way, if it is one of them.
    """

    def __init__(self, reason: str, positions: range = range(0)) -> None:
        super().__init__(reason)
        self.positions = positions


@dataclass(frozen=True, slots=True)
class Gathered:
    """What leads from one position to the next one: the rows to write, and the commits that they come from."""

    after: int
    commits: Sequence[Commit]
    rows: dict[Shape, list[Row]]
    chain: str

    @property
    def position(self) -> int:
        return self.commits[-1].position

    @property
    def events(self) -> int:
        return self.position - self.after


class Gathering:
    """Reads the log for one projection. `ahead` reads on in a thread of its own; everything else belongs to one thread.

    Database and Python take turns otherwise, and a batch takes as long as both together.
    """

    def __init__(self, source: Source, projection: Projection, shapes: tuple[Shape, ...]) -> None:
        self._source = source
        self._projection = projection
        self._shapes = shapes
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="gathering")
        self._coming: tuple[int, Future[Gathered | None]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown()

    def ahead(self, after: int, limit: int) -> None:
        """Begin to gather what follows this position."""
        self._coming = after, self._thread.submit(self.gather, after, limit)

    def forget(self) -> None:
        """Let go of what was gathered ahead."""
        self._coming = None

    def next(self, after: int, limit: int, without: frozenset[int] = frozenset()) -> Gathered | None:
        """What follows this position, but for some events: gathered ahead, or now; None where the log ends.

        Raises NoGoingOnError where the log does not go on as it must, or begins with what cannot be projected.
        """
        coming, self._coming = self._coming, None
        if coming is not None and coming[0] == after and (found := coming[1].result()) is not None:
            return found
        return self.gather(after, limit, without)

    def gather(self, after: int, limit: int, without: frozenset[int] = frozenset()) -> Gathered | None:
        """Read, decode and fold about `limit` events; fewer, if one of them cannot be projected."""
        commits = self._source.commits(after, limit)
        if not commits:
            if (head := self._source.head()) < after:
                raise NoGoingOnError(f"the log ends at {head}, before the graph, which is at {after}")
            return None
        if (first := commits[0].events[0].position) != after + 1:
            raise NoGoingOnError(f"the log goes on at {first} after {after}")
        commits, batch = self._folded(commits, without)
        return Gathered(after, commits, all_rows(batch, self._shapes), self.chain(commits[-1].position))

    def skips(self) -> frozenset[int]:
        """The events that are left out if they cannot be applied, by what the log says now."""
        return self._source.skips(self._projection.name, self._projection.version)

    def _folded(self, commits: Sequence[Commit], without: frozenset[int]) -> tuple[Sequence[Commit], Batch]:
        """The batch of these commits, or of those before the first one that cannot be applied and is not skipped."""
        try:
            return commits, fold(self._projection, commits, without)
        except Unprojectable as broken:
            position = broken.position
            if position in self.skips():
                return self._folded(commits, without | {position})
            before = [commit for commit in commits if commit.position < position]
            if not before:
                raise NoGoingOnError(str(broken), range(position, position + 1)) from broken
            return self._folded(before, without)

    def chain(self, position: int) -> str:
        """The log's chain hash at this position, as the graph keeps it."""
        chain = self._source.chain(position) if position else b""
        if chain is None:
            raise NoGoingOnError(f"no commit of the log ends at {position}, where the graph is")
        return chain.hex()

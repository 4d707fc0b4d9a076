"""What the gateway needs from the outside: the graph, the log, identities and the vault. Adapters are in infra/."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, Self

from domain.kernel.acting import Role
from domain.kernel.commands import Command
from domain.kernel.context import Context
from domain.kernel.history import Commit
from domain.kernel.moments import AsOf
from domain.kernel.outcomes import Outcome
from domain.matching.gloss import Gloss
from gateway.tracing import UNTRACED, Tracing

if TYPE_CHECKING:
    from gateway.feeding import Feed
    from gateway.guarding import Guard
    from gateway.indexing import Indexing
    from projections.past import Past


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows read from the graph, and the position of the log that they show at least."""

    position: int
    rows: Sequence[Sequence[Any]]


class OneRecord(str):
    """A statement that gives exactly one record, whatever there is; several who ask for it may be answered together.

    `for_all` is the statement that gives the records of all who ask: its parameter `asked` lists theirs, each with its
    `place`, and every record begins with the place of the one whom it answers. Parameters that are `shared` are not in
    there: these can only be asked for together where they are the same.
    """

    for_all: str
    shared: tuple[str, ...]

    def __new__(cls, alone: str, for_all: str, shared: tuple[str, ...]) -> Self:
        made = super().__new__(cls, alone)
        made.for_all, made.shared = for_all, shared
        return made

    def asked(self, askings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """The parameters of `for_all` for these askings, in which those that are shared are the same."""
        rows = [{**asking, "place": place} for place, asking in enumerate(askings)]
        return {**{name: askings[0][name] for name in self.shared}, "asked": rows}

    def records(self, rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
        """The record of each asking, in the order in which they were asked, of the rows of `for_all` in any order."""
        found = {place: record for place, *record in rows}
        return [found[place] for place in range(len(rows))]


class Graph(Protocol):
    """The graph database, for reading."""

    async def read(self, statement: str, parameters: Mapping[str, Any]) -> Answer:
        """The rows of a statement; `OneRecord` says that it may be read together with others."""
        ...

    async def settled(self) -> int:
        """The position of the graph at a moment when nobody is writing to it.

        What is read between two such moments at one position is one state of the graph.
        """
        ...


class Progress(Protocol):
    """How far the projection is."""

    def position(self) -> int:
        """The position that it shows."""
        ...

    async def wait_for(self, position: int, seconds: float) -> int:
        """Wait until the projection shows `position`, and give the position that it shows then."""
        ...

    def lag(self) -> int:
        """How many events the projection is behind the log."""
        ...

    async def waiting(self) -> float:
        """For how many seconds the oldest event that the projection does not show has been waiting; 0 for none."""
        ...

    def ready(self) -> bool:
        """Whether there is a graph to read: not while the first one of this version is still being built."""
        ...

    def stopped(self) -> str | None:
        """Why the projection goes no further, although the log may; None while it does its work."""
        ...


class History(Protocol):
    """The log, for reading."""

    def history(self, id: str, after: int = 0, limit: int = 1_000) -> list[Commit]:
        """What happened to an entity beyond a version of it: of each commit only its own facts."""
        ...

    def commits(self, after: int, limit: int) -> list[Commit]:
        """The commits beyond a position: about `limit` events, the last commit whole."""
        ...

    def head(self) -> int: ...


class Pasts(Protocol):
    """The log, for reading the network as it stood."""

    def position(self, as_of: AsOf) -> int:
        """The position that is meant: as it is given, or by the time. Raises NoSuchMomentError."""
        ...

    def at(self, as_of: AsOf) -> Past:
        """The network as of there: at the end of the last commit that is whole at the position that is meant.

        Raises NoSuchMomentError.
        """
        ...


class Desk(Protocol):
    """Where commands are given: decided, recorded whole or refused whole."""

    async def perform_async(self, command: Command, context: Context) -> Outcome: ...


class Opener(Protocol):
    """Opens what is sealed."""

    def open(self, sealed: str, *, entity: str) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who reads: nobody in particular, or a person acting for a station in the roles it is appointed to today."""

    person_id: str | None = None
    station_id: str | None = None
    roles: frozenset[Role] = frozenset()

    @property
    def member(self) -> bool:
        """Whether the person is appointed at the station that it acts for."""
        return bool(self.roles)


PUBLIC = Viewer()


class TokenError(Exception):
    """The token does not say credibly who somebody is."""


class UnverifiableError(Exception):
    """Nobody can tell at present whether a token holds; it is worth asking again in so many seconds."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class Identities(Protocol):
    """Who sent a request."""

    def viewer(self, token: str | None, station_id: str | None) -> Viewer:
        """The viewer that a bearer token stands for, for the station named in the request or else in the token.

        Raises `TokenError` and `UnverifiableError`; without a token it is the public.
        """
        ...

    def known(self, token: str | None, station_id: str | None) -> Viewer | None:
        """The same, if it can be said at once, without reading or waiting for anything."""
        ...

    def operates(self, token: str) -> bool:
        """Whether this is the token of somebody who runs the installation."""
        ...


class Operator(Protocol):
    """Acts on the installation itself."""

    def words(self, act: str, parameters: Mapping[str, Any]) -> AsyncIterator[dict[str, Any]]:
        """Do it, and give a word now and then: `{done, total}`, and last `{result}` or `{error}`."""
        ...


@dataclass(frozen=True, slots=True)
class Answered:
    """A question that was answered: how, with what outcome, and how many seconds each part of the work took.

    `operation` is the name that its sender gave it; `way` says whether one statement answered it, or fields each their
    own; `outcome` is `ok`, `errors` for an answer that holds some, or `refused` where nothing was executed.
    """

    operation: str
    way: str
    outcome: str
    seconds: Mapping[str, float]


class Metrics(Protocol):
    """What the running system counts of itself."""

    def answered(self, question: Answered) -> None:
        """Count a question."""
        ...

    def turned_away(self, code: str) -> None:
        """Count a question that the guard did not let through, by the code of its error."""
        ...

    def following(self, operation: str) -> AbstractContextManager[None]:
        """Count a subscription as one that goes on, for as long as the context lasts."""
        ...

    def text(self) -> bytes:
        """The figures in the text form of Prometheus."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """All of it together, as the server is given it."""

    graph: Graph
    progress: Progress
    history: History
    pasts: Pasts
    desk: Desk
    opener: Opener
    identities: Identities
    gloss: Gloss
    clock: Callable[[], datetime]
    metrics: Metrics
    operator: Operator
    feed: Feed
    indexing: Indexing
    guard: Guard
    patience: float = 10.0
    """How many seconds a request waits for the graph to show a position."""
    tracing: Tracing = UNTRACED

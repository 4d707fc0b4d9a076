"""What the gateway needs from the outside: the graph, the log, identities and the vault. Adapters are in infra/."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from domain.kernel.acting import Role
from domain.kernel.commands import Command
from domain.kernel.context import Context
from domain.kernel.history import Commit
from domain.kernel.outcomes import Outcome
from domain.matching.gloss import Gloss


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows read from the graph, and the position of the log that they show at least."""

    position: int
    rows: Sequence[Sequence[Any]]


class Graph(Protocol):
    """The graph database, for reading."""

    async def read(self, statement: str, parameters: Mapping[str, Any]) -> Answer: ...


class Progress(Protocol):
    """How far the projection is."""

    async def wait_for(self, position: int, seconds: float) -> int:
        """Wait until the projection shows `position`, and give the position that it shows then."""
        ...

    def lag(self) -> int:
        """How many events the projection is behind the log."""
        ...

    def stopped(self) -> str | None:
        """Why the projection goes no further, although the log may; None while it does its work."""
        ...


class History(Protocol):
    """The log, for reading."""

    def history(self, id: str, after: int = 0, limit: int = 1_000) -> list[Commit]: ...

    def head(self) -> int: ...


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


class Identities(Protocol):
    """Who sent a request."""

    def viewer(self, token: str | None, station_id: str | None) -> Viewer:
        """The viewer that a bearer token stands for, for the station named in the request or else in the token.

        Raises `TokenError`; without a token it is the public.
        """
        ...


class Metrics(Protocol):
    """What the running system counts of itself."""

    def text(self) -> bytes:
        """The figures in the text form of Prometheus."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """All of it together, as the server is given it."""

    graph: Graph
    progress: Progress
    history: History
    desk: Desk
    opener: Opener
    identities: Identities
    gloss: Gloss
    clock: Callable[[], datetime]
    metrics: Metrics
    patience: float = 10.0
    """How many seconds a request waits for the graph to show a position."""

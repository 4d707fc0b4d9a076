"""Tracing: what is told of the way of a request to those who watch over the system. An adapter is in infra/."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final, Protocol, TypeAlias

from domain.kernel.history import Commit

Carrier: TypeAlias = Mapping[str, str]
"""What a sender says of the trace that a request belongs to, as W3C Trace Context has it."""
Step: TypeAlias = AbstractContextManager[object]
"""A step of the work, which takes as long as the context. Steps within it are parts of it."""

DOCUMENT: Final = "document"
"""Reading a document, holding it to the limits and validating it, unless it is known."""
PLAN: Final = "plan"
"""Looking for a plan, or making one, and filling in what is asked for this time."""
ANSWER: Final = "answer"
"""Making the answer of what was read."""
WRITING: Final = "write"
"""Writing the answer down in bytes."""
WAITING: Final = "wait"
"""Waiting for the graph to show a position."""

NO_SCOPE: Final[Mapping[str, Any]] = {}
NO_CARRIER: Final[Carrier] = {}
NO_STEP: Final[Step] = nullcontext()


class Tracing(Protocol):
    """Hears of steps. What is noted goes to the innermost step that is under way; no data of a request is noted."""

    def carrier(self, headers: Mapping[str, str]) -> Carrier:
        """What these headers, whose names are in small letters, say of a trace."""
        ...

    def asked(self, carrier: Carrier, scope: Mapping[str, Any] = ...) -> Step:
        """Somebody asks, by a connection of this ASGI scope. It belongs to no other step that may be under way."""
        ...

    def operation(self, kind: str, name: str, document: str) -> None:
        """What is asked: a query, mutation or subscription, and the name that its sender gave it."""
        ...

    def step(self, name: str) -> Step:
        """A step inside this process."""
        ...

    def statement(self, system: str, database: str, text: str) -> Step:
        """A statement, without its parameters, that is answered by a database of such a system.

        It is told of as a part of what somebody asked; what is read for nobody in particular is not told.
        """
        ...

    def command(self, name: str) -> Step:
        """A command that is decided on, and recorded."""
        ...

    def appending(self, system: str, events: int) -> Step:
        """So many events, which go into a log of such a system together."""
        ...

    def traceparent(self) -> str | None:
        """The step that is under way, for whoever goes on with it elsewhere; None where nothing is told of it."""
        ...

    def projecting(self, generation: int, commits: Sequence[Commit]) -> Step:
        """These commits, which are applied to a graph together: each goes on with the command that it comes from."""
        ...

    def note(self, name: str, value: str | int | bool) -> None:
        """A word on the step that is under way."""
        ...

    def failed(self, code: str) -> None:
        """The step that is under way did not come to what it was for, by the code of an error."""
        ...


class Untraced:
    """Tells nobody anything, at hardly any cost."""

    def carrier(self, _headers: Mapping[str, str]) -> Carrier:
        return NO_CARRIER

    def asked(self, _carrier: Carrier, _scope: Mapping[str, Any] = NO_SCOPE) -> Step:
        return NO_STEP

    def operation(self, _kind: str, _name: str, _document: str) -> None:
        pass

    def step(self, _name: str) -> Step:
        return NO_STEP

    def statement(self, _system: str, _database: str, _text: str) -> Step:
        return NO_STEP

    def command(self, _name: str) -> Step:
        return NO_STEP

    def appending(self, _system: str, _events: int) -> Step:
        return NO_STEP

    def traceparent(self) -> str | None:
        return None

    def projecting(self, _generation: int, _commits: Sequence[Commit]) -> Step:
        return NO_STEP

    def note(self, _name: str, _value: str | int | bool) -> None:
        pass

    def failed(self, _code: str) -> None:
        pass


UNTRACED: Final = Untraced()

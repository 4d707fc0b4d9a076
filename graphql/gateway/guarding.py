"""The guard: what a question must pass before it is carried out, over whichever way it came.

Its document is one that may be executed, who asks for the schema may see it, and nobody asks for too much in a while.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from graphql import GraphQLError

from gateway.context import Request
from gateway.documents import KIND, Documents, hash_of
from gateway.operations import DocumentError, Operation, known, operation
from gateway.over_http import Asked, RefusedError
from gateway.ports import Viewer
from gateway.rates import RateLimitedError, Rates, neighbourhood
from gateway.tracing import DOCUMENT

INTROSPECTING: Final = frozenset(("__schema", "__type"))
DESCRIBING: Final = 1_000
"""What it costs to have the schema described, in records that may have to be read."""
CHARACTERS: Final = 100
"""So many characters of a document that is not known yet cost as much as a record."""

Introspection: TypeAlias = Literal["everybody", "signed-in", "nobody"]
"""To whom the schema is described."""


class TurnedAwayError(DocumentError):
    """The guard does not let a document through; the code says why."""

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__([GraphQLError(message, extensions={"code": code, **details})])
        self.code = code


@dataclass(frozen=True, slots=True)
class Guard:
    """What is let through: everything that is valid, unless it is told otherwise."""

    documents: Documents = field(default_factory=Documents)
    introspection: Introspection = "everybody"
    rates: Rates | None = None

    def text(self, asked: Asked) -> str:
        """The document that is asked for, if it may be executed. Raises TurnedAwayError."""
        if asked.document is not None:
            if (found := self.documents.find(asked.document)) is None:
                otherwise = "`yizhan documents` lists those that there are"
                if not self.documents.alone:
                    otherwise = "send the document itself as query"
                message = f"there is no trusted document {KIND}{asked.document}; {otherwise}"
                raise TurnedAwayError("PERSISTED_QUERY_NOT_FOUND", message)
            return found
        if self.documents.alone and asked.query not in self.documents:
            message = "only trusted documents are executed here, and this is none; `yizhan documents` lists them"
            raise TurnedAwayError("NOT_TRUSTED", message, documentId=f"{KIND}{hash_of(asked.query)}")
        return asked.query

    def describe(self, found: Operation, viewer: Viewer) -> None:
        """See that the schema is described only to those who may see it. Raises TurnedAwayError."""
        if self.introspection == "everybody" or INTROSPECTING.isdisjoint(found.roots):
            return
        if self.introspection == "nobody" or viewer.person_id is None:
            whom = "nobody" if self.introspection == "nobody" else "those who are signed in"
            message = f"the schema is described to {whom} here; `yizhan schema` prints it, and __typename is answered"
            raise TurnedAwayError("INTROSPECTION_DISABLED", message)

    def charge(self, request: Request, cost: int) -> None:
        """Take this from what the sender has left. Raises RateLimitedError."""
        if self.rates is not None:
            self.rates.take(request.viewer.person_id or neighbourhood(request.address), cost)


def understood(request: Request, asked: Asked) -> tuple[Operation, dict[str, Any]]:
    """The operation that is meant, and its variables by their types. Raises DocumentError and RefusedError.

    It is paid for before it is carried out, and a document that is not known before it is looked into.
    """
    tracing = request.services.tracing
    try:
        with tracing.step(DOCUMENT):
            found, variables = _understood(request.services.guard, request, asked)
        tracing.operation(found.definition.operation.value, found.name, found.text)
        return found, variables
    except (TurnedAwayError, RateLimitedError) as error:
        request.services.metrics.turned_away(error.code)
        raise


def _understood(guard: Guard, request: Request, asked: Asked) -> tuple[Operation, dict[str, Any]]:
    try:
        text = guard.text(asked)
        if guard.rates is not None and not (known(text, asked.name) or text in guard.documents):
            guard.charge(request, 1 + len(text) // CHARACTERS)
        found = operation(text, asked.name)
        if asked.only_reads and found.changes:
            raise RefusedError(405, "only what reads may be asked for with GET", {"Allow": "POST"})
        guard.describe(found, request.viewer)
        variables = found.variables(asked.variables)
    except DocumentError:
        guard.charge(request, 1)
        raise
    if guard.rates is not None:
        guard.charge(request, price(found, variables))
    return found, variables


def price(found: Operation, variables: dict[str, Any]) -> int:
    """What an operation costs: one for each field of its root, and one for each record that may have to be read."""
    described = sum(name in INTROSPECTING for name in found.roots)
    return len(found.roots) + DESCRIBING * described + found.cost.check(variables)

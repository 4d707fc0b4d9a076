"""Answers: a question carried out, by a plan or field by field, and what comes of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias, TypeVar

from graphql import ExecutionResult, execute

from gateway.context import Request
from gateway.errors import GatewayError, formatted
from gateway.guarding import understood
from gateway.operations import DocumentError, Operation
from gateway.over_http import Asked, RefusedError
from gateway.planning.plans import planned
from gateway.ports import Answered
from gateway.schema import schema
from gateway.tracing import WRITING, Tracing

TRIES = 3
"""How often a consistent answer is looked for before the sender is told that the graph kept moving."""

Way = Literal["plan", "fields", "none"]
Sent: TypeAlias = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Carried:
    """What came of carrying a question out, and which way that went."""

    request: Request
    result: ExecutionResult
    way: Way


async def answered(request: Request, asked: Asked, write: Callable[[Sent], T]) -> T:
    """What is sent back, written down: `data`, if it was executed, `errors`, and the position that it shows.

    Raises GatewayError for what is refused as a whole.
    """
    tracing, began = request.services.tracing, time.perf_counter()
    try:
        found, variables = understood(request, asked)
        if found.goes_on:
            raise RefusedError(400, "a subscription is asked for over WebSocket, or as text/event-stream")
    except DocumentError as error:
        request.services.metrics.answered(Answered("", "none", "refused", {}))
        tracing.failed("BAD_REQUEST")
        return write({"errors": [formatted(each) for each in error.errors]})
    return await executed(request, found, asked.variables, variables, time.perf_counter() - began, write)


async def executed(
    request: Request,
    found: Operation,
    given: Mapping[str, Any],
    variables: dict[str, Any],
    looking: float,
    write: Callable[[Sent], T],
) -> T:
    """The answer to an operation that may be executed, written down; it was looked into for so many seconds."""
    tracing, began = request.services.tracing, time.perf_counter()
    carrying = _consistently if request.consistent else _carried_out
    carried = await carrying(request, found, given, variables)
    sent = response(carried.result, carried.request)
    made = time.perf_counter()
    with tracing.step(WRITING):
        written = write(sent)
    parts = _parts(carried, {"document": looking, "answer": made - began})
    outcome = "errors" if carried.result.errors else "ok"
    seconds = {**parts, "writing": time.perf_counter() - made}
    request.services.metrics.answered(Answered(found.name, carried.way, outcome, seconds))
    tracing.note("yizhan.way", carried.way)
    tell(tracing, sent)
    return written


def tell(tracing: Tracing, sent: Sent) -> None:
    """Tell those who trace by which codes an answer is in error, the first one last: it stays."""
    for error in reversed(sent.get("errors", ())):
        tracing.failed(error["extensions"]["code"])


def _parts(carried: Carried, seconds: Mapping[str, float]) -> dict[str, float]:
    """The seconds that each part of the work took: what made the answer is divided into what it was."""
    request = carried.request
    inside = {"database": request.reading}
    if carried.way == "plan":
        inside["plan"] = request.planning
    if request.commanding:
        inside["command"] = request.commanding
    return {**seconds, **inside, "answer": max(0.0, seconds["answer"] - sum(inside.values()))}


def response(result: ExecutionResult, request: Request) -> dict[str, Any]:
    """A result as it is sent: `data`, `errors` if there are any, and the position that it shows."""
    sent: dict[str, Any] = {"data": result.data}
    if result.errors:
        sent["errors"] = [formatted(each) for each in result.errors]
    if request.position is not None:
        sent["extensions"] = {"position": request.position}
    return sent


async def _consistently(
    request: Request, found: Operation, given: Mapping[str, Any], variables: dict[str, Any]
) -> Carried:
    """Carry it out at a moment that allows all of it to be of one state of the graph.

    Raises GatewayError where there is none, and for a mutation, which must not be executed several times.
    """
    if not found.reads:
        raise GatewayError("BAD_INPUT", "a mutation cannot be asked for consistently: leave Yizhan-Consistent out")
    for _ in range(TRIES):
        before = await request.services.graph.settled()
        attempt = await _carried_out(replace(request, position=before, loaders={}), found, given, variables)
        if await request.services.graph.settled() == before:
            return attempt
    message = f"the graph moved on during each of {TRIES} attempts; ask again, for less, or without consistency"
    raise GatewayError("NOT_CONSISTENT", message)


async def _carried_out(
    request: Request, found: Operation, given: Mapping[str, Any], variables: dict[str, Any]
) -> Carried:
    if found.reads and (result := await planned(request, found, variables)) is not None:
        return Carried(request, result, "plan")
    return Carried(request, await by_field(request, found, given), "fields")


async def by_field(request: Request, found: Operation, given: Mapping[str, Any], root: Any = None) -> ExecutionResult:
    """The result by graphql-core and the resolvers, for these variables as they came, of what the `root` holds."""
    result = execute(
        schema(),
        found.document,
        root_value=root,
        context_value=request,
        variable_values=dict(given),
        operation_name=found.name or None,
        hide_suggestions=True,
    )
    return result if isinstance(result, ExecutionResult) else await result

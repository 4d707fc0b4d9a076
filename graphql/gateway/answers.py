"""Answers: a question carried out, by a plan or field by field, and what comes of it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from graphql import ExecutionResult, execute

from gateway.context import Request
from gateway.errors import GatewayError, formatted
from gateway.operations import DocumentError, Operation, operation
from gateway.over_http import Asked, RefusedError
from gateway.planning.plans import planned
from gateway.ports import Answered
from gateway.schema import schema

TRIES = 3
"""How often a consistent answer is looked for before the sender is told that the graph kept moving."""

Way = Literal["plan", "fields", "none"]


@dataclass(frozen=True, slots=True)
class Carried:
    """What came of carrying a question out, and which way that went."""

    request: Request
    result: ExecutionResult
    way: Way


async def answered(request: Request, asked: Asked) -> dict[str, Any]:
    """What is sent back: `data`, if it was executed, `errors`, and the position that it shows in `extensions`.

    Raises GatewayError for what is refused as a whole.
    """
    began = time.perf_counter()
    try:
        found = operation(asked.query, asked.name)
        if found.goes_on:
            raise RefusedError(400, "a subscription is asked for over WebSocket, or as text/event-stream")
        if asked.only_reads and not found.reads:
            raise RefusedError(405, "only what reads may be asked for with GET", {"Allow": "POST"})
        variables = found.variables(asked.variables)
    except DocumentError as error:
        request.services.metrics.answered(Answered("", "none", "refused", {}))
        return {"errors": [formatted(each) for each in error.errors]}
    understood = time.perf_counter()
    carrying = _consistently if request.consistent else _carried_out
    carried = await carrying(request, found, asked.variables, variables)
    sent = response(carried.result, carried.request)
    database = carried.request.reading
    seconds = {
        "document": understood - began,
        "database": database,
        "answer": max(0.0, time.perf_counter() - understood - database),
    }
    outcome = "errors" if carried.result.errors else "ok"
    request.services.metrics.answered(Answered(found.name, carried.way, outcome, seconds))
    return sent


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

"""Streams: the answers to an operation, one after the other; a query or a mutation has a single one."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterable, Mapping
from contextlib import aclosing
from typing import Any

from graphql import ExecutionResult, GraphQLError, create_source_event_stream

from gateway.answers import Sent, by_field, executed, response, tell
from gateway.callers import Caller
from gateway.errors import GatewayError, formatted, refused
from gateway.guarding import understood
from gateway.operations import DocumentError, Operation
from gateway.over_http import Asked
from gateway.ports import Answered, TokenError, UnverifiableError
from gateway.schema import schema


class UnansweredError(Exception):
    """Nothing of the operation was executed: the errors, as they are sent."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__("; ".join(str(each["message"]) for each in errors))
        self.errors = errors


async def streamed(caller: Caller, asked: Asked) -> AsyncGenerator[Sent]:
    """The answers, as they come. Raises UnansweredError; TokenError, UnverifiableError and GatewayError for a request.

    Whoever takes them closes the generator.
    """
    request = await caller.request()
    metrics = caller.services.metrics
    began = time.perf_counter()
    try:
        found, variables = understood(request, asked)
    except DocumentError as error:
        metrics.answered(Answered("", "none", "refused", {}))
        raise UnansweredError([formatted(each) for each in error.errors]) from None
    if not found.goes_on:
        looking = time.perf_counter() - began
        return _single(await executed(request, found, asked.variables, variables, looking, lambda sent: sent))
    source = await create_source_event_stream(
        schema(), found.document, None, request, dict(asked.variables), found.name or None, hide_suggestions=True
    )
    if isinstance(source, ExecutionResult):
        metrics.answered(Answered(found.name, "stream", "refused", {}))
        raise UnansweredError([formatted(each) for each in source.errors or ()])
    return _followed(caller, found, asked.variables, source)


async def _single(answer: Sent) -> AsyncGenerator[Sent]:
    yield answer


async def _followed(
    caller: Caller, found: Operation, given: Mapping[str, Any], source: AsyncIterable[Any]
) -> AsyncGenerator[Sent]:
    """An answer for each event of the source, in the roles of that moment; an error is the last one."""
    metrics, tracing = caller.services.metrics, caller.services.tracing
    with metrics.following(found.name):
        async with aclosing(source):  # type: ignore[type-var]  # it is a generator of ours
            try:
                async for event in source:
                    with tracing.asked(caller.trace):
                        tracing.operation("subscription", found.name, found.text)
                        request = await caller.request()
                        request.position = caller.services.progress.position()
                        result = await by_field(request, found, given, event)
                        sent = response(result, request)
                        tell(tracing, sent)
                    metrics.answered(Answered(found.name, "stream", "errors" if result.errors else "ok", {}))
                    yield sent
            except (TokenError, UnverifiableError, GatewayError) as error:
                yield _last(refused(error))
            except Exception as error:
                yield _last(error)


def _last(error: Exception) -> Sent:
    """What is sent when it cannot go on."""
    return {"data": None, "errors": [formatted(GraphQLError(str(error), original_error=error))]}

"""Answers: a GraphQL operation carried out for an HTTP request, and how its result is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ariadne.asgi.handlers import GraphQLHTTPHandler
from ariadne.types import Extension, GraphQLResult
from graphql import DocumentNode, GraphQLError, OperationType, get_operation_ast, parse
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response

from gateway.context import Request
from gateway.errors import GatewayError

TRIES = 3
"""How often a consistent answer is looked for before the sender is told that the graph kept moving."""


class PositionExtension(Extension):
    """Every response says which position of the log it shows at least."""

    def format(self, context: Any) -> dict[str, Any] | None:
        assert isinstance(context, Request)
        return None if context.position is None else {"position": context.position}


class Answers(GraphQLHTTPHandler):
    """GraphQL over HTTP under `application/json`: 200 for what was executed, errors or not; else 400."""

    async def create_json_response(self, request: HttpRequest, result: dict[str, Any], success: bool) -> Response:
        return JSONResponse(result, 200 if "data" in result else 400)

    async def execute_graphql_query(
        self,
        request: HttpRequest,
        data: Any,
        *,
        context_value: Any = None,
        query_document: DocumentNode | None = None,
    ) -> GraphQLResult:
        """Execute it. Where the sender wants all of it from one state of the graph, look for a moment that allows it.

        Raises GatewayError where there is none, and for a mutation, which must not be executed several times.
        """
        asked: Request = request.state.request
        if not asked.consistent:
            return await super().execute_graphql_query(request, data, query_document=query_document)
        if _changes(data):
            raise GatewayError("BAD_INPUT", "a mutation cannot be asked for consistently: leave Yizhan-Consistent out")
        for _ in range(TRIES):
            before = await asked.services.graph.settled()
            request.state.request = replace(asked, position=before, loaders={})
            answer = await super().execute_graphql_query(request, data, query_document=query_document)
            if await asked.services.graph.settled() == before:
                return answer
        message = f"the graph moved on during each of {TRIES} attempts; ask again, for less, or without consistency"
        raise GatewayError("NOT_CONSISTENT", message)


def _changes(data: Any) -> bool:
    """Whether this asks for a mutation; what is not understood is left to those who say why."""
    if not isinstance(data, dict) or not isinstance(query := data.get("query"), str):
        return False
    try:
        operation = get_operation_ast(parse(query), data.get("operationName"))
    except GraphQLError:
        return False
    return operation is not None and operation.operation is OperationType.MUTATION

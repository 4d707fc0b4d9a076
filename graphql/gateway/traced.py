"""Traced endpoints: what is asked over HTTP, as the first step of its trace here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from gateway.tracing import UNTRACED, Tracing

Endpoint: TypeAlias = Callable[[HttpRequest], Awaitable[Response]]
HEADERS: Final = ("traceparent", "tracestate")
"""What a page of a browser may send along, by W3C Trace Context."""


def traced(tracing: Tracing, endpoint: Endpoint) -> Endpoint:
    """The endpoint, each answer of which is a step; the endpoint itself where nobody hears of it."""
    if tracing is UNTRACED:
        return endpoint

    async def asked(http: HttpRequest) -> Response:
        with tracing.asked(tracing.carrier(http.headers), http.scope):
            response = await endpoint(http)
            tracing.note("http.response.status_code", response.status_code)
            if response.status_code >= 500:
                tracing.failed(str(response.status_code))
            return response

    return asked

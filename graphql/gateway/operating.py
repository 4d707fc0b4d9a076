"""Operating: acts of those who run the installation, asked for over HTTP; each says now and then how far it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import anyio.to_thread
import orjson
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response, StreamingResponse

from gateway.ports import Services

LINES = "application/x-ndjson"


async def operate(services: Services, http: HttpRequest) -> Response:
    """Begin the act that the path names; its lines come as it goes on, and who hangs up breaks it off."""
    scheme, _, token = http.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not await anyio.to_thread.run_sync(services.identities.operates, token):
        return JSONResponse({"error": "takes the token of an operator"}, 401, {"WWW-Authenticate": "Bearer"})
    try:
        parameters = orjson.loads(await http.body() or b"{}")
    except orjson.JSONDecodeError as error:
        return JSONResponse({"error": f"the body is no JSON: {error}"}, 400)
    if not isinstance(parameters, dict):
        return JSONResponse({"error": "the body takes an object of parameters"}, 400)
    words = services.operator.words(http.path_params["act"], parameters)
    return StreamingResponse(_lines(words), media_type=LINES)


async def _lines(words: AsyncIterator[dict[str, Any]]) -> AsyncIterator[bytes]:
    async for word in words:
        yield orjson.dumps(word) + b"\n"

"""Server-sent events: the answers to an operation as a stream of text, each connection for itself.

By the mode of distinct connections of https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any, Final

import orjson
from starlette.requests import Request as HttpRequest
from starlette.responses import Response, StreamingResponse

EVENTS: Final = "text/event-stream"
QUIET: Final = 12.0
"""Seconds after which something is sent that says only that the connection is there."""
ALIVE: Final = b":\n\n"
COMPLETE: Final = b"event: complete\ndata:\n\n"


def streams(http: HttpRequest) -> bool:
    """Whether the answers are wanted as a stream, before any other form."""
    return http.headers.get("Accept", "").partition(",")[0].partition(";")[0].strip().lower() == EVENTS


def stream(answers: AsyncGenerator[dict[str, Any]]) -> Response:
    """The answers, as they come; who hangs up ends them."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(answers), media_type=EVENTS, headers=headers)


async def _events(answers: AsyncGenerator[dict[str, Any]]) -> AsyncIterator[bytes]:
    async with aclosing(answers):
        coming = asyncio.ensure_future(anext(answers, None))
        try:
            yield ALIVE  # the headers go out at once
            while True:
                done, _ = await asyncio.wait([coming], timeout=QUIET)
                if not done:
                    yield ALIVE
                    continue
                if (answer := coming.result()) is None:
                    yield COMPLETE
                    return
                yield b"event: next\ndata: " + orjson.dumps(answer) + b"\n\n"
                coming = asyncio.ensure_future(anext(answers, None))
        finally:
            coming.cancel()
            await asyncio.wait([coming])

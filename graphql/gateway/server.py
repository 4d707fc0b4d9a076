"""The HTTP side: one endpoint for GraphQL, and the answers that machines ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import anyio.to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from gateway.answers import answered
from gateway.callers import AT_LEAST, CONSISTENT, STATION, Caller, address_of
from gateway.errors import GatewayError, masked, refused, shown
from gateway.graphiql import AT as GRAPHIQL
from gateway.graphiql import bundled
from gateway.graphiql import routes as graphiql_routes
from gateway.operating import operate
from gateway.over_events import stream, streams
from gateway.over_http import RefusedError, answer, form, question
from gateway.over_websocket import converse
from gateway.ports import Services, TokenError, UnverifiableError
from gateway.schema import schema
from gateway.streams import UnansweredError, streamed
from gateway.traced import HEADERS, Endpoint, traced

AT = "/graphql"
METRICS_TYPE = "text/plain; version=0.0.4"
READY_LAG = 1_000
"""How many events the graph may be behind for the server to call itself ready."""
STATUS = {"NOT_YET": 504, "NOT_CONSISTENT": 503, "UNAVAILABLE": 503}
"""How HTTP says what no answer came of; everything else is the sender's to change: 400."""


def application(
    services: Services,
    origins: Sequence[str] = (),
    close: Callable[[], Awaitable[None]] | None = None,
    *,
    graphiql: Path | None = None,
) -> Starlette:
    """The gateway as an ASGI application. `origins` are those that a browser may ask from, besides its own.

    `close` is awaited in the server's event loop when the server stops. `graphiql` is the folder of its
    bundle; without one it is not served.
    """
    schema()  # it takes long to make, and no question is to wait for it

    @asynccontextmanager
    async def lifespan(_application: Starlette) -> AsyncIterator[None]:
        services.indexing.begin()
        yield
        await services.indexing.end()
        if close is not None:
            await close()

    def caller(http: HttpRequest) -> Caller:
        return Caller.of(services, http.headers, address_of(http))

    async def graphql(http: HttpRequest) -> Response:
        try:
            _from_where_it_may(http, origins)
            if streams(http):
                return stream(await streamed(caller(http), await question(http)))
            wanted, asked = form(http), await question(http)
            return await answered(await caller(http).request(), asked, lambda sent: answer(sent, wanted))
        except UnansweredError as error:
            return JSONResponse({"errors": error.errors}, 400)
        except RefusedError as error:
            return _refused(error, error.status, error.headers)
        except TokenError as error:
            return _refused(error, 401, {"WWW-Authenticate": "Bearer"})
        except UnverifiableError as error:
            return _refused(error, 503, {"Retry-After": str(error.seconds)})
        except GatewayError as error:
            return _refused(error, STATUS.get(error.code, 400))
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        except Exception as error:
            return JSONResponse({"errors": [masked(error)]}, 500)

    async def socket(socket: WebSocket) -> None:
        if _is_at_home(socket, origins):
            await converse(services, socket)
        else:
            await socket.close()

    async def ready(_http: HttpRequest) -> Response:
        lag, stopped = services.progress.lag(), services.progress.stopped()
        fine = services.progress.ready() and lag <= READY_LAG and stopped is None
        return JSONResponse({"ready": fine, "lag": lag, "stopped": stopped}, 200 if fine else 503)

    async def healthy(_http: HttpRequest) -> Response:
        return JSONResponse({"healthy": True})

    async def metrics(_http: HttpRequest) -> Response:
        return Response(await anyio.to_thread.run_sync(services.metrics.text), media_type=METRICS_TYPE)

    async def front(_http: HttpRequest) -> Response:
        page = files("gateway").joinpath("front.html").read_text(encoding="utf-8")
        link = GRAPHIQL_LINK if graphiql is not None and bundled(graphiql) else ""
        return HTMLResponse(page.replace("{graphiql}", link), headers=FRONT_HEADERS)

    asked = traced(services.tracing, graphql)
    cors = Middleware(
        CORSMiddleware,
        allow_origins=list(origins),
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type", AT_LEAST, CONSISTENT, STATION, *HEADERS],
        expose_headers=["Retry-After"],
    )
    return Gateway(
        asked,
        routes=[
            Route(AT, asked, methods=["GET", "POST"]),
            WebSocketRoute(AT, socket),
            Route("/healthz", healthy),
            Route("/readyz", ready),
            Route("/metrics", metrics),
            Route("/operate/{act}", partial(operate, services), methods=["POST"]),
            Route("/", front),
            *(() if graphiql is None else graphiql_routes(graphiql)),
        ],
        middleware=[cors],
        lifespan=lifespan,
    )


class Gateway(Starlette):
    """The application. A question that no page of a browser sends goes straight to what answers it.

    It is most of what is asked, and the middleware would only hand it on. What answers lets no error out.
    """

    def __init__(self, answers: Endpoint, **more: Any) -> None:
        super().__init__(**more)
        self._answers = answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not is_plain_question(scope):
            await super().__call__(scope, receive, send)
            return
        scope["app"] = self
        response = await self._answers(HttpRequest(scope, receive, send))
        await response(scope, receive, send)


def is_plain_question(scope: Scope) -> bool:
    """Whether it is posted to the endpoint of GraphQL, and not by a page."""
    return (
        scope["type"] == "http"
        and scope["method"] == "POST"
        and scope["path"] == AT
        and not any(name == b"origin" for name, _ in scope["headers"])
    )


FRONT_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
GRAPHIQL_LINK = f' <a href="{GRAPHIQL}">GraphiQL</a> has more: it completes names and shows the documentation.'


def _from_where_it_may(http: HttpRequest, origins: Sequence[str]) -> None:
    """See that a page of a browser is one of ours, or of those that may ask. Raises RefusedError.

    Ours are those of the same host; the scheme is another one where somebody else ends TLS for us.
    """
    if not _is_at_home(http, origins):
        raise RefusedError(403, f"pages of {http.headers['Origin']} may not ask here")


def _is_at_home(connection: HTTPConnection, origins: Sequence[str]) -> bool:
    origin = connection.headers.get("Origin")
    return origin is None or origin in origins or origin.partition("://")[2] == connection.url.netloc


def _refused(
    error: TokenError | UnverifiableError | GatewayError, status: int, headers: Mapping[str, str] | None = None
) -> Response:
    return JSONResponse({"errors": [shown(refused(error))]}, status, headers)

"""Connections: HTTP/1.1 as clients of many connections speak it, a question at a time on each, kept open in between."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import httptools
import orjson

LONGEST: Final = 60.0
"""Seconds after which an answer is not waited for any longer."""


class LostError(Exception):
    """The connection is gone, and what was asked on it has no answer."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the status, and the body as it came."""

    status: int
    body: bytes

    def json(self) -> Any:
        """The body decoded; None where it is no JSON."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return None


class _Exchange(asyncio.Protocol):
    """One connection on the event loop; the parser calls what begins with `on_`."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._body = bytearray()
        self._answer: asyncio.Future[Reply] | None = None
        self._transport: asyncio.Transport | None = None

    @property
    def open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def send(self, request: bytes) -> asyncio.Future[Reply]:
        """Send a request; its answer comes. Raises LostError."""
        if not self.open or self._transport is None:
            raise LostError("the connection is closed")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(LostError(f"what came is no HTTP: {error}"))
            self.abort()

    def connection_lost(self, error: Exception | None) -> None:
        self._fail(LostError(f"the connection broke off: {error or 'the server closed it'}"))

    def on_message_begin(self) -> None:
        self._body.clear()

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        answer, self._answer = self._answer, None
        if answer is not None and not answer.done():
            answer.set_result(Reply(self._parser.get_status_code(), bytes(self._body)))
        if not self._parser.should_keep_alive():
            self.abort()

    def _fail(self, error: LostError) -> None:
        answer, self._answer = self._answer, None
        if answer is not None and not answer.done():
            answer.set_exception(error)


class Connection:
    """A connection to one server, made when it is needed, and made again after it was lost or cut."""

    def __init__(self, host: str, port: int, headers: Mapping[str, str]) -> None:
        self._host, self._port = host, port
        lines = {"Host": f"{host}:{port}", "Content-Type": "application/json", **headers}
        self._head = b"POST /graphql HTTP/1.1\r\n" + _written(lines)
        self._exchange: _Exchange | None = None

    async def post(self, body: bytes, headers: Mapping[str, str], *, cut_after: float | None = None) -> Reply:
        """Ask, and wait for the answer. Raises LostError, also when it does not come within LONGEST.

        With `cut_after` the connection is cut so many seconds after the request went out, if no answer came by then.
        """
        exchange = await self._connected()
        length = {"Content-Length": str(len(body)), **headers}
        answer = exchange.send(self._head + _written(length) + b"\r\n" + body)
        try:
            async with asyncio.timeout(LONGEST if cut_after is None else cut_after):
                return await answer
        except TimeoutError:
            self.close()
            raise LostError(f"no answer within {LONGEST if cut_after is None else cut_after:g} s") from None

    def close(self) -> None:
        if self._exchange is not None:
            self._exchange.abort()
            self._exchange = None

    async def _connected(self) -> _Exchange:
        if self._exchange is None or not self._exchange.open:
            try:
                loop = asyncio.get_running_loop()
                _, self._exchange = await loop.create_connection(_Exchange, self._host, self._port)
            except OSError as error:
                raise LostError(f"{self._host}:{self._port} cannot be reached: {error}") from error
        return self._exchange


def _written(headers: Mapping[str, str]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()

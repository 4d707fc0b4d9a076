"""WebSockets: any number of operations on one connection, each with its answers.

By https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md. A browser sends no headers of ours with a WebSocket:
what they would say stands in the payload of the first message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from typing import Any, Final

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect

from gateway.callers import Caller, address_of
from gateway.errors import GatewayError, masked, refused, shown
from gateway.over_http import asked_in
from gateway.ports import Services, TokenError, UnverifiableError
from gateway.streams import UnansweredError, streamed

PROTOCOL: Final = "graphql-transport-ws"
PATIENCE: Final = 10.0
"""Seconds within which a client says who it is."""
TRY_AGAIN_LATER: Final = 1013
"""The code of a server that is all right and cannot serve at the moment."""
MOST: Final = 100
"""So many operations go on at once on one connection."""


class _ClosedError(Exception):
    """The connection is closed with this code, and a word why."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


async def converse(services: Services, socket: WebSocket) -> None:
    """Speak with one client until it or we close."""
    if PROTOCOL not in socket.scope.get("subprotocols", ()):
        await socket.close(1002, f"speaks {PROTOCOL}")
        return
    await socket.accept(PROTOCOL)
    conversation = _Conversation(services, socket)
    try:
        await conversation.run()
    except _ClosedError as closed:
        await socket.close(closed.code, str(closed))
    except WebSocketDisconnect:
        pass
    finally:
        await conversation.end()


class _Conversation:
    """One connection: who is at its other end, and the operations that go on."""

    def __init__(self, services: Services, socket: WebSocket) -> None:
        self._services = services
        self._socket = socket
        self._caller: Caller | None = None
        self._going_on: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while self._caller is None:
                    await self._heard(await self._message())
        except TimeoutError:
            raise _ClosedError(4408, "Connection initialisation timeout") from None
        while True:
            await self._heard(await self._message())

    async def end(self) -> None:
        """End what goes on."""
        tasks = list(self._going_on.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _message(self) -> Mapping[str, Any]:
        try:
            message = orjson.loads(await self._socket.receive_text())
        except (orjson.JSONDecodeError, KeyError):
            raise _ClosedError(4400, "a message is a JSON object") from None
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            raise _ClosedError(4400, "a message is a JSON object with a type")
        return message

    async def _heard(self, message: Mapping[str, Any]) -> None:
        match message["type"]:
            case "ping":
                await self._say("pong")
            case "pong":
                pass
            case "connection_init":
                await self._greeted(message.get("payload"))
            case "subscribe":
                await self._asked(message.get("id"), message.get("payload"))
            case "complete":
                if (task := self._going_on.pop(str(message.get("id")), None)) is not None:
                    task.cancel()
            case other:
                raise _ClosedError(4400, f"a message of type {other[:40]!r} is not understood")

    async def _greeted(self, payload: Any) -> None:
        if self._caller is not None:
            raise _ClosedError(4429, "Too many initialisation requests")
        said = payload if isinstance(payload, dict) else {}
        headers = {name.lower(): value for name, value in said.items() if isinstance(value, str)}
        try:
            caller = Caller.of(self._services, {**self._socket.headers, **headers}, address_of(self._socket))
            await caller.request()
        except TokenError as error:
            raise _ClosedError(4403, _reason(error)) from None
        except UnverifiableError as error:
            raise _ClosedError(TRY_AGAIN_LATER, _reason(error)) from None
        except GatewayError as error:
            raise _ClosedError(4400, _reason(error)) from None
        self._caller = caller
        await self._say("connection_ack")

    async def _asked(self, id: Any, payload: Any) -> None:
        if self._caller is None:
            raise _ClosedError(4401, "Unauthorized")
        if not isinstance(id, str) or not id:
            raise _ClosedError(4400, "subscribe takes an id")
        if id in self._going_on:
            raise _ClosedError(4409, f"Subscriber for {id[:40]} already exists")
        if len(self._going_on) >= MOST:
            error = GatewayError("TOO_MUCH", f"{MOST} operations go on already", most=MOST)
            await self._say("error", id=id, payload=[shown(error)])
            return
        self._going_on[id] = asyncio.ensure_future(self._answer(self._caller, id, payload))

    async def _answer(self, caller: Caller, id: str, payload: Any) -> None:
        """Send the answers to an operation, and that there are no more."""
        try:
            with self._services.tracing.asked(caller.trace, self._socket.scope):
                coming = await streamed(caller, asked_in(payload))
            async with aclosing(coming) as answers:
                async for answer in answers:
                    await self._say("next", id=id, payload=answer)
            await self._over(id, "complete")
        except UnansweredError as unanswered:
            await self._over(id, "error", payload=unanswered.errors)
        except (TokenError, UnverifiableError, GatewayError) as error:
            await self._over(id, "error", payload=[shown(refused(error))])
        except (WebSocketDisconnect, RuntimeError):  # the connection is closed
            self._going_on.pop(id, None)
        except Exception as error:
            await self._over(id, "error", payload=[masked(error)])

    async def _over(self, id: str, type: str, **more: Any) -> None:
        """Say a last word of an operation, unless its client has ended it."""
        if self._going_on.get(id) is asyncio.current_task():
            del self._going_on[id]
            await self._say(type, id=id, **more)

    async def _say(self, type: str, **more: Any) -> None:
        await self._socket.send_text(orjson.dumps({"type": type, **more}).decode())


def _reason(error: Exception) -> str:
    """Why the connection is closed, in as many bytes as a closing frame holds."""
    return str(error).encode()[:120].decode(errors="ignore")

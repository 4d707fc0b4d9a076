"""The protocol of WebSockets, message by message: who keeps to it is served, who does not is hung up on."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

import pytest
from served_station import ASK, Station, greeted, heard, said
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.typing import Subprotocol

WRONG = [
    ("before it is greeted", [{"type": "subscribe", "id": "1", "payload": ASK}], 4401),
    ("twice greeted", [{"type": "connection_init"}, {"type": "connection_init"}], 4429),
    ("no JSON", ["{"], 4400),
    ("no object", [[]], 4400),
    ("no type", [{}], 4400),
    ("a type that is none", [{"type": "start"}], 4400),
    ("no id", [{"type": "connection_init"}, {"type": "subscribe", "payload": ASK}], 4400),
    (
        "one id twice",
        [{"type": "connection_init"}, *[{"type": "subscribe", "id": "1", "payload": ASK}] * 2],
        4409,
    ),
    ("a token that does not hold", [{"type": "connection_init", "payload": {"Authorization": "Bearer x"}}], 4403),
    ("a station that is none", [{"type": "connection_init", "payload": {"Yizhan-At-Least": "soon"}}], 4400),
]


async def code_of(socket: ClientConnection) -> int:
    """The code with which the server closes."""
    with contextlib.suppress(ConnectionClosedError):
        async for _ in socket:
            pass
    assert socket.close_code is not None
    return socket.close_code


@pytest.mark.parametrize(("messages", "code"), [each[1:] for each in WRONG], ids=[each[0] for each in WRONG])
def test_who_does_not_keep_to_the_protocol_is_hung_up_on(station: Station, messages: list[Any], code: int) -> None:
    async def converse() -> int:
        async with station.socket() as socket:
            for message in messages:
                await socket.send(message if isinstance(message, str) else json.dumps(message))
            return await code_of(socket)

    assert asyncio.run(converse()) == code
    assert station.come_to(0)


def test_bytes_are_no_message(station: Station) -> None:
    async def converse() -> int:
        async with station.socket() as socket:
            await socket.send(b"{}")
            return await code_of(socket)

    assert asyncio.run(converse()) == 4400


def test_a_message_of_any_length_is_not_read(station: Station) -> None:
    async def converse() -> int:
        async with station.socket() as socket:
            await said(socket, type="connection_init", payload={"long": "x" * 1_100_000})
            return await code_of(socket)

    assert asyncio.run(converse()) == 1009


def test_pages_of_other_sites_are_not_spoken_to(station: Station) -> None:
    async def converse(origin: str) -> None:
        async with station.socket(origin=origin) as socket:
            await greeted(socket)

    asyncio.run(converse(station.server.address))
    with pytest.raises(InvalidStatus) as refused:
        asyncio.run(converse("https://elsewhere.example"))
    assert refused.value.response.status_code == 403


def test_another_protocol_is_not_spoken(station: Station) -> None:
    async def converse() -> None:
        async with connect(station.url.replace("http", "ws"), subprotocols=[Subprotocol("graphql-ws")]):
            pass

    with pytest.raises(InvalidStatus):
        asyncio.run(converse())


def test_a_ping_is_answered_at_any_time(station: Station) -> None:
    async def converse() -> list[str]:
        async with station.socket() as socket:
            await said(socket, type="ping")
            before = await heard(socket)
            await greeted(socket)
            await said(socket, type="ping")
            return [before["type"], (await heard(socket))["type"]]

    assert asyncio.run(converse()) == ["pong", "pong"]


def test_many_operations_go_on_at_once_and_each_ends_for_itself(station: Station) -> None:
    async def converse() -> list[Any]:
        async with station.socket() as socket:
            await greeted(socket)
            for id in ("a", "b", "c"):
                await said(socket, type="subscribe", id=id, payload=ASK)
            first = sorted([(await heard(socket))["id"] for _ in range(3)])
            await said(socket, type="complete", id="b")
            await said(socket, type="subscribe", id="wrong", payload={"query": "{ nothing }"})
            await said(socket, type="subscribe", id="once", payload={"query": "{ __typename }"})
            last = [await heard(socket) for _ in range(3)]
            going_on = await asyncio.to_thread(station.come_to, 2)
            return [first, sorted((each["type"], each["id"]) for each in last), going_on]

    last = [("complete", "once"), ("error", "wrong"), ("next", "once")]
    assert asyncio.run(converse()) == [["a", "b", "c"], last, True]
    assert station.come_to(0)


def test_so_many_and_no_more_go_on_at_once(station: Station) -> None:
    async def converse() -> Any:
        async with station.socket() as socket:
            await greeted(socket)
            for number in range(101):
                await said(socket, type="subscribe", id=str(number), payload=ASK)
            while (message := await heard(socket))["type"] == "next":
                pass
            return message

    message = asyncio.run(converse())
    assert (message["type"], message["id"], message["payload"][0]["extensions"]["code"]) == ("error", "100", "TOO_MUCH")
    assert station.come_to(0)

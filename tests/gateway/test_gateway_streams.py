"""Subscriptions as clients from outside follow them: over WebSockets and as server-sent events, on a real server."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from typing import Any

import httpx
import orjson
import psutil
import pytest
from command_line import Served, serve, typed
from judges import judged
from small_network import SmallNetwork, network_in
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.typing import Subprotocol

NODE = """subscription ($id: ID!, $after: Position) {
    nodeChanged(id: $id, after: $after) { position node { id ... on Need { title { zh } } } events { topic } } }"""
AMEND = """mutation ($id: ID!, $request: ID!, $title: String!) {
    amendNeed(input: {requestId: $request, needId: $id, details: {title: {zh: $title}}}) { position } }"""
PROTOCOL = [Subprotocol("graphql-transport-ws")]
CLIENTS = ("graphql_ws.js", "graphql_sse.js")
numbers = count(1)


class Station:
    """A running server over the small network, and what one does with it."""

    def __init__(self, server: Served, made: SmallNetwork, token: str) -> None:
        self.server = server
        self.made = made
        self.token = token
        self.url = f"{server.address}/graphql"

    def ask(self, query: str, **variables: Any) -> Any:
        answer = httpx.post(
            self.url,
            json={"query": query, "variables": variables},
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=20,
        ).json()
        assert "errors" not in answer, answer
        return answer["data"]

    def amend(self, id: str) -> int:
        """Give a need another title; gives the position."""
        number = next(numbers)
        answer = self.ask(AMEND, id=id, request=f"amend {number}", title=f"改名{number}")
        return int(answer["amendNeed"]["position"])

    def following(self) -> float:
        """How many subscriptions go on."""
        lines = httpx.get(f"{self.server.address}/metrics").text.splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith("yizhan_subscriptions{"))

    def come_to(self, number: float) -> bool:
        """Whether so many go on within a while."""
        until = time.monotonic() + 10
        while self.following() != number:
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True

    def socket(self, **more: Any) -> connect:
        return connect(self.url.replace("http", "ws"), subprotocols=PROTOCOL, **more)


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    data = tmp_path_factory.mktemp("streaming") / "data"
    made = network_in(data)
    token = typed("token", "--data", data, "--as", "adviser", folder=data.parent).stdout.strip()
    server = serve(data)
    yield Station(server, made, token)
    assert server.end(signal.SIGINT) == 0


def followed(
    station: Station, client: str, then: Callable[[], object], most: int, breaks: int | None = None, **variables: Any
) -> dict[str, Any]:
    """What a client tells that followed a record while this happened."""
    url = station.url.replace("http", "ws") if client == "graphql_ws.js" else station.url
    asked = {"url": url, "token": station.token, "query": NODE, "variables": variables, "most": most, "breaks": breaks}
    given = json.dumps({**asked, "field": "nodeChanged"}).encode()
    with ThreadPoolExecutor(1) as beside:
        told: Future[dict[str, Any]] = beside.submit(judged, client, given)
        while station.following() == 0 and not told.done():
            time.sleep(0.02)
        then()
        return told.result()


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_from_outside_hears_what_happens_and_ends_it(station: Station, client: str) -> None:
    id = station.made["dyeing"]
    positions: list[int] = []
    told = followed(station, client, lambda: positions.extend(station.amend(id) for _ in range(3)), 3, id=id)
    answers = [answer["data"]["nodeChanged"] for answer in told["answers"]]
    assert told["errors"] == []
    assert [each["position"] for each in answers] == positions
    assert [each["events"] for each in answers] == [[{"topic": "need.amended"}]] * 3
    shown = [answer["extensions"]["position"] for answer in told["answers"]]
    assert all(at >= each["position"] for at, each in zip(shown, answers, strict=True))
    assert station.come_to(0)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_that_breaks_off_and_comes_back_hears_everything_once(station: Station, client: str) -> None:
    id = station.made["dutch"]
    after = station.ask("{ standing { head } }")["standing"]["head"]
    positions = [station.amend(id) for _ in range(3)]
    told = followed(
        station, client, lambda: positions.extend(station.amend(id) for _ in range(4)), 7, breaks=2, id=id, after=after
    )
    assert told["errors"] == []
    assert [answer["data"]["nodeChanged"]["position"] for answer in told["answers"]] == positions
    assert told["connections"] > 1
    assert station.come_to(0)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_from_outside_is_told_of_errors(station: Station, client: str) -> None:
    told = followed(station, client, lambda: None, 1, id="need_01h455vb4pex5vsknk084sn02q")
    if client == "graphql_ws.js":
        assert [error["extensions"]["code"] for error in told["errors"]] == ["NOT_FOUND"]
    else:
        assert [error["status"] for error in told["errors"]] == [400]


@pytest.mark.parametrize("client", CLIENTS)
def test_a_query_is_answered_once_and_is_over(station: Station, client: str) -> None:
    url = station.url.replace("http", "ws") if client == "graphql_ws.js" else station.url
    asked = {"url": url, "query": "{ standing { lag } }", "variables": {}, "most": 9, "field": "standing"}
    told = judged(client, json.dumps(asked).encode())
    assert [set(answer["data"]) for answer in told["answers"]] == [{"standing"}]
    assert (told["completed"], told["errors"]) == (True, [])


# -- the protocol of WebSockets ----------------------------------------------


async def said(socket: ClientConnection, **message: Any) -> None:
    await socket.send(json.dumps(message))


async def heard(socket: ClientConnection) -> Any:
    async with asyncio.timeout(10):
        return orjson.loads(await socket.recv())


async def greeted(socket: ClientConnection, **payload: Any) -> None:
    await said(socket, type="connection_init", payload=payload)
    assert (await heard(socket))["type"] == "connection_ack"


async def code_of(socket: ClientConnection) -> int:
    """The code with which the server closes."""
    with contextlib.suppress(ConnectionClosedError):
        async for _ in socket:
            pass
    assert socket.close_code is not None
    return socket.close_code


ASK = {"query": "subscription { standing { head } }"}
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


# -- server-sent events --------------------------------------------------------


def test_who_hangs_up_on_a_stream_ends_it(station: Station) -> None:
    headers = {"Accept": "text/event-stream"}
    with httpx.stream("POST", station.url, json=ASK, headers=headers) as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")
        lines = response.iter_lines()
        while not next(lines).startswith("event: next"):
            pass
        assert station.come_to(1)
    assert station.come_to(0)


def test_what_cannot_be_followed_is_refused_before_the_stream_begins(station: Station) -> None:
    headers = {"Accept": "text/event-stream"}
    nobody = 'subscription { nodeChanged(id: "x") { position } }'
    for query, code in (("subscription { nothing }", "BAD_REQUEST"), (nobody, "NOT_FOUND")):
        response = httpx.post(station.url, json={"query": query}, headers=headers)
        assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (400, code)
    wrong = httpx.post(station.url, json=ASK, headers={**headers, "Authorization": "Bearer x"})
    assert wrong.status_code == 401


# -- how much it costs ---------------------------------------------------------


def test_a_thousand_that_follow_and_hear_nothing_cost_little_memory(station: Station) -> None:
    async def idle() -> tuple[int, int]:
        process = psutil.Process(station.server.process.pid)
        id = station.made["checked"]
        before = process.memory_info().rss
        sockets = []
        for _ in range(1_000):
            socket = await station.socket(compression=None, ping_interval=None)
            sockets.append(socket)
            await greeted(socket, Authorization=f"Bearer {station.token}")
            await said(socket, type="subscribe", id="1", payload={"query": NODE, "variables": {"id": id}})
        assert await asyncio.to_thread(station.come_to, 1_000)
        grown = process.memory_info().rss - before
        position = await asyncio.to_thread(station.amend, id)
        told = await asyncio.gather(*(heard(socket) for socket in sockets))
        assert {each["payload"]["data"]["nodeChanged"]["position"] for each in told} == {position}
        await asyncio.gather(*(socket.close() for socket in sockets))
        return grown, len(told)

    grown, told = asyncio.run(idle())
    assert told == 1_000
    assert grown < 100_000_000
    assert station.come_to(0)

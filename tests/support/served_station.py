"""A station whose server is followed from outside: over HTTP, and over WebSockets message by message."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import orjson
from command_line import Served, serve, typed
from small_network import SmallNetwork, network_in
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

NODE = """subscription ($id: ID!, $after: Position) {
    nodeChanged(id: $id, after: $after) { position node { id ... on Need { title { zh } } } events { topic } } }"""
AMEND = """mutation ($id: ID!, $request: ID!, $title: String!) {
    amendNeed(input: {requestId: $request, needId: $id, details: {title: {zh: $title}}}) { position } }"""
PROTOCOL = [Subprotocol("graphql-transport-ws")]
ASK = {"query": "subscription { standing { head } }"}
numbers = count(1)


class Station:
    """A running server over the small network, and what one does with it."""

    def __init__(self, server: Served, made: SmallNetwork, data: Path) -> None:
        self.server = server
        self.made = made
        self.data = data
        self.token = self.token_of("adviser")
        self.url = f"{server.address}/graphql"

    def token_of(self, name: str) -> str:
        """A token of one of its people."""
        return typed("token", "--data", self.data, "--as", name, folder=self.data.parent).stdout.strip()

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


@contextmanager
def served_station(data: Path, **more: str) -> Iterator[Station]:
    """It is served until the end, from this data folder, with these variables besides."""
    made = network_in(data)
    server = serve(data, **more)
    yield Station(server, made, data)
    assert server.end(signal.SIGINT) == 0


async def said(socket: ClientConnection, **message: Any) -> None:
    await socket.send(json.dumps(message))


async def heard(socket: ClientConnection) -> Any:
    async with asyncio.timeout(10):
        return orjson.loads(await socket.recv())


async def greeted(socket: ClientConnection, **payload: Any) -> None:
    await said(socket, type="connection_init", payload=payload)
    assert (await heard(socket))["type"] == "connection_ack"

"""Subscriptions as clients from outside follow them: over WebSockets and as server-sent events, on a real server."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import httpx
import psutil
import pytest
from judges import judged
from served_station import ASK, NODE, Station, greeted, heard, said

CLIENTS = ("graphql_ws.js", "graphql_sse.js")


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

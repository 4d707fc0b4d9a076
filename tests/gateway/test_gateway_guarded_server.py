"""A server whose guard is set from outside: the same is refused over HTTP, server-sent events and WebSockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from command_line import typed
from served_station import Station, greeted, heard, said, served_station

from gateway.documents import hash_of
from gateway.over_http import GRAPHQL

LAG = "query Lag {\n  standing { lag }\n}\n"
FOLLOW = "subscription Follow {\n  standing { head }\n}\n"
DESCRIBE = "query Describe {\n  __schema { queryType { name } }\n}\n"
MANY = "query Many {\n  stations(first: 100) { edges { node { needs(first: 100) { totalCount } } } }\n}\n"
"""It costs more than a burst: it is answered once, and nothing after it."""
FREE = "{ standing { head } }"


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "documents" / "inner").mkdir(parents=True)
    for name, text in (("lag", LAG), ("follow", FOLLOW), ("many", MANY), ("inner/describe", DESCRIBE)):
        (folder / "documents" / f"{name}.graphql").write_text(text, encoding="utf-8")
    settings = {
        "YIZHAN_TRUSTED_DOCUMENTS": "on",
        "YIZHAN_DOCUMENTS": str(folder / "documents"),
        "YIZHAN_INTROSPECTION": "signed-in",
        "YIZHAN_RATE_LIMIT": "0.001",
        "YIZHAN_RATE_BURST": "2000",
        "YIZHAN_PROXIES": '["127.0.0.1"]',
    }
    with served_station(folder / "data", **settings) as served:
        yield served


def by_id(text: str) -> dict[str, Any]:
    return {"documentId": f"sha256:{hash_of(text)}"}


def turned_away(station: Station) -> float:
    """How many it has turned away who asked for too much."""
    begin = 'yizhan_turned_away_total{code="RATE_LIMITED"} '
    lines = httpx.get(f"{station.server.address}/metrics").text.splitlines()
    return sum(float(line.removeprefix(begin)) for line in lines if line.startswith(begin))


def over_http(station: Station, body: dict[str, Any], accept: str, **headers: str) -> httpx.Response:
    return httpx.post(station.url, json=body, headers={"Accept": accept, **headers}, timeout=20)


def over_websocket(
    station: Station, *bodies: dict[str, Any], address: str = "192.0.2.77", token: str = ""
) -> list[Any]:
    """The first that is said to each of these, on one connection."""

    async def converse() -> list[Any]:
        first = []
        async with station.socket(additional_headers={"X-Forwarded-For": address}) as socket:
            await greeted(socket, **({"Authorization": f"Bearer {token}"} if token else {}))
            for number, body in enumerate(bodies):
                await said(socket, type="subscribe", id=str(number), payload=body)
                while (message := await heard(socket)).get("id") != str(number):
                    pass
                first.append(message)
        return first

    return asyncio.run(converse())


def test_a_trusted_document_is_answered_over_each_way(station: Station) -> None:
    assert over_http(station, by_id(LAG), GRAPHQL).json()["data"]["standing"]["lag"] >= 0
    assert '"lag":' in over_http(station, by_id(LAG), "text/event-stream").text
    query, text, following = over_websocket(station, by_id(LAG), {"query": LAG}, by_id(FOLLOW))
    assert [query["type"], text["type"], following["type"]] == ["next"] * 3
    assert following["payload"]["data"]["standing"]["head"] > 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"query": FREE}, "NOT_TRUSTED"),
        ({"query": f"subscription {FREE}"}, "NOT_TRUSTED"),
        (by_id(FREE), "PERSISTED_QUERY_NOT_FOUND"),
        ({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash_of(FREE)}}}, "PERSISTED_QUERY_NOT_FOUND"),
        ({"documentId": "nonsense"}, "BAD_REQUEST"),
        (by_id(DESCRIBE), "INTROSPECTION_DISABLED"),
    ],
)
def test_what_is_refused_is_refused_over_each_way(station: Station, body: dict[str, Any], code: str) -> None:
    for accept in (GRAPHQL, "text/event-stream"):
        response = over_http(station, body, accept)
        assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (400, code)
    (message,) = over_websocket(station, body)
    assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", code)


def test_the_schema_is_described_to_those_who_are_signed_in(station: Station) -> None:
    signed = {"Authorization": f"Bearer {station.token}"}
    described = over_http(station, by_id(DESCRIBE), GRAPHQL, **signed).json()["data"]
    assert described == {"__schema": {"queryType": {"name": "Query"}}}


def test_who_asks_for_too_much_is_turned_away_over_each_way_and_nobody_else(station: Station) -> None:
    token, before = station.token_of("manager"), turned_away(station)
    signed = {"Authorization": f"Bearer {token}"}
    assert over_http(station, by_id(MANY), GRAPHQL, **signed).status_code == 200
    for accept in (GRAPHQL, "text/event-stream"):
        response = over_http(station, by_id(LAG), accept, **signed)
        error = response.json()["errors"][0]
        assert (response.status_code, error["extensions"]["code"]) == (429, "RATE_LIMITED")
        assert int(response.headers["Retry-After"]) == error["extensions"]["retryAfter"] > 1_000
    for body in (by_id(LAG), by_id(FOLLOW)):
        (message,) = over_websocket(station, body, token=token)
        assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "RATE_LIMITED")
    assert over_http(station, by_id(LAG), GRAPHQL).status_code == 200
    assert turned_away(station) == before + 4


def test_the_public_behind_a_proxy_is_told_apart_by_what_the_proxy_says(station: Station) -> None:
    def asks(address: str, document: str = LAG) -> int:
        return over_http(station, by_id(document), GRAPHQL, **{"X-Forwarded-For": address}).status_code

    assert [asks("198.51.100.1", MANY), asks("198.51.100.1"), asks("198.51.100.2")] == [200, 429, 200]
    assert asks("198.51.100.2, 198.51.100.1") == 429, "what the client itself has put before it does not count"
    (message,) = over_websocket(station, by_id(LAG), address="198.51.100.1")
    assert message["type"] == "error"


def test_the_command_line_still_asks_how_far_the_graph_is(station: Station, tmp_path: Path) -> None:
    said = typed("lag", "--server", station.server.address, "--json", folder=tmp_path)
    assert json.loads(said.stdout)["lag"] >= 0

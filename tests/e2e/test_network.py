"""A network on Kafka and Neo4j: the API and two projectors apart, of which one is killed."""

from __future__ import annotations

import json
import signal
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from command_line import Served, project, serve, yizhan
from real_servers import fresh_topic
from waiting import until

from infra.graphdb.generations import Generations
from infra.servers.kafka import Broker
from infra.servers.neo4j import Neo4jServer

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture
def settings(kafka: Broker, neo4j: Neo4jServer) -> dict[str, str]:
    return {
        "YIZHAN_LOG": kafka.url(fresh_topic("network")),
        "YIZHAN_GRAPH": neo4j.uri,
        "YIZHAN_GRAPH_PASSWORD_FILE": str(neo4j.secret),
    }


def test_a_network_goes_on_when_its_projector_is_killed(
    settings: dict[str, str], graph: Generations, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    who = "--station", "国家站点", "--region", "110108", "--administrator", "王某"
    assert yizhan("install", "--data", data, *who, folder=tmp_path, **settings).returncode == 0
    first = imported(data, DATA / "needs.csv", settings)
    with ExitStack() as stack:

        def ended(served: Served) -> Served:
            stack.callback(served.process.communicate)
            stack.callback(served.process.kill)
            return served

        projectors = [ended(project(data, **settings)) for _ in range(2)]
        api = ended(serve(data, "--only", "api", **settings))
        administrator = yizhan("token", "--data", data, "--as", "administrator", folder=tmp_path, **settings).stdout
        assert need(api, administrator, first[0]) == {"id": first[0], "stage": "RECORDED"}
        owner = owned_by(graph)
        (killed,) = (each for each in projectors if each.process.pid == owner)
        (left,) = (each for each in projectors if each is not killed)
        killed.process.kill()
        more = tmp_path / "more.csv"
        more.write_text(
            "来源编号,技术需求名称,技术需求单位\nXQ-2026-009,激光熔覆修复辊道,某钢铁公司\n", encoding="utf-8"
        )
        (second,) = imported(data, more, settings)
        until(lambda: need(api, administrator, second) is not None)
        assert owned_by(graph) == left.process.pid
        found = yizhan("doctor", "--data", data, "--json", folder=tmp_path, **settings).stdout
        assert [line["state"] for line in json.loads(found) if line["about"] == "graph"] == ["well"]
        for each in (left, api):
            assert each.end(signal.SIGTERM) == 0
    assert owned_by(graph) is None


def test_a_part_of_an_embedded_system_is_refused_in_one_line(tmp_path: Path) -> None:
    refused = yizhan("serve", "--data", tmp_path / "data", "--only", "api", folder=tmp_path)
    assert refused.returncode == 2
    assert "--only needs Neo4j" in refused.stderr


def test_a_pulse_in_a_folder_that_is_not_there_is_refused_in_one_line(tmp_path: Path) -> None:
    there = {"YIZHAN_GRAPH": "bolt://127.0.0.1:1", "YIZHAN_PULSE": str(tmp_path / "nowhere" / "pulse")}
    refused = yizhan("serve", "--only", "projector", folder=tmp_path, **there)
    assert refused.returncode == 2
    assert f"there is no {tmp_path / 'nowhere'}" in refused.stderr


def test_a_graph_that_does_not_answer_is_named(tmp_path: Path) -> None:
    out = yizhan(
        *("serve", "--data", tmp_path / "data", "--port", "0"),
        folder=tmp_path,
        YIZHAN_GRAPH="bolt://127.0.0.1:1",
        YIZHAN_GRAPH_PASSWORD="secret",
    )
    assert out.returncode == 3
    assert "the graph at bolt://127.0.0.1:1 does not answer" in out.stderr


def imported(data: Path, file: Path, settings: dict[str, str]) -> list[str]:
    """The ids of what was imported from a file."""
    done = yizhan("import", "--data", data, "--station", "国家站点", "--json", file, folder=data.parent, **settings)
    assert done.returncode == 0, done.stderr
    return [line["id"] for file in json.loads(done.stdout)["files"] for line in file["records"]]


def need(api: Served, token: str, id: str) -> Any:
    """A need as the API shows it once its graph has all that is in the log."""
    asked = {"query": "query ($id: ID!) { need(id: $id) { id stage } }", "variables": {"id": id}}
    headers = {"Authorization": f"Bearer {token.strip()}"}
    until(lambda: httpx.get(f"{api.address}/readyz", timeout=10).json()["lag"] == 0)
    return httpx.post(f"{api.address}/graphql", json=asked, headers=headers, timeout=30).json()["data"]["need"]


def owned_by(graph: Generations) -> int | None:
    """The process that projects."""
    served = graph.served()
    standing = graph.standing(served.number) if served else None
    return int(standing.owner.split("/")[1]) if standing and standing.owner else None

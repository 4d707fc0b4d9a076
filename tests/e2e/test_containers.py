"""The containers of yizhan without containers: the image's steps in a clean environment, and what it starts there."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from dockerfiles import CONTEXT, FailedError, Root, run, stages
from real_servers import fresh_topic
from waiting import until

from infra.graphdb.generations import Generations
from infra.ports import free_ports
from infra.servers.compose import PULSE, document
from infra.servers.image import DATA, PLACE, PORT
from infra.servers.kafka import Broker
from infra.servers.neo4j import Neo4jServer

LIST = "from importlib.metadata import distributions as all; print(*sorted(f'{d.name}=={d.version}' for d in all()))"
OFFLINE = "WARNING: Retrying"
"""What pip says then."""
PATIENCE = 180


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Root:
    """What the Dockerfile makes, under a folder of its own. Without a package index, nothing; not so under CI."""
    building, running = stages(PLACE.read_text(encoding="utf-8"))
    root = Root(tmp_path_factory.mktemp("image"))
    try:
        root.build(building)
    except FailedError as error:
        if OFFLINE not in str(error) or os.environ.get("CI") == "true":
            raise
        pytest.skip("the package index is out of reach")
    for step in running:
        if step.word == "ENV":
            root.set(step.variables)
    return root


@dataclass(frozen=True)
class Containers:
    """The services of docker-compose.yml in this image, with the servers of the tests in place of its own."""

    image: Root
    replaced: dict[str, str]

    def environment(self, service: str) -> dict[str, str]:
        given = {**document()["services"][service]["environment"], **self.replaced}
        return {**self.image.environment(), **{name: self.image.here(value) for name, value in given.items()}}

    def start(self, service: str, stack: ExitStack) -> subprocess.Popen[bytes]:
        """Start what the service runs; it ends with the stack at the latest."""
        command = document()["services"][service]["command"]
        process = subprocess.Popen(command, cwd=self.image.folder, env=self.environment(service))
        stack.callback(process.wait)
        stack.callback(process.kill)
        return process

    def healthy(self, service: str) -> bool:
        """Whether the service passes its own check."""
        kind, *command = document()["services"][service]["healthcheck"]["test"]
        assert kind == "CMD"
        there = [self.image.here(word).replace(str(PORT), self.replaced["YIZHAN_PORT"]) for word in command]
        done = subprocess.run(there, env=self.environment(service), capture_output=True, check=False)
        return done.returncode == 0

    def execute(self, service: str, *command: str) -> str:
        """What a command prints that is run in a container of the service."""
        return run([*command], self.image.folder, self.environment(service))


@pytest.fixture
def containers(image: Root, kafka: Broker, neo4j: Neo4jServer, graph: Generations) -> Containers:
    for name in (DATA, "/run/secrets", "/tmp"):
        Path(image.here(name)).mkdir(parents=True, mode=0o700)
    Path(image.here("/run/secrets/graph_password")).write_text(neo4j.password + "\n")
    return Containers(
        image,
        {
            "YIZHAN_LOG": kafka.url(fresh_topic("containers")),
            "YIZHAN_GRAPH": neo4j.uri,
            "YIZHAN_HOST": "127.0.0.1",
            "YIZHAN_PORT": str(free_ports(1)[0]),
        },
    )


def test_what_is_installed_is_what_the_locks_say_and_yizhan(image: Root) -> None:
    locks = "".join((CONTEXT / f"requirements/{name}.txt").read_text() for name in ("base", "fast", "tracing"))
    locked = {canonical(name): version for name, version in re.findall(r"(?m)^([\w.-]+)(?:\[.*\])?==(\S+)", locks)}
    found = dict(each.split("==") for each in run(["python", "-c", LIST], image.folder, image.environment()).split())
    assert {canonical(name): version for name, version in found.items() if name != "yizhan"} == locked
    assert "yizhan" in found


def test_a_network_in_containers_answers_and_says_that_it_is_well(containers: Containers) -> None:
    address = f"http://127.0.0.1:{containers.replaced['YIZHAN_PORT']}"
    assert not containers.healthy("api")
    assert not containers.healthy("projector")
    with ExitStack() as stack:
        started = [containers.start(service, stack) for service in ("api", "projector")]

        def well(service: str) -> Callable[[], bool]:
            def holds() -> bool:
                assert [each.poll() for each in started] == [None, None]
                return containers.healthy(service)

            return holds

        until(well("projector"), PATIENCE)
        until(well("api"), PATIENCE)
        who = ("--station", "国家站点", "--region", "110108", "--administrator", "王某")
        assert "sign in with" in containers.execute("api", "yizhan", "install", *who)
        until(lambda: names(address) == ["国家站点"], PATIENCE)
        assert Path(containers.image.here(PULSE)).exists()
        for each in started:
            each.send_signal(signal.SIGTERM)
        assert [each.wait(30) for each in started] == [0, 0]
    assert not containers.healthy("api")


def names(address: str) -> Any:
    """The names of the stations, as the API tells them."""
    query = "{ stations { edges { node { name { zh } } } } }"
    answer = httpx.post(f"{address}/graphql", json={"query": query}, timeout=30).raise_for_status().json()
    return [edge["node"]["name"]["zh"] for edge in answer["data"]["stations"]["edges"]]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()

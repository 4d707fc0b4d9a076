"""`yizhan rebuild`, `generations` and `skip`: beside a running server, through it, and without one."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from command_line import PROGRAM, Served, environment, serve, typed

from domain.skips import EventSkipped, skips_id
from infra.announcing import FILE, announced, server_of
from infra.application import Network

HEAP = {"YIZHAN_GRAPH_HEAP": "256m"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose `var` holds a small sample network."""
    folder = tmp_path_factory.mktemp("rebuilt")
    assert typed("sample", "--stations", 1, "--visits", 20, folder=folder).returncode == 0
    return folder


@pytest.fixture
def served(folder: Path) -> Iterator[Served]:
    server = serve(folder / "var")
    yield server
    assert server.end(signal.SIGTERM) == 0


def said(*arguments: object, folder: Path) -> Any:
    done = typed(*arguments, "--json", folder=folder, **HEAP)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_graph_is_built_again_through_the_server_that_runs_on_it(served: Served, folder: Path) -> None:
    with Network(folder / "var") as network:
        head = network.head()
    before = said("generations", folder=folder)["generations"]
    rebuilt = said("rebuild", folder=folder)
    assert rebuilt["position"] == head
    after = {each["generation"]: each["state"] for each in said("generations", folder=folder)["generations"]}
    assert after == {before[-1]["generation"]: "retired", rebuilt["generation"]: "served"}
    assert httpx.get(f"{served.address}/readyz").json() == {"ready": True, "lag": 0, "stopped": None}


def test_a_graph_as_it_was_is_kept_beside_it_until_it_is_removed(served: Served, folder: Path) -> None:
    with Network(folder / "var") as network:
        commit = [each for each in network.commits(0, 50) if each.position <= 50][-1]
    by_time, kept = (said("rebuild", "--as-of", moment, folder=folder) for moment in (commit.context.recorded_at, 50))
    assert by_time["position"] == kept["position"] == commit.position
    said("generations", "--remove", by_time["generation"], folder=folder)
    listed = {each["generation"]: each for each in said("generations", folder=folder)["generations"]}
    assert (listed[kept["generation"]]["state"], listed[kept["generation"]]["position"]) == ("kept", kept["position"])
    others = [number for number, each in listed.items() if each["state"] == "served"]
    refused = typed("generations", "--remove", others[0], folder=folder, **HEAP)
    assert (refused.returncode, refused.stderr) == (
        1,
        f"yizhan: generation {others[0]} is served; takes one that is kept\n",
    )
    assert said("generations", "--remove", kept["generation"], folder=folder) == {"removed": kept["generation"]}
    beyond = typed("rebuild", "--as-of", 10**9, folder=folder, **HEAP)
    assert (beyond.returncode, "takes a position of the log, from 0 to" in beyond.stderr) == (1, True)
    early = typed("rebuild", "--as-of", "2000-01-01", folder=folder, **HEAP)
    assert (early.returncode, "the log begins later, at " in early.stderr) == (1, True)


def test_the_graph_is_verified_through_the_server_that_runs_on_it(served: Served, folder: Path) -> None:
    found = said("verify", folder=folder)
    assert (found["differing"], found["differences"]) == (0, [])
    assert found["nodes"] > 100
    done = typed("verify", "--graph", folder=folder, **HEAP)
    about = f"{found['nodes']:,} nodes and {found['links']:,} links at position {found['position']:,}"
    assert (done.returncode, done.stdout) == (0, f"the graph is what the log makes: {about}\n")


@pytest.mark.parametrize("token", ["", "Bearer x", "Basic x"])
def test_only_who_runs_the_installation_operates_it(served: Served, token: str) -> None:
    headers = {"Authorization": token} if token else {}
    assert httpx.post(f"{served.address}/operate/rebuild", headers=headers).status_code == 401


def test_without_a_server_it_is_built_here_and_ctrl_c_leaves_nothing_behind(folder: Path) -> None:
    before = said("generations", folder=folder)
    databases = folder / "var" / "graph" / "databases"
    there = {each.name for each in databases.iterdir()}
    command = [*PROGRAM, "rebuild"]
    began = subprocess.Popen(
        command, cwd=folder, env=environment(**HEAP), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while {each.name for each in databases.iterdir()} <= there:
        assert began.poll() is None
    began.send_signal(signal.SIGINT)
    out, err = began.communicate(timeout=60)
    assert (began.returncode, out, err) == (1, "", "yizhan: broken off\n")
    assert said("generations", folder=folder) == before
    assert typed("rebuild", folder=folder, **HEAP).stdout.startswith("generation ")


def test_an_event_is_skipped_by_somebody_and_for_a_reason(folder: Path) -> None:
    skipped = said("skip", 3, "--reason", "a pilot that is over", folder=folder)
    assert (skipped["position"], skipped["changed"]) == (3, True)
    again = typed("skip", 3, "--reason", "again", folder=folder)
    assert again.stdout.endswith("is left out already of network, version 1\n")
    with Network(folder / "var") as network:
        (commit,) = network.history(skips_id("network"))
        assert commit.events[0].fact == EventSkipped(
            projection="network", version=1, position=3, reason="a pilot that is over"
        )
        assert commit.context.actor.startswith("person_")
        assert network.skips("network", 1) == {3}
        head = network.head()
    nothing = typed("skip", 10**9, "--reason", "none", folder=folder)
    assert (nothing.returncode, nothing.stderr) == (
        2,
        f"yizhan: 1000000000: takes the position of an event, from 1 to {head}\n",
    )


def test_a_folder_without_a_network_is_named(tmp_path: Path) -> None:
    for command in (["rebuild"], ["generations"], ["skip", 1, "--reason", "x"]):
        done = typed(*command, folder=tmp_path)
        assert (done.returncode, "there is no network in this folder" in done.stderr) == (2, True)


def test_a_server_is_found_for_as_long_as_it_runs(tmp_path: Path) -> None:
    assert server_of(tmp_path) is None
    with announced(tmp_path, "http://127.0.0.1:1"), announced(tmp_path, "http://127.0.0.1:2"):
        assert server_of(tmp_path) == "http://127.0.0.1:1"
    assert (tmp_path / FILE).exists()
    assert server_of(tmp_path) is None

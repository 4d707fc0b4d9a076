"""The whole system, killed again and again while its graph catches up: the graph ends as the log says."""

from __future__ import annotations

import random
import subprocess
import time
from pathlib import Path

import pytest
from command_line import PROGRAM, environment, gone

from infra.application import Network
from infra.graphdb.snapshot import snapshot
from infra.identity.directory import Directory
from infra.sample.pilot import Pilot
from infra.sample.recording import record_pilot
from infra.server import running
from infra.settings import Settings
from projections.memory import Graph
from projections.network import network as projection

KILLS, SEED = 6, 20261123


def told_by_the_log(network: Network) -> Graph:
    """The graph as the log alone makes it, folded one change at a time."""
    graph = Graph()
    after = 0
    while commits := network.commits(after, 1_000):
        graph.apply(projection().changes(commits))
        after = commits[-1].position
    return graph


def killed_after(folder: Path, seconds: float) -> None:
    """Start the server as a process of its own, and kill it with -9 after a while, whatever it is doing."""
    command = (*PROGRAM, "serve", "--data", str(folder), "--port", "0")
    server = subprocess.Popen(
        command, env=environment(YIZHAN_GRAPH_HEAP="256m"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(seconds)
    children = Path(f"/proc/{server.pid}/task").glob("*/children")
    engines = [int(pid) for task in children for pid in task.read_text().split()]
    server.kill()
    server.wait()
    assert all(gone(pid, 15) for pid in engines), "the engine outlived its server"


@pytest.mark.slow
def test_a_server_killed_at_random_points_ends_with_the_graph_that_its_log_tells(tmp_path: Path) -> None:
    network = Network(tmp_path / "data")
    record_pilot(network, Directory(tmp_path / "data" / "people.json"), Pilot(stations=4, visits=400), lambda *_: None)
    network.close()
    chance = random.Random(SEED)
    for _ in range(KILLS):
        killed_after(tmp_path / "data", chance.uniform(1.5, 4.5))
    with running(Settings(data=tmp_path / "data", graph_heap="256m")) as system:
        head = system.network.head()
        assert system.keeper.wait_for(head, 60) == head
        with system.engine.driver() as driver:
            found = snapshot(driver, system.keeper.shown().generation)
        assert found == told_by_the_log(system.network)

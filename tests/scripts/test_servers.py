"""`scripts/servers`: real servers in the background, from start to stop."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from on_kafka import made_topic, send, values
from real_servers import or_skipped

from infra.eventlog.transports.clients import DIRECT
from infra.ports import listens
from infra.servers.jars import jars
from infra.servers.tools import java

ROOT = Path(__file__).parents[2]
REAL_PYTHON = f'exec "{sys.executable}" "$@"'

Outcome = subprocess.CompletedProcess[str]
Servers = Callable[..., Outcome]


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Servers]:
    """What the script runs, on a folder of its own whose servers end with the test."""
    data = tmp_path / "servers"

    def servers(*arguments: str, **environment: str) -> Outcome:
        command = [sys.executable, "-m", "infra.servers", *arguments, "--data", str(data)]
        env = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=300, check=False)

    yield servers
    if data.exists():
        assert servers("stop").returncode == 0


@pytest.mark.parametrize("script", ["servers", "compose"])
@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_every_shell_reads_the_script(script: str, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} here")
    subprocess.run([shell, "-n", ROOT / "scripts" / script], check=True)
    assert os.access(ROOT / "scripts" / script, os.X_OK)


def test_the_script_sets_up_and_hands_its_arguments_on(
    run: Callable[..., Outcome], put: Callable[[str, str], None], checkout: Path
) -> None:
    put("python3", REAL_PYTHON)
    (checkout / "infra" / "servers").mkdir(parents=True)
    for package in ("infra", "infra/servers"):
        (checkout / package / "__init__.py").touch()
    (checkout / "infra" / "servers" / "__main__.py").write_text("import sys\nprint(*sys.argv[1:], sep='|')\n")
    outcome = run("scripts/servers", "status", "--data", "a folder", PYTHONPATH=str(checkout))
    assert (outcome.returncode, outcome.stdout) == (0, "status|--data|a folder\n"), outcome.stderr


def test_servers_run_from_start_to_stop(servers: Servers) -> None:
    with or_skipped():
        java(), jars("kafka"), jars("neo4j")
    assert servers("status").returncode == 3

    started = servers("start", "--json")
    assert started.returncode == 0, started.stderr
    kafka, neo4j = json.loads(started.stdout)["servers"]
    bootstrap, topic = kafka["address"].removeprefix("kafka://").split("/")
    assert topic == "yizhan"
    client = {"bootstrap_servers": bootstrap, "proxy_url": DIRECT}
    made = made_topic(client)
    send(client, made, b"arrived")
    assert values(client, made) == [b"arrived"]
    assert Path(neo4j["password_file"]).read_text() not in started.stdout + started.stderr

    told = servers("status")
    assert told.returncode == 0
    assert f"YIZHAN_LOG={kafka['address']}" in told.stdout
    again = servers("start", "--json")
    assert again.stdout == started.stdout
    assert "kafka runs already" in again.stderr

    stopped = servers("stop")
    assert (stopped.returncode, stopped.stdout) == (0, "")
    ports = [int(address.split(":")[1]) for address in (bootstrap, neo4j["address"].removeprefix("bolt://"))]
    assert not any(map(listens, ports))
    assert servers("status").returncode == 3


def test_a_machine_without_java_is_told_what_to_type(servers: Servers, tmp_path: Path) -> None:
    outcome = servers("start", PATH=str(tmp_path), JAVA_HOME="", YIZHAN_CACHE=str(tmp_path / "cache"))
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert outcome.stderr.splitlines()[-1].startswith("yizhan: Java 17 or newer is needed; type: sudo apt-get install")


@pytest.mark.parametrize("arguments", [[], ["restart"], ["start", "--port", "1"]])
def test_a_wrong_word_is_answered_with_the_usage(servers: Servers, arguments: list[str]) -> None:
    outcome = servers(*arguments)
    assert outcome.returncode == 2
    assert "usage: scripts/servers" in outcome.stderr

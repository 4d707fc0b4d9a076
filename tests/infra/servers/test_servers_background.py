"""Servers in the background: what was started is stopped, and nothing else ever is."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from looking_at_processes import gone

from infra.ports import free_ports, listens
from infra.servers.background import Background, Record
from infra.servers.errors import ServerError


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A process that nobody here has started as a server."""
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process
        process.kill()


def write(folder: Path, name: str, **record: object) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(record))


@pytest.mark.parametrize("name", ["kafka", "neo4j"])
def test_a_process_that_got_the_number_later_is_left_alone(
    tmp_path: Path, stranger: subprocess.Popen[bytes], name: str
) -> None:
    began = psutil.Process(stranger.pid).create_time()
    write(tmp_path, name, pid=stranger.pid, began=began - 5, ports=free_ports(2))
    background = Background(tmp_path)
    assert background.status(name)["running"] is False
    assert background.stop(name) is False
    assert stranger.poll() is None


def test_the_process_that_was_written_down_is_stopped_even_when_it_is_frozen(
    tmp_path: Path, stranger: subprocess.Popen[bytes]
) -> None:
    began = psutil.Process(stranger.pid).create_time()
    write(tmp_path, "kafka", pid=stranger.pid, began=began, ports=free_ports(2))
    psutil.Process(stranger.pid).suspend()
    assert Background(tmp_path).stop("kafka") is True
    assert gone(stranger.pid)
    assert Background(tmp_path).stop("kafka") is False


def test_a_process_that_has_ended_is_no_longer_running(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as process:
        record = Record(process.pid, psutil.Process(process.pid).create_time(), [])
        assert record.process() is not None
        process.kill()
    assert record.process() is None


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"pid": 1}', "half {"])
def test_a_record_that_cannot_be_read_stops_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "kafka.json").write_text(content)
    with pytest.raises(ServerError, match=r"kafka.json is not what this program wrote there"):
        Background(tmp_path).stop("kafka")


def test_two_commands_do_not_work_on_one_folder(tmp_path: Path) -> None:
    second = Background(tmp_path).held()
    with Background(tmp_path).held(), pytest.raises(ServerError, match="another command starts or stops the servers"):
        second.__enter__()
    with Background(tmp_path).held():
        pass


def test_an_unused_folder_has_no_servers_and_is_not_made(tmp_path: Path) -> None:
    status = Background(tmp_path / "none").status("neo4j")
    assert (status["running"], status["pid"], status["address"]) == (False, None, None)
    assert not (tmp_path / "none").exists()


def test_ports_are_each_another_and_out_of_the_way_of_outgoing_connections() -> None:
    ports = free_ports(50)
    assert len(set(ports)) == 50
    assert max(ports) < 32_768
    assert not any(map(listens, ports))

"""A broker of one's own: it keeps what it acknowledged, its port, and nothing that its parent leaves behind."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from kafka import KafkaAdminClient
from looking_at_processes import gone, hosts
from on_kafka import effective, features, made_topic, send, values
from real_servers import or_skipped
from waiting import until

from infra.ports import listens
from infra.servers.errors import ServerError
from infra.servers.jars import jars
from infra.servers.kafka import Broker
from infra.servers.server import Manner
from infra.servers.tools import java
from infra.servers.versions import versions, written

ROOT = Path(__file__).parents[3]

PARENT = """
import sys, time
from pathlib import Path
from infra.servers.kafka import Broker
broker = Broker(Path(sys.argv[1]))
broker.launch()
print(broker.pid, flush=True)
time.sleep(60)
"""


def test_a_stopped_broker_is_started_again_on_its_data(kafka: Broker) -> None:
    address, topic = kafka.bootstrap, made_topic(kafka.client())
    send(kafka.client(), topic, b"kept")
    kafka.stop()
    assert not kafka.running
    assert not listens(kafka.port)
    kafka.start()
    assert kafka.bootstrap == address
    assert values(kafka.client(), topic) == [b"kept"]


def test_a_killed_broker_has_what_it_acknowledged(kafka: Broker) -> None:
    topic = made_topic(kafka.client())
    for number in range(3):
        send(kafka.client(), topic, b"%d" % number)
    first = kafka.pid
    kafka.kill()
    assert not kafka.running
    kafka.start()
    assert kafka.pid != first
    assert values(kafka.client(), topic) == [b"0", b"1", b"2"]


def test_a_frozen_broker_answers_again_when_it_is_thawed(kafka: Broker) -> None:
    topic = made_topic(kafka.client())
    kafka.freeze()
    try:
        kafka.freeze()
        assert kafka.running
        with closing(socket.create_connection(("127.0.0.1", kafka.port), timeout=1)) as connection:
            connection.sendall(b"\x00\x00\x00\x0a\x00\x12\x00\x00\x00\x00\x00\x01\xff\xff")  # which requests it knows
            with pytest.raises(TimeoutError):
                connection.recv(1)
            kafka.thaw()
            connection.settimeout(20)
            assert connection.recv(1)
    finally:
        kafka.thaw()
    assert values(kafka.client(), topic) == []


def test_a_broker_that_runs_is_not_started_twice(kafka: Broker) -> None:
    first = kafka.pid
    assert kafka.start().pid == first


def test_it_listens_on_this_machine_only(kafka: Broker) -> None:
    assert kafka.pid is not None
    assert hosts(kafka.pid) == {"127.0.0.1"}


def test_nobody_else_reads_its_folder(kafka: Broker) -> None:
    assert stat.S_IMODE(kafka.log.stat().st_mode) == 0o600
    assert stat.S_IMODE((kafka.folder / "server.properties").stat().st_mode) == 0o600


def test_a_topic_is_kept_whole_and_made_by_nobodys_mistake(kafka: Broker) -> None:
    settings = effective(kafka.client(), made_topic(kafka.client()))
    assert settings["retention.ms"] == settings["retention.bytes"] == "-1"
    assert settings["cleanup.policy"] == "delete"
    assert settings["unclean.leader.election.enable"] == "false"
    with closing(KafkaAdminClient(**kafka.client())) as admin:
        before = admin.list_topics()
        admin.describe_topics(["never-made"])
        assert admin.list_topics() == before


def test_the_features_are_those_that_the_version_has_by_itself(kafka: Broker) -> None:
    """A container formats its own storage, and takes no list of features."""
    wanted = versions().kafka.features
    assert wanted.items() <= features(kafka.client()).items()
    command = [str(java()), "-cp", f"{jars('kafka')}/*", "kafka.tools.StorageTool", "version-mapping"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert {f"{name}={written(level)}" for name, level in wanted.items()} <= set(told)


def test_a_broker_ends_with_the_process_that_made_it(tmp_path: Path, kafka: Broker) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", PARENT, str(tmp_path)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        broker = int(parent.stdout.readline())
        assert not gone(broker)
        parent.kill()
    until(lambda: gone(broker))


def test_a_broker_that_cannot_start_shows_the_end_of_its_log(tmp_path: Path) -> None:
    broker = Broker(tmp_path / "taken")
    with socket.socket() as other, or_skipped():
        other.bind(("127.0.0.1", broker.quorum.port))
        other.listen()
        with pytest.raises(ServerError, match=r"(?s)kafka ended as it started:\n.*Address already in use"):
            broker.start()
    assert not broker.running


def test_a_setting_that_kafka_does_not_take_is_named(tmp_path: Path) -> None:
    with or_skipped(), pytest.raises(ServerError, match=r"(?s)could not be formatted.*log.segment.bytes"):
        Broker(tmp_path, settings={"log.segment.bytes": "many"}).start()


def test_a_broker_that_takes_too_long_is_not_left_running(tmp_path: Path) -> None:
    broker = Broker(tmp_path, manner=Manner(patience=0.2))
    with or_skipped(), pytest.raises(ServerError, match=r"kafka did not come up in 0.2 s"):
        broker.start()
    assert broker.pid is not None
    assert gone(broker.pid)

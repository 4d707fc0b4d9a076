"""`yizhan doctor`: what is well, what is not, and the one thing that it changes when it is told to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import typed
from real_servers import fresh_topic

from infra.eventlog import Draft, Log, open_log
from infra.eventlog.transports import connect
from infra.eventlog.transports.security import Security
from infra.networks import indexes
from infra.servers.kafka import Broker


def findings(folder: Path, *more: str, exits: int = 0, **settings: str) -> dict[str, dict[str, Any]]:
    """What the doctor found, by what it looked at."""
    done = typed("doctor", "--json", *more, folder=folder, YIZHAN_PORT="1", **settings)
    assert done.returncode == exits, done.stderr + done.stdout
    return {each["about"]: each for each in json.loads(done.stdout)}


def node(broker: Broker, topic: str, data: Path) -> Log:
    return open_log(broker.url(topic), index=indexes(data)[0], client="kafka-python")


def filled(broker: Broker, topic: str, data: Path, commits: int) -> None:
    log = node(broker, topic, data)
    for version in range(1, commits + 1):
        log.commit(Draft([("a", version, "t", b"")]))
    log.close()


def test_an_embedded_log_that_is_well_is_said_to_be_so(tmp_path: Path) -> None:
    assert typed("sample", "--stations", 1, "--visits", 20, folder=tmp_path).returncode == 0
    found = findings(tmp_path)
    assert found["log"]["state"] == "well"
    assert "events" in found["log"]["said"]
    assert found["keys"]["state"] == "warning"
    assert found["server"]["said"] == "none answers at http://127.0.0.1:1"


def test_each_setting_is_shown_with_where_it_comes_from_and_no_password_is(tmp_path: Path) -> None:
    (tmp_path / "yizhan.toml").write_text('host = "127.0.0.2"\n')
    found = findings(tmp_path, YIZHAN_KAFKA_PASSWORD="s3cret", YIZHAN_LOG_DEADLINE="3")
    assert found["setting host"]["said"] == "127.0.0.2 (from yizhan.toml)"
    assert found["setting log_deadline"]["said"] == "3.0 (from the environment)"
    assert found["setting log"]["said"] == "embedded (the default)"
    assert found["setting kafka_password"]["said"] == "*** (from the environment)"


def test_a_file_that_is_no_log_is_ill(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "log.db").write_text("no database at all" * 100)
    assert findings(tmp_path, exits=1)["log"]["state"] == "ill"


def test_a_log_on_kafka_is_shown_with_its_indexes(kafka: Broker, tmp_path: Path) -> None:
    topic = fresh_topic("doctor")
    filled(kafka, topic, tmp_path / "var", 3)
    found = findings(tmp_path, YIZHAN_LOG=kafka.url(topic))
    assert found["log"]["state"] == found["index index-1.db"]["state"] == "well"
    assert "4 of 4 records, 3 events" in found["index index-1.db"]["said"]


def test_kafka_out_of_reach_ends_with_its_own_code(tmp_path: Path) -> None:
    found = findings(tmp_path, exits=3, YIZHAN_LOG="kafka://127.0.0.1:1/t", YIZHAN_LOG_DEADLINE="1")
    assert found["log"]["state"] == "out of reach"


def test_an_index_of_another_log_is_ill_until_it_is_put_aside(kafka: Broker, tmp_path: Path) -> None:
    old, new = fresh_topic("doctor"), fresh_topic("doctor")
    filled(kafka, old, tmp_path / "var", 3)
    filled(kafka, new, tmp_path / "elsewhere", 1)
    before = indexes(tmp_path / "var")[0].read_bytes()
    assert "made anew" in findings(tmp_path, exits=1, YIZHAN_LOG=kafka.url(new))["index index-1.db"]["said"]
    assert indexes(tmp_path / "var")[0].read_bytes() == before
    found = findings(tmp_path, "--accept-log", YIZHAN_LOG=kafka.url(new))
    assert "index index-1.db" in found
    (aside,) = (tmp_path / "var").glob("index-1.db.aside-*")
    assert aside.read_bytes() == before
    log = node(kafka, new, tmp_path / "var")
    assert log.head() == 1
    log.close()


def test_a_log_without_its_beginning_is_not_accepted(kafka: Broker, tmp_path: Path) -> None:
    from kafka import KafkaAdminClient, TopicPartition

    topic = fresh_topic("doctor")
    filled(kafka, topic, tmp_path / "var", 5)
    admin = KafkaAdminClient(**kafka.client())
    admin.delete_records({TopicPartition(topic, 0): 3})
    admin.close()
    done = typed("doctor", "--accept-log", folder=tmp_path, YIZHAN_LOG=kafka.url(topic), YIZHAN_PORT="1")
    assert (done.returncode, indexes(tmp_path / "var")[0].exists()) == (1, True)
    assert "may be the only copy left" in done.stderr


def test_a_topic_of_several_partitions_is_ill(kafka: Broker, tmp_path: Path) -> None:
    from kafka import KafkaAdminClient

    topic = fresh_topic("doctor")
    admin = KafkaAdminClient(**kafka.client())
    admin.create_topics({topic: {"num_partitions": 2, "replication_factor": 1}}, wait_for_metadata=True)
    admin.close()
    assert "2 partition" in findings(tmp_path, exits=1, YIZHAN_LOG=kafka.url(topic))["log"]["said"]


@pytest.mark.parametrize("client", ["kafka-python", "confluent"])
def test_a_topic_that_is_not_there_is_none(kafka: Broker, client: str) -> None:
    transport = connect(client, [kafka.bootstrap], fresh_topic("nothing"), Security(), 5)
    assert transport.describe(5) is None
    transport.close()

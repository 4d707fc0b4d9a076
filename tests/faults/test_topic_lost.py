"""A topic that is not the one that a node knows: the node stops, says so, and leaves its index alone."""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgpack
import pytest
from eventsourcing.persistence import OperationalError
from kafka import KafkaAdminClient, TopicPartition
from kafka.errors import KafkaError

from infra.eventlog.errors import LogStoppedError
from infra.servers.kafka import Broker
from tests.faults.stand import CLIENTS, Stand, held, note

NEWER = {
    "format": msgpack.packb([2, []]),
    "format of another shape": msgpack.packb([2, b"", {}]),
    "kind": msgpack.packb([1, [[3, b"x" * 12]]]),
}


def files_of(stand: Stand, name: str) -> dict[str, str]:
    """The index of a node that is closed: its files that have something in them, each with a hash of its bytes.

    What readers of a file share (`-shm`) says nothing of its content.
    """
    index = stand.job(name).index
    files = (index, index.with_name(f"{index.name}-wal"))
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.exists() and path.stat().st_size
    }


def filled(stand: Stand, name: str, count: int = 6) -> dict[str, str]:
    """Commit something as this node, and close it; gives its files."""
    log = stand.open(name)
    for version in range(1, count + 1):
        note(log, "a", version)
    log.close()
    return files_of(stand, name)


def refusal(stand: Stand, name: str) -> str:
    """The words with which the node refuses to open."""
    with pytest.raises(LogStoppedError) as stopped:
        stand.open(name)
    words = str(stopped.value)
    assert "\n" not in words
    return words


def recreate(stand: Stand) -> None:
    """Delete the topic, create another one of its name, and wait until the broker knows."""
    with closing(KafkaAdminClient(**stand.servers.client())) as admin:
        (old,) = admin.describe_topics([stand.topic])
        admin.delete_topics([stand.topic])
        for _ in range(300):
            with contextlib.suppress(KafkaError):  # the deletion may take a moment
                admin.create_topics({stand.topic: {"num_partitions": 1}})
            (new,) = admin.describe_topics([stand.topic])
            if new["error_code"] == 0 and new["topic_id"] != old["topic_id"]:
                return
            time.sleep(0.1)
    raise AssertionError("the topic was not made anew")


def test_a_recreated_topic_is_refused(stand: Stand) -> None:
    before = filled(stand, "node")
    recreate(stand)
    refusal(stand, "node")
    assert files_of(stand, "node") == before


def test_a_recreated_topic_is_refused_by_a_node_that_was_killed_with_a_write_ahead_log(stand: Stand) -> None:
    log = stand.open("node")
    for version in range(1, 7):
        note(log, "a", version)
    while log.measures().unwritten_bytes:
        time.sleep(0.01)
    index = stand.job("node").index
    left = {path: path.read_bytes() for path in (index, index.with_name(f"{index.name}-wal"))}
    assert all(left.values())
    log.close()
    for path, content in left.items():
        path.write_bytes(content)
    before = files_of(stand, "node")
    recreate(stand)
    refusal(stand, "node")
    assert files_of(stand, "node") == before


def test_a_recreated_topic_with_the_same_records_is_refused(stand: Stand) -> None:
    before = filled(stand, "node")
    values = stand.values()
    recreate(stand)
    stand.append(*values)
    refusal(stand, "node")
    assert files_of(stand, "node") == before


def test_a_topic_recreated_under_a_running_node_takes_nothing_from_it_and_gives_it_nothing(
    new_stand: Callable[..., Stand],
) -> None:
    stand = new_stand(deadline=3.0)
    log = stand.open("node")
    for version in range(1, 7):
        note(log, "a", version)
    before = held(log)
    recreate(stand)
    with pytest.raises(OperationalError):
        note(log, "a", 7)
    assert held(log) == before
    log.close()
    left = files_of(stand, "node")
    refusal(stand, "node")
    assert files_of(stand, "node") == left


def test_a_topic_whose_beginning_is_gone_is_refused_by_nodes_that_need_it_and_by_those_that_have_it(
    stand: Stand,
) -> None:
    before = {"behind": filled(stand, "behind", count=0), "whole": filled(stand, "whole")}
    admin = KafkaAdminClient(**stand.servers.client())
    admin.delete_records({TopicPartition(stand.topic, 0): 5})
    admin.close()
    for name, files in before.items():
        assert "beginning" in refusal(stand, name)
        assert files_of(stand, name) == files
    assert "beginning" in refusal(stand, "fresh")
    assert not stand.job("fresh").index.exists()


@pytest.mark.parametrize("what", NEWER)
def test_a_newer_record_stops_a_node_that_opens(stand: Stand, what: str) -> None:
    before = filled(stand, "node")
    stand.append(NEWER[what])
    assert "upgrade" in refusal(stand, "node")
    assert files_of(stand, "node") == before


@pytest.mark.parametrize("what", NEWER)
def test_a_newer_record_stops_a_running_node_which_can_still_be_read(stand: Stand, what: str) -> None:
    with closing(stand.open("node")) as log:
        for version in range(1, 7):
            note(log, "a", version)
        before = held(log)
        stand.append(NEWER[what], *stand.values()[1:2])
        for attempt in (lambda: log.barrier(timeout=20), lambda: note(log, "a", 7)):
            with pytest.raises(LogStoppedError, match="upgrade"):
                attempt()
        assert held(log) == before
    assert "upgrade" in refusal(stand, "node")


def test_a_shortened_topic_is_refused_also_when_it_grows_again(broker: Broker, tmp_path: Path) -> None:
    stands = [Stand.made(broker, tmp_path / client, client=client) for client in CLIENTS]
    before = [filled(stand, "node") for stand in stands]
    lengths = [len(stand.values()) for stand in stands]
    broker.stop()
    for stand in stands:
        shorten(broker, stand.topic)
    broker.start()
    for stand, files, length in zip(stands, before, lengths, strict=True):
        assert 0 < len(stand.values()) < length
        refusal(stand, "node")
        assert files_of(stand, "node") == files
        stand.append(*(msgpack.packb([1, [[1, b"x" * 12]]]) for _ in range(length)))
        refusal(stand, "node")
        assert files_of(stand, "node") == files


def shorten(broker: Broker, topic: str) -> None:
    """Take the end off a topic's only segment, as a disk that lost its last writes; the broker is not running."""
    folder = broker.folder / "data" / f"{topic}-0"
    (segment,) = folder.glob("*.log")
    with segment.open("r+b") as records:
        records.truncate(segment.stat().st_size * 2 // 3)
    for file in (*folder.glob("*.index"), *folder.glob("*.timeindex"), *folder.glob("*.snapshot")):
        file.unlink()
    for name in (".kafka_cleanshutdown", "recovery-point-offset-checkpoint", "replication-offset-checkpoint"):
        (broker.folder / "data" / name).unlink(missing_ok=True)

"""Both clients say the same of the same topic, and one that gets stuck is made anew."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Event
from unittest import mock

import pytest
from real_servers import fresh_topic

from infra.eventlog import Draft, following, open_log
from infra.eventlog.transports import connect
from infra.eventlog.transports.confluent import ConfluentTransport
from infra.eventlog.transports.interface import Record, Topic
from infra.eventlog.transports.kafka_python import KafkaPythonTransport
from infra.eventlog.transports.security import Security
from infra.servers.kafka import Broker

TOPICS = 12
"""So many that one of their ids, nearly surely, holds a sign in which the two alphabets of base 64 differ."""
PATIENCE = 10.0


def described(broker: Broker, topic: str, client: str) -> Topic | None:
    transport = connect(client, [broker.bootstrap], topic, Security(), PATIENCE)
    try:
        transport.create(1, PATIENCE)
        return transport.describe(PATIENCE)
    finally:
        transport.close()


def test_an_index_kept_through_one_client_knows_its_topic_again_through_the_other(kafka: Broker) -> None:
    for topic in [fresh_topic("described") for _ in range(TOPICS)]:
        through_one = described(kafka, topic, "confluent")
        assert through_one is not None
        assert described(kafka, topic, "kafka-python") == through_one


@pytest.mark.parametrize("kind", [ConfluentTransport, KafkaPythonTransport])
def test_a_tail_that_brings_nothing_is_followed_by_a_new_one(
    kafka: Broker, tmp_path: Path, kind: type[ConfluentTransport | KafkaPythonTransport]
) -> None:
    url, client, asked, renewed = kafka.url(fresh_topic("stuck")), kind.client, Event(), list[int]()
    poll, renew = kind.poll, kind.renew

    def poll_unless_stuck(self: object, offset: int, timeout: float) -> tuple[Sequence[Record], int]:
        if self is not stuck or renewed:
            return poll(self, offset, timeout)  # type: ignore[arg-type]
        asked.set()
        return [], offset

    def renew_and_tell(self: object) -> None:
        renewed.append(1)
        renew(self)  # type: ignore[arg-type]

    reader = open_log(url, index=tmp_path / "reader.db", client=client)
    writer = open_log(url, index=tmp_path / "writer.db", client=client)
    stuck = reader._transport  # type: ignore[attr-defined]  # the client of a log over Kafka
    with (
        mock.patch.object(kind, "poll", poll_unless_stuck),
        mock.patch.object(kind, "renew", renew_and_tell),
        mock.patch.object(following, "LOOK_AGAIN", 0.2),
        mock.patch.object(following, "CHECK_EVERY", 0.5),
    ):
        assert asked.wait(10), "what was under way before has come to its end"
        writer.commit(Draft([("a", 1, "t", b"")]))
        assert reader.barrier(timeout=20) == 1
    assert renewed == [1]
    reader.close()
    writer.close()

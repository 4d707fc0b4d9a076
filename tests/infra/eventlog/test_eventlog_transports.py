"""Both clients say the same of the same topic."""

from __future__ import annotations

from real_servers import fresh_topic

from infra.eventlog.transports import connect
from infra.eventlog.transports.interface import Topic
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

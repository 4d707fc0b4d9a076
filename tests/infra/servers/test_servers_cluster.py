"""Three brokers: a record that was acknowledged outlives two of them, and none is acknowledged by one alone."""

from __future__ import annotations

from typing import Any

import pytest
from kafka.errors import KafkaError, NotEnoughReplicasError
from on_kafka import effective, features, made_topic, send, values
from waiting import until

from infra.servers.cluster import Cluster
from infra.servers.errors import ServerError
from infra.servers.kafka import Broker


def leader(cluster: Cluster, topic: str) -> Broker | None:
    """Who leads the topic now; None when nobody does, or nobody is there to say."""
    try:
        return cluster.leader(topic)
    except (KafkaError, ServerError):
        return None


def sent(client: dict[str, Any], topic: str, value: bytes) -> bool:
    """Whether it was taken; brokers that have just come back refuse it until two of them are in step."""
    try:
        return send(client, topic, value) >= 0
    except NotEnoughReplicasError:
        return False


def test_a_new_topic_is_replicated_as_a_network_needs_it(kafka_cluster: Cluster) -> None:
    settings = effective(kafka_cluster.client(), made_topic(kafka_cluster.client()))
    assert settings["min.insync.replicas"] == "2"
    assert settings["unclean.leader.election.enable"] == "false"
    assert settings["retention.ms"] == "-1"
    assert features(kafka_cluster.client())["eligible.leader.replicas.version"] == 1


def test_a_record_outlives_two_brokers_of_three(kafka_cluster: Cluster) -> None:
    client = kafka_cluster.client()
    topic = made_topic(client)
    send(client, topic, b"by three")
    first = kafka_cluster.leader(topic)
    try:
        first.kill()
        until(lambda: leader(kafka_cluster, topic) not in (first, None))
        send(client, topic, b"by two")
        second = kafka_cluster.leader(topic)
        second.kill()
        until(lambda: leader(kafka_cluster, topic) not in (first, second, None))
        with pytest.raises(KafkaError):
            send(client, topic, b"by one", seconds=5)
    finally:
        kafka_cluster.start()
    until(lambda: sent(client, topic, b"by three again"))
    assert values(client, topic) == [b"by three", b"by two", b"by three again"]

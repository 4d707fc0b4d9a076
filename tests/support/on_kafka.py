"""The few things that tests of a broker do as its clients."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType
from real_servers import fresh_topic


def made_topic(client: dict[str, Any]) -> str:
    """A new topic of one partition, replicated as the broker does by itself."""
    topic = fresh_topic()
    with closing(KafkaAdminClient(**client)) as admin:
        admin.create_topics({topic: {"num_partitions": 1, "replication_factor": -1}}, wait_for_metadata=True)
    return topic


def send(client: dict[str, Any], topic: str, value: bytes, seconds: float = 20) -> int:
    """Have a record acknowledged by all that must; gives its offset."""
    milliseconds = round(seconds * 1000)
    with closing(
        KafkaProducer(
            **client,
            acks="all",
            enable_idempotence=False,
            retries=0,
            request_timeout_ms=milliseconds,
            delivery_timeout_ms=milliseconds,
            max_block_ms=milliseconds,
        )
    ) as producer:
        return int(producer.send(topic, value).get(seconds).offset)


def values(client: dict[str, Any], topic: str) -> list[bytes]:
    """The values of all records of the topic."""
    partition = TopicPartition(topic, 0)
    with closing(KafkaConsumer(**client, group_id=None, enable_auto_commit=False)) as consumer:
        consumer.assign([partition])
        consumer.seek_to_beginning(partition)
        end = consumer.end_offsets([partition])[partition]
        found: list[bytes] = []
        while len(found) < end:
            found += [each.value for batch in consumer.poll(1000).values() for each in batch]
        return found


def effective(client: dict[str, Any], topic: str) -> dict[str, str]:
    """The settings that hold for a topic, by name."""
    with closing(KafkaAdminClient(**client)) as admin:
        asked = [ConfigResource(ConfigResourceType.TOPIC, topic)]
        told = admin.describe_configs(asked, config_filter="all")["topic"][topic]
    return {name: each["value"] for name, each in told.items()}


def features(client: dict[str, Any]) -> dict[str, int]:
    """The levels of Kafka's features that the whole cluster is on."""
    with closing(KafkaAdminClient(**client)) as admin:
        told = admin.describe_features()
    return {name: each["finalized"][1] for name, each in told.items() if "finalized" in each}

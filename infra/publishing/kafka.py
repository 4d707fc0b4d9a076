"""A Kafka topic as the place where published events go.

The topic has one partition, so that there is one order of all events. Each record carries in a header up to which
position everything was there before it was sent: after a crash in the middle of sending, that is where to go on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.consumer.fetcher import ConsumerRecord
from kafka.errors import KafkaError, TopicAlreadyExistsError, UnknownTopicOrPartitionError, for_code

from infra.eventlog.transports.clients import connected
from infra.publishing.events import CONTENT_TYPE, Event
from infra.publishing.outlet import End, OutletError, origin_of
from infra.publishing.topic import LARGEST, LARGEST_RECORD, SETTINGS

AFTER = "yizhan-after"
"""The header that says up to which position everything was published before the record was sent."""

MOST_BYTES = 1_000_000
"""Of events that are sent together, which is less than any topic takes at once unless somebody has lowered it."""
OVERHEAD = 256
"""Bytes that a record takes besides its key and its value, and some to spare."""

LINGER_MS = 5_000
"""A batch goes when it is flushed, and not in parts before that: it takes some hundredths of this to hand one over."""


class KafkaOutlet:
    """A topic. `client` is what every client of kafka-python is made with: `bootstrap_servers`, security settings.

    With `create` a topic that is missing is made, with `settings` over its usual ones; without, it is an error.
    `patience` are the seconds after which a broker that does not answer is given up, for this time.
    """

    def __init__(
        self,
        topic: str,
        client: Mapping[str, Any],
        *,
        create: bool = True,
        replication: int = -1,
        settings: Mapping[str, str] | None = None,
        patience: float = 20.0,
    ) -> None:
        self._topic = topic
        self._partition = TopicPartition(topic, 0)
        self._patience = patience
        waiting = int(patience * 1_000)
        self._delivery_ms = waiting + LINGER_MS
        self._client = {
            "reconnect_backoff_max_ms": 1_000,
            "bootstrap_timeout_ms": waiting,
            "request_timeout_ms": waiting,
            **client,
        }
        self._create = create
        self._replication = replication
        self._settings = {**SETTINGS, **(settings or {})}
        self._producer: KafkaProducer | None = None

    def end(self) -> End | None:
        """Where the topic ends, by its last record; makes the topic if it is missing."""
        self._ensure_topic()
        last = self._last()
        if last is None:
            return None
        after = dict(last.headers).get(AFTER)
        if after is None or not after.isdigit():
            raise OutletError(f"the last record of {self._topic} is not one of a publisher; takes a topic of its own")
        return End(int(after), origin_of(last.value))

    def send(self, events: Sequence[Event], after: int) -> None:
        """Append the events, as few batches as there must be, and each only when the one before it is there."""
        try:
            for batch in _batches(events):
                self._send(batch, after)
                after = batch[-1].position
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection. What is still under way is given up; it counts as not sent, and may arrive."""
        producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(KafkaError):
                producer.close(timeout=1)

    def _send(self, batch: Sequence[Event], after: int) -> None:
        """Send one batch: it lingers until it is flushed, so that the broker takes it whole or not at all.

        Flushing waits until the client itself has given up: a producer that still holds something cannot be closed.
        """
        if self._producer is None:
            self._producer = self._made_producer()
        headers = [("content-type", CONTENT_TYPE.encode()), (AFTER, str(after).encode())]
        sent = [
            self._producer.send(self._topic, event.value, event.entity_id.encode(), headers, partition=0)
            for event in batch
        ]
        self._producer.flush(self._delivery_ms / 1_000 + self._patience)
        for each in sent:
            each.get(timeout=0)

    def _made_producer(self) -> KafkaProducer:
        return connected(
            KafkaProducer,
            acks="all",
            enable_idempotence=False,
            max_in_flight_requests_per_connection=1,
            batch_size=LARGEST_RECORD,
            max_request_size=LARGEST_RECORD,
            linger_ms=LINGER_MS,
            delivery_timeout_ms=self._delivery_ms,
            max_block_ms=int(self._patience * 1_000),
            allow_auto_create_topics=False,
            metrics_enabled=False,
            **self._client,
        )

    def _ensure_topic(self) -> None:
        """Make the topic if it is missing. Raises OutletError for one in which events would not stay in order."""
        with closing(connected(KafkaAdminClient, **self._client)) as admin:
            found = admin.describe_topics([self._topic])[0]
            if found["error_code"] == UnknownTopicOrPartitionError.errno:
                self._make_topic(admin)
                return
            if found["error_code"]:
                raise OutletError(f"{self._topic}: {for_code(found['error_code']).__name__}")
            if (count := len(found["partitions"])) != 1:
                raise OutletError(f"{self._topic} has {count} partitions; takes a topic with one")
            resource = ConfigResource(ConfigResourceType.TOPIC, self._topic, {LARGEST: None})
            told = admin.describe_configs([resource], config_filter="all")["topic"][self._topic]
            if int(told[LARGEST]["value"]) < MOST_BYTES:
                raise OutletError(f"{self._topic} takes {told[LARGEST]['value']} bytes at once; takes {MOST_BYTES}")

    def _make_topic(self, admin: KafkaAdminClient) -> None:
        if not self._create:
            raise OutletError(f"there is no topic {self._topic}")
        asked = {"num_partitions": 1, "replication_factor": self._replication, "configs": self._settings}
        with suppress(TopicAlreadyExistsError):
            admin.create_topics({self._topic: asked}, wait_for_metadata=True)

    def _last(self) -> ConsumerRecord | None:
        """The topic's last record, if it has any."""
        consumer = connected(
            KafkaConsumer,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="none",
            metrics_enabled=False,
            **self._client,
        )
        with closing(consumer):
            consumer.assign([self._partition])
            end = consumer.end_offsets([self._partition])[self._partition]
            if end == consumer.beginning_offsets([self._partition])[self._partition]:
                return None
            consumer.seek(self._partition, end - 1)
            found = consumer.poll(timeout_ms=int(self._patience * 1_000)).get(self._partition)
            if not found:
                raise OutletError(f"the last record of {self._topic} did not come within {self._patience:g} s")
            return found[-1]


def _batches(events: Sequence[Event]) -> Iterator[list[Event]]:
    """The events in their order, as many together as fit into a batch; one that is too large for that alone."""
    batch: list[Event] = []
    size = 0
    for event in events:
        bytes_ = len(event.value) + len(event.entity_id) + OVERHEAD
        if batch and size + bytes_ > MOST_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(event)
        size += bytes_
    if batch:
        yield batch

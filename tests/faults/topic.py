"""A topic seen from outside: its records as bytes, read from the beginning, and bytes put into it by a raw client."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from types import TracebackType
from typing import Self

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

PATIENCE_MS = 20_000


def read_topic(bootstrap: str, topic: str, newest: int | None = None) -> Iterator[tuple[int, bytes | None]]:
    """Offset and value of every record that is in the topic now, or of the newest so many."""
    partition = TopicPartition(topic, 0)
    with closing(
        KafkaConsumer(
            bootstrap_servers=bootstrap,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_uncommitted",
            metrics_enabled=False,
        )
    ) as consumer:
        consumer.assign([partition])
        (end,) = consumer.end_offsets([partition]).values()
        (beginning,) = consumer.beginning_offsets([partition]).values()
        consumer.seek(partition, beginning if newest is None else max(beginning, end - newest))
        while consumer.position(partition) < end:
            for records in consumer.poll(timeout_ms=500).values():
                for record in records:
                    if record.offset < end:
                        yield record.offset, record.value


class RawProducer:
    """Appends bytes to a topic, past every rule of the engine."""

    def __init__(self, bootstrap: str, topic: str) -> None:
        self._topic = topic
        self._producer = KafkaProducer(
            bootstrap_servers=bootstrap,
            enable_idempotence=False,
            acks="all",
            metrics_enabled=False,
            delivery_timeout_ms=PATIENCE_MS,
            request_timeout_ms=PATIENCE_MS // 2,
            linger_ms=0,
        )

    def append(self, values: Sequence[bytes]) -> list[int]:
        """The offsets at which these now stand. Raises KafkaError when the broker does not take them in time."""
        sent = [self._producer.send(self._topic, value, partition=0) for value in values]
        return [future.get(PATIENCE_MS / 1000).offset for future in sent]

    def close(self) -> None:
        self._producer.close(timeout=1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

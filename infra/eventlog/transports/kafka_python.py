"""The log through kafka-python, which is written in Python and needs nothing else.

Its producer's idempotence is off: with it on, a producer whose batch met its delivery deadline never sends again, and
its futures never resolve. The rule of the log makes it needless.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar
from uuid import UUID

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import (
    AuthorizationError,
    KafkaConfigurationError,
    KafkaError,
    MessageSizeTooLargeError,
    OffsetOutOfRangeError,
    RecordListTooLargeError,
    SaslAuthenticationFailedError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
)

from infra.eventlog.transports.clients import NotAdmittedError, connected
from infra.eventlog.transports.interface import (
    TOPIC_SETTINGS,
    OffsetGoneError,
    Record,
    RefusedError,
    Topic,
    TransportError,
    UnacknowledgedError,
    topic_id,
)
from infra.eventlog.transports.security import Security

FINAL = (
    NotAdmittedError,
    SaslAuthenticationFailedError,
    AuthorizationError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
)
QUIET = {"metrics_enabled": False, "allow_auto_create_topics": False}
RECORD_BYTES = 1_048_576
FETCH_BYTES = 4_000_000
MANY = 100
"""So many records at once are a log that is being caught up with."""
T = TypeVar("T")


class KafkaPythonTransport:
    """A topic through kafka-python. Its clients are made when they are first needed, and again after they failed."""

    client = "kafka-python"

    def __init__(self, servers: Sequence[str], topic: str, security: Security, patience: float) -> None:
        self._topic = topic
        self._partition = TopicPartition(topic, 0)
        self._patience = patience
        self._settings = {
            "bootstrap_servers": list(servers),
            "reconnect_backoff_max_ms": 1_000,
            "retry_backoff_ms": 10,
            **security.for_kafka_python(),
        }
        self._lock = threading.Lock()
        self._asking = threading.Lock()
        self._producer: KafkaProducer | None = None
        self._tail: KafkaConsumer | None = None
        self._asker: KafkaConsumer | None = None
        self._closed = False

    # -- the topic ---------------------------------------------------------------

    def describe(self, timeout: float) -> Topic | None:
        with self._admin(timeout) as admin:
            try:
                found = admin.describe_topics([self._topic])[0]
            except UnknownTopicOrPartitionError:
                return None
            if found.get("error_code"):
                return None
            return Topic(topic_id(UUID(str(found["topic_id"])).bytes), len(found["partitions"]))

    def create(self, replication: int, timeout: float) -> None:
        wanted = {"num_partitions": 1, "replication_factor": replication, "configs": dict(TOPIC_SETTINGS)}
        with self._admin(timeout) as admin, contextlib.suppress(TopicAlreadyExistsError):
            admin.create_topics({self._topic: wanted}, timeout_ms=int(timeout * 1_000))

    @contextlib.contextmanager
    def _admin(self, timeout: float) -> Iterator[Any]:
        try:
            admin = _made(lambda: connected(KafkaAdminClient, **self._bounded(timeout)), timeout)
            try:
                yield admin
            finally:
                admin.close()
        except KafkaError as error:
            raise _translated(error) from error

    # -- appending ---------------------------------------------------------------

    def append(self, data: bytes, timeout: float) -> int:
        try:
            sent = self._ready_producer(timeout).send(self._topic, value=data, partition=0)
        except KafkaError as error:
            raise _translated(error) from error
        try:
            return int(sent.get(timeout).offset)
        except FINAL as error:
            raise RefusedError(_said(error)) from error
        except KafkaError as error:
            raise UnacknowledgedError(_said(error)) from error

    def _ready_producer(self, timeout: float) -> Any:
        with self._lock:
            if self._producer is None:
                patience = int(self._patience * 1_000)
                self._producer = _made(
                    lambda: connected(
                        KafkaProducer,
                        **self._bounded(timeout),
                        **QUIET,
                        acks="all",
                        enable_idempotence=False,
                        delivery_timeout_ms=patience,
                        request_timeout_ms=max(1_000, patience // 2),
                        max_block_ms=int(timeout * 1_000),
                        max_request_size=RECORD_BYTES,
                        max_in_flight_requests_per_connection=1,
                    ),
                    timeout,
                )
            return self._producer

    # -- reading -----------------------------------------------------------------

    def bounds(self, timeout: float) -> tuple[int, int]:
        with self._asking:
            try:
                if self._asker is None:
                    self._asker = self._consumer(timeout)
                milliseconds = int(timeout * 1_000)
                first = self._asker.beginning_offsets([self._partition], timeout_ms=milliseconds)
                end = self._asker.end_offsets([self._partition], timeout_ms=milliseconds)
                return first[self._partition], end[self._partition]
            except KafkaError as error:
                _close(self._asker)
                self._asker = None
                raise _translated(error) from error

    def poll(self, offset: int, timeout: float) -> tuple[Sequence[Record], int]:
        try:
            if self._tail is None:
                self._tail = self._consumer(timeout)
                self._tail.assign([self._partition])
                self._tail.seek(self._partition, offset)
            elif self._tail.position(self._partition, timeout_ms=int(timeout * 1_000)) != offset:
                self._tail.seek(self._partition, offset)
            records = self._fetched(self._tail, timeout)
            if len(records) > MANY:
                records += self._fetched(self._tail, 0)  # what follows is asked for, and comes while these are folded
            position = self._tail.position(self._partition, timeout_ms=int(timeout * 1_000))
        except KafkaError as error:
            _close(self._tail)
            self._tail = None
            raise _translated(error) from error
        return records, offset if position is None else position

    def _fetched(self, consumer: Any, timeout: float) -> list[Record]:
        found = consumer.poll(timeout_ms=int(timeout * 1_000), max_records=1_000)
        return [(record.offset, record.value) for record in found.get(self._partition, ())]

    def rest(self) -> None:
        """It fetches only while it polls."""

    def renew(self) -> None:
        _close(self._tail)
        self._tail = None

    def _consumer(self, timeout: float) -> Any:
        return _made(
            lambda: connected(
                KafkaConsumer,
                **self._bounded(timeout),
                **QUIET,
                group_id=None,
                enable_auto_commit=False,
                auto_offset_reset="none",
                isolation_level="read_uncommitted",
                max_partition_fetch_bytes=FETCH_BYTES,
                fetch_max_wait_ms=250,
            ),
            timeout,
        )

    def _bounded(self, timeout: float) -> dict[str, Any]:
        return {**self._settings, "bootstrap_timeout_ms": max(500, int(timeout * 1_000))}

    def close(self) -> None:
        with self._lock:
            for client in (self._producer, self._tail, self._asker):
                _close(client)


def _made(make: Callable[[], T], timeout: float) -> T:
    """A client, tried for as long as the servers may be away: its constructor raises while they are."""
    until = time.monotonic() + timeout
    while True:
        try:
            return make()
        except (*FINAL, KafkaConfigurationError):
            raise
        except KafkaError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _close(client: Any) -> None:
    """Close a client, which may raise over what it has not sent."""
    if client is not None:
        with contextlib.suppress(KafkaError):
            if isinstance(client, KafkaProducer):
                client.close(timeout=1)
            else:
                client.close()


def _translated(error: KafkaError) -> TransportError:
    if isinstance(error, OffsetOutOfRangeError):
        return OffsetGoneError(_said(error))
    return RefusedError(_said(error)) if isinstance(error, FINAL) else TransportError(_said(error))


def _said(error: KafkaError) -> str:
    return str(error) or type(error).__name__

"""The log through confluent-kafka, which speaks through librdkafka and is the quicker client."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from struct import pack
from typing import Any

from confluent_kafka import (
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    Producer,
    TopicCollection,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

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
from infra.eventlog.transports.words import LastWords

FINAL = {
    KafkaError.MSG_SIZE_TOO_LARGE,
    KafkaError._AUTHENTICATION,
    KafkaError.SASL_AUTHENTICATION_FAILED,
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.CLUSTER_AUTHORIZATION_FAILED,
    KafkaError.INVALID_CONFIG,
}
GONE = {KafkaError.OFFSET_OUT_OF_RANGE, KafkaError._AUTO_OFFSET_RESET}
NO_TOPIC = {KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError._UNKNOWN_TOPIC, KafkaError._UNKNOWN_PARTITION}
RECORD_BYTES = 1_048_576
AT_ONCE = 1_000


class ConfluentTransport:
    """A topic through confluent-kafka."""

    client = "confluent"

    def __init__(self, servers: Sequence[str], topic: str, security: Security, patience: float) -> None:
        self._topic = topic
        self._words = LastWords()
        self._settings = {
            "bootstrap.servers": ",".join(servers),
            "reconnect.backoff.max.ms": 1_000,
            "allow.auto.create.topics": False,
            "logger": _silent(self._words),
            **security.for_confluent(),
        }
        self._appending = threading.Lock()
        self._asking = threading.Lock()
        self._producer = Producer(
            {
                **self._settings,
                "acks": "all",
                "enable.idempotence": False,
                "linger.ms": 0,
                "message.timeout.ms": int(patience * 1_000),
                "message.max.bytes": RECORD_BYTES,
                "max.in.flight.requests.per.connection": 1,
            }
        )
        self._tail: Consumer | None = None
        self._position = 0
        self._resting = False
        self._asker: Consumer | None = None

    # -- the topic ---------------------------------------------------------------

    def describe(self, timeout: float) -> Topic | None:
        with self._translating():
            admin = AdminClient(self._settings)
            try:
                asked = admin.describe_topics(TopicCollection([self._topic]), request_timeout=timeout)
                found = asked[self._topic].result(timeout + 1)
            except KafkaException as error:
                if error.args[0].code() in NO_TOPIC:
                    return None
                raise
            high, low = found.topic_id.get_most_significant_bits(), found.topic_id.get_least_significant_bits()
            return Topic(topic_id(pack(">qq", high, low)), len(found.partitions))

    def create(self, replication: int, timeout: float) -> None:
        wanted = NewTopic(self._topic, num_partitions=1, replication_factor=replication, config=dict(TOPIC_SETTINGS))
        with self._translating():
            try:
                admin = AdminClient(self._settings)
                asked = admin.create_topics([wanted], request_timeout=timeout)
                asked[self._topic].result(timeout + 1)
            except KafkaException as error:
                if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                    raise

    # -- appending ---------------------------------------------------------------

    def append(self, data: bytes, timeout: float) -> int:
        reports: list[tuple[KafkaError | None, Message]] = []
        until = time.monotonic() + timeout
        with self._appending:
            try:
                self._producer.produce(
                    self._topic, value=data, partition=0, on_delivery=lambda *report: reports.append(report)
                )
            except BufferError as error:
                raise TransportError("too much waits to be sent already") from error
            except KafkaException as error:
                raise self._translated(error.args[0]) from error
            while not reports:
                if (left := until - time.monotonic()) <= 0:
                    raise UnacknowledgedError(f"no acknowledgement within {timeout:.0f} s")
                self._producer.poll(left)
        failure, message = reports[0]
        if failure is None:
            return _offset(message)
        if failure.code() in FINAL:
            raise RefusedError(failure.str())
        raise UnacknowledgedError(failure.str())

    # -- reading -----------------------------------------------------------------

    def bounds(self, timeout: float) -> tuple[int, int]:
        with self._asking, self._translating():
            if self._asker is None:
                self._asker = Consumer({**self._settings, "group.id": "eventlog", "enable.auto.commit": False})
            partition = TopicPartition(self._topic, 0)
            try:
                found = self._asker.get_watermark_offsets(partition, timeout=timeout, cached=False)
            except KafkaException:
                self._asker.close()  # what it believes of the brokers may be out of date, and stay so for long
                self._asker = None
                raise
            if found is None:
                raise TransportError(f"no answer within {timeout:.0f} s")
            return found

    def poll(self, offset: int, timeout: float) -> tuple[Sequence[Record], int]:
        with self._translating():
            tail = self._tailing(offset)
            first = tail.poll(timeout)
            found = [] if first is None else [first, *tail.consume(AT_ONCE, 0)]
            records = []
            for message in found:
                if (error := message.error()) is None:
                    records.append((_offset(message), message.value()))
                    self._position = _offset(message) + 1
                elif error.code() == KafkaError._PARTITION_EOF:
                    self._position = max(self._position, _offset(message))
                else:
                    raise KafkaException(error)
            return records, self._position

    def rest(self) -> None:
        if self._tail is not None and not self._resting:
            self._tail.pause([TopicPartition(self._topic, 0)])
            self._resting = True

    def renew(self) -> None:
        if self._tail is not None:
            self._tail.close()
            self._tail = None

    def _tailing(self, offset: int) -> Consumer:
        """The consumer that follows the log; it fetches by itself, unless it rests."""
        if self._tail is None:
            self._tail = Consumer(
                {
                    **self._settings,
                    "group.id": "eventlog",
                    "enable.auto.commit": False,
                    "enable.partition.eof": True,
                    "auto.offset.reset": "error",
                    "isolation.level": "read_uncommitted",
                    "fetch.queue.backoff.ms": 1,
                    "fetch.wait.max.ms": 250,
                    "queued.max.messages.kbytes": 16_384,
                }
            )
            self._position = offset
            self._tail.assign([TopicPartition(self._topic, 0, offset)])
        elif self._resting or self._position > offset:
            self._position = offset
            self._tail.seek(TopicPartition(self._topic, 0, offset))
            if self._resting:
                self._tail.resume([TopicPartition(self._topic, 0)])
        self._resting = False
        return self._tail

    @contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except KafkaException as error:
            raise self._translated(error.args[0]) from error

    def _translated(self, error: Any) -> TransportError:
        self._producer.poll(0)  # so that the library says what it has to say
        said = f"{error.str()} ({self._words.said})" if self._words.said else error.str()
        if error.code() in FINAL or self._words.shut_out:
            return RefusedError(said)
        return OffsetGoneError(said) if error.code() in GONE else TransportError(said)

    def close(self) -> None:
        self._producer.purge()
        self._producer.flush(1)
        for consumer in (self._tail, self._asker):
            if consumer is not None:
                consumer.close()


def _offset(message: Message) -> int:
    offset = message.offset()
    assert offset is not None, "a message of the log has a place in it"
    return offset


def _silent(words: LastWords) -> logging.Logger:
    """A logger that tells nobody else: by itself the library floods standard error."""
    logger = logging.Logger("eventlog.confluent")
    logger.addHandler(words)
    return logger

"""The two Kafka clients as bare producers, each used the way that is quickest with it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from confluent_kafka import KafkaException
from confluent_kafka import Producer as Librdkafka
from kafka import KafkaProducer

PATIENCE = 30.0
Done = Callable[[Any], None]
"""Called with None when a send is acknowledged, or with what went wrong."""


class Producer(Protocol):
    """Sends to one topic, acknowledged by all replicas."""

    def send(self, value: bytes, done: Done) -> None:
        """Send, and go on."""

    def send_and_wait(self, value: bytes) -> None:
        """Send, and wait for the acknowledgement. Raises what the client makes of a failure."""

    def close(self) -> None: ...


class KafkaPython:
    """kafka-python, whose own thread calls back."""

    def __init__(self, settings: Mapping[str, str], *, linger_ms: int, threads: int) -> None:
        self._topic = settings["topic"]
        self._producer = KafkaProducer(
            bootstrap_servers=settings["bootstrap"],
            acks="all",
            enable_idempotence=False,
            linger_ms=linger_ms,
            metrics_enabled=False,
        )

    def send(self, value: bytes, done: Done) -> None:
        future = self._producer.send(self._topic, value)
        future.add_callback(lambda _: done(None))
        future.add_errback(done)

    def send_and_wait(self, value: bytes) -> None:
        self._producer.send(self._topic, value).get(PATIENCE)

    def close(self) -> None:
        self._producer.close()


class Confluent:
    """confluent-kafka. One thread polls for its own acknowledgement; several leave that to a thread apart."""

    def __init__(self, settings: Mapping[str, str], *, linger_ms: int, threads: int) -> None:
        self._topic = settings["topic"]
        self._producer = Librdkafka(
            {"bootstrap.servers": settings["bootstrap"], "acks": "all", "linger.ms": linger_ms, "log_level": 2}
        )
        self._closed = False
        self._poller = threading.Thread(target=self._poll) if threads > 1 else None
        if self._poller:
            self._poller.start()

    def send(self, value: bytes, done: Done) -> None:
        self._producer.produce(self._topic, value, on_delivery=lambda error, _: done(error))

    def send_and_wait(self, value: bytes) -> None:
        answers: list[Any] = []
        acknowledged = threading.Lock()
        acknowledged.acquire()

        def done(error: Any) -> None:
            answers.append(error)
            acknowledged.release()

        self.send(value, done)
        if self._poller:
            acknowledged.acquire(timeout=PATIENCE)
        else:
            while not answers:
                self._producer.poll(PATIENCE)
        if answers != [None]:
            raise KafkaException(*answers)

    def close(self) -> None:
        self._closed = True
        if self._poller:
            self._poller.join()
        self._producer.flush(PATIENCE)

    def _poll(self) -> None:
        while not self._closed:
            self._producer.poll(0.05)


CLIENTS: dict[str, type[KafkaPython] | type[Confluent]] = {"kafka-python": KafkaPython, "confluent": Confluent}

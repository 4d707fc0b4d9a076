"""The sides that are compared: what each is called, what drives it, and the store that it stands on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Engine = Literal["embedded", "kafka", "sqlite", "postgres", "umadb", "topic"]


@dataclass(frozen=True, slots=True)
class Side:
    """kind: what a worker drives (`worker.py`). client: the Kafka client, where there is a choice."""

    name: str
    kind: str
    engine: Engine
    client: str = ""

    @property
    def ours(self) -> bool:
        """Whether it runs in our environment; the peers have their own."""
        return self.engine in ("embedded", "kafka", "topic")


EMBEDDED = Side("ours, embedded", "log", "embedded")
CONFLUENT = Side("ours, Kafka by confluent", "log", "kafka", "confluent")
KAFKA_PYTHON = Side("ours, Kafka by kafka-python", "log", "kafka", "kafka-python")
UMADB = Side("UmaDB by its client", "umadb", "umadb")
BY_CLIENT = (EMBEDDED, CONFLUENT, KAFKA_PYTHON, UMADB)

EMBEDDED_RECORDER = Side("ours, embedded, by recorder", "recorder", "embedded")
CONFLUENT_RECORDER = Side("ours, Kafka by confluent, by recorder", "recorder", "kafka", "confluent")
KAFKA_PYTHON_RECORDER = Side("ours, Kafka by kafka-python, by recorder", "recorder", "kafka", "kafka-python")
SQLITE = Side("eventsourcing on SQLite", "recorder", "sqlite")
POSTGRES = Side("eventsourcing on PostgreSQL", "recorder", "postgres")
UMADB_RECORDER = Side("eventsourcing on UmaDB", "recorder", "umadb")
BY_RECORDER = (EMBEDDED_RECORDER, CONFLUENT_RECORDER, KAFKA_PYTHON_RECORDER, SQLITE, POSTGRES, UMADB_RECORDER)

EMBEDDED_ASYNC = Side("ours, embedded, async", "log-async", "embedded")
CONFLUENT_ASYNC = Side("ours, Kafka by confluent, async", "log-async", "kafka", "confluent")
KAFKA_PYTHON_ASYNC = Side("ours, Kafka by kafka-python, async", "log-async", "kafka", "kafka-python")
ASYNC = (EMBEDDED_ASYNC, CONFLUENT_ASYNC, KAFKA_PYTHON_ASYNC)

CONFLUENT_SENDS = Side("bare sends, confluent", "produce", "topic", "confluent")
KAFKA_PYTHON_SENDS = Side("bare sends, kafka-python", "produce", "topic", "kafka-python")
SENDS = (CONFLUENT_SENDS, KAFKA_PYTHON_SENDS)
PIPELINED = (
    Side("bare sends, confluent, pipelined", "produce-pipelined", "topic", "confluent"),
    Side("bare sends, kafka-python, pipelined", "produce-pipelined", "topic", "kafka-python"),
)

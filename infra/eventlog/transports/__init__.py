"""How a process speaks to Kafka: one small interface, and a file for each client library behind it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Final

from infra.eventlog.transports.interface import Transport
from infra.eventlog.transports.security import Security

CLIENTS: Final = ("auto", "kafka-python", "confluent")


def connect(client: str, servers: Sequence[str], topic: str, security: Security, patience: float) -> Transport:
    """A transport to a topic through this client; `auto` takes confluent's where it is installed.

    `patience` is how many seconds an appended record may wait for its acknowledgement.
    """
    if client not in CLIENTS:
        raise ValueError(f"{client!r} is no client; takes one of {', '.join(CLIENTS)}")
    if client == "confluent" or (client == "auto" and find_spec("confluent_kafka") is not None):
        from infra.eventlog.transports.confluent import ConfluentTransport

        return ConfluentTransport(servers, topic, security, patience)
    from infra.eventlog.transports.kafka_python import KafkaPythonTransport

    return KafkaPythonTransport(servers, topic, security, patience)

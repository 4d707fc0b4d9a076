"""A Kafka broker from its jars, on the loopback interface."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, ClassVar

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from infra.eventlog.transports.clients import DIRECT
from infra.ports import free_ports, listens
from infra.servers.node import CLIENTS, CONTROLLERS, HOST, Node, Quorum, new_cluster_id
from infra.servers.server import USUAL, Manner
from infra.servers.versions import Setting, Settings, versions

ANSWERING_MS = 5000


class Broker(Node):
    """One broker: by itself its own controller, its topics on one replica; or one of several under a `quorum`.

    `settings` are Kafka's own (`log.segment.bytes`, …) and stand over those of versions.toml; `heap` is Java's measure;
    `ports` are that of its clients and, by itself, that of its controller.
    """

    name: ClassVar[str] = "kafka"

    def __init__(
        self,
        folder: Path,
        *,
        settings: Mapping[str, Setting] | None = None,
        heap: str = "384m",
        ports: tuple[int, int] | None = None,
        node_id: int = 1,
        quorum: Quorum | None = None,
        manner: Manner = USUAL,
    ) -> None:
        self.port, controller_port = ports or free_ports(2)
        self._combined = quorum is None
        quorum = quorum or Quorum(new_cluster_id(), node_id, controller_port)
        super().__init__(
            folder,
            node_id=node_id,
            quorum=quorum,
            settings=settings,
            heap=heap,
            manner=manner,
        )

    @property
    def bootstrap(self) -> str:
        """Where clients reach it: `127.0.0.1:PORT`."""
        return f"{HOST}:{self.port}"

    def url(self, topic: str) -> str:
        """A topic of it, as the event log is told of one."""
        return f"kafka://{self.bootstrap}/{topic}"

    def client(self) -> dict[str, Any]:
        """What every client of kafka-python is made with."""
        return {"bootstrap_servers": self.bootstrap, "proxy_url": DIRECT}

    def _properties(self) -> Settings:
        kafka = versions().kafka
        clients = f"{CLIENTS}://{self.bootstrap}"
        return {
            "process.roles": "broker,controller" if self._combined else "broker",
            "listeners": f"{clients},{self.quorum.listener}" if self._combined else clients,
            "advertised.listeners": clients,
            "listener.security.protocol.map": f"{CLIENTS}:PLAINTEXT,{CONTROLLERS}:PLAINTEXT",
            "inter.broker.listener.name": CLIENTS,
            **kafka.broker,
            **(kafka.alone if self._combined else kafka.replicated),
        }

    @property
    def _leaves(self) -> bool:
        """One by itself has all classes, also a controller's."""
        return self._combined and self._manner.tethered

    def _answers(self) -> bool:
        """Whether it takes requests, and its controller counts it among the brokers that are up."""
        if not listens(self.port):
            return False
        try:
            with closing(KafkaAdminClient(request_timeout_ms=ANSWERING_MS, **self.client())) as admin:
                return any(each["broker_id"] == self.node_id for each in admin.describe_cluster()["brokers"])
        except KafkaError:
            return False

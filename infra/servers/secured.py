"""A Kafka broker that speaks TLS and lets nobody in without a password."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.graphdb.embedded.folder import password_of
from infra.servers.certificates import Certificates
from infra.servers.kafka import Broker
from infra.servers.node import CLIENTS, CONTROLLERS
from infra.servers.server import USUAL, Manner
from infra.servers.versions import Setting, Settings

MECHANISM = "SCRAM-SHA-512"
LOGIN = "org.apache.kafka.common.security.scram.ScramLoginModule"


class SecuredBroker(Broker):
    """A broker whose clients trust the certificate in `authority` and sign in as `user` with `password`.

    Its controller, which it reaches on a port of its own on the loopback interface, asks for neither.
    """

    user = "yizhan"

    def __init__(
        self,
        folder: Path,
        *,
        settings: Mapping[str, Setting] | None = None,
        heap: str = "384m",
        ports: tuple[int, int] | None = None,
        manner: Manner = USUAL,
    ) -> None:
        super().__init__(
            folder,
            settings=settings,
            heap=heap,
            ports=ports,
            manner=manner,
        )
        self._certificates = Certificates.of(self.folder)
        self.authority = self._certificates.authority
        self.password = password_of(self.folder)

    def client(self) -> dict[str, Any]:
        return {
            **super().client(),
            "security_protocol": "SASL_SSL",
            "ssl_cafile": str(self.authority),
            "sasl_mechanism": MECHANISM,
            "sasl_plain_username": self.user,
            "sasl_plain_password": self.password,
        }

    def confluent_client(self) -> dict[str, Any]:
        """What every client of confluent-kafka is made with."""
        return {
            "bootstrap.servers": self.bootstrap,
            "security.protocol": "SASL_SSL",
            "ssl.ca.location": str(self.authority),
            "sasl.mechanism": MECHANISM,
            "sasl.username": self.user,
            "sasl.password": self.password,
        }

    def _users(self) -> list[str]:
        return [f"--add-scram={MECHANISM}=[name={self.user},password={self.password}]"]

    def _properties(self) -> Settings:
        login = f'{LOGIN} required username="{self.user}" password="{self.password}";'
        return {
            **super()._properties(),
            "listener.security.protocol.map": f"{CLIENTS}:SASL_SSL,{CONTROLLERS}:PLAINTEXT",
            "sasl.enabled.mechanisms": MECHANISM,
            "sasl.mechanism.inter.broker.protocol": MECHANISM,
            f"listener.name.{CLIENTS.lower()}.{MECHANISM.lower()}.sasl.jaas.config": login,
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(self._certificates.server),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(self.authority),
        }

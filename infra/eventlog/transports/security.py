"""How to reach servers that ask who one is: the same settings for both clients."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, Literal, get_args

Protocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Mechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]


@dataclass(frozen=True, slots=True)
class Security:
    """TLS and SASL. Files are in PEM form; `check_hostname` may only be off where names cannot be checked."""

    protocol: Protocol = "PLAINTEXT"
    mechanism: Mechanism | None = None
    username: str | None = None
    password: str | None = None
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None
    key_password: str | None = None
    check_hostname: bool = True

    def __post_init__(self) -> None:
        if self.protocol not in get_args(Protocol):
            raise ValueError(f"protocol {self.protocol!r}: takes one of {', '.join(get_args(Protocol))}")
        sasl = self.protocol.startswith("SASL")
        if sasl and self.mechanism not in get_args(Mechanism):
            raise ValueError(f"mechanism {self.mechanism!r}: takes one of {', '.join(get_args(Mechanism))}")
        if sasl and not (self.username and self.password):
            raise ValueError(f"protocol {self.protocol}: takes a username and a password")
        for file in (self.ca_file, self.cert_file, self.key_file):
            if file is not None and not file.is_file():
                raise ValueError(f"{file}: there is no such file")

    def __repr__(self) -> str:
        shown = (
            f"{field.name}={getattr(self, field.name)!r}" for field in fields(self) if "password" not in field.name
        )
        return f"Security({', '.join(shown)})"

    def for_kafka_python(self) -> dict[str, Any]:
        given = {name: getattr(self, ours) for ours, name in KAFKA_PYTHON.items()}
        return {"ssl_check_hostname": self.check_hostname} | _given(given)

    def for_confluent(self) -> dict[str, Any]:
        given = {name: getattr(self, ours) for ours, name in CONFLUENT.items()}
        unchecked = {} if self.check_hostname else {"ssl.endpoint.identification.algorithm": "none"}
        return unchecked | _given(given)


def _given(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) for name, value in settings.items() if value is not None}


KAFKA_PYTHON: Final = {
    "protocol": "security_protocol",
    "mechanism": "sasl_mechanism",
    "username": "sasl_plain_username",
    "password": "sasl_plain_password",
    "ca_file": "ssl_cafile",
    "cert_file": "ssl_certfile",
    "key_file": "ssl_keyfile",
    "key_password": "ssl_password",
}
CONFLUENT: Final = {
    "protocol": "security.protocol",
    "mechanism": "sasl.mechanism",
    "username": "sasl.username",
    "password": "sasl.password",
    "ca_file": "ssl.ca.location",
    "cert_file": "ssl.certificate.location",
    "key_file": "ssl.key.location",
    "key_password": "ssl.key.password",
}
"""What each client calls them."""

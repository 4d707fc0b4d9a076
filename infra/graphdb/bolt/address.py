"""Where a graph database is: what its address says."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

PORT: Final = 7687


@dataclass(frozen=True, slots=True)
class Address:
    """A server, how it is spoken to, and whether it is asked which one of its cluster is written to."""

    host: str
    port: int
    tls: bool = False
    trusting: bool = False
    """Whether any certificate is taken (`+ssc`)."""
    routed: bool = False

    @classmethod
    def of(cls, uri: str) -> Address:
        """The address that a URI names: `bolt://`, `neo4j://`, and both with `+s` or `+ssc`."""
        parts = urlsplit(uri)
        kind, _, security = parts.scheme.partition("+")
        return cls(
            parts.hostname or "localhost", parts.port or PORT, bool(security), security == "ssc", kind == "neo4j"
        )

    def beside(self, place: str) -> Address:
        """Another server of the same cluster, by `HOST:PORT`."""
        parts = urlsplit(f"//{place}")
        return replace(self, host=parts.hostname or self.host, port=parts.port or PORT, routed=False)

    def context(self) -> ssl.SSLContext | None:
        """How the connection is secured; None where it is not."""
        if not self.tls:
            return None
        context = ssl.create_default_context()
        if self.trusting:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

"""A small OpenID provider on a loopback port: its two documents as one wants them, and a log of what was asked for."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

import orjson
from signing import Signer

DESCRIPTION, KEYS = "/.well-known/openid-configuration", "/keys"


@dataclass
class SmallProvider:
    """What it answers, by path; while it is `held`, nothing at all."""

    issuer: str = ""
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    held: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)

    def describes(self, **more: Any) -> None:
        """Describe itself, in its own words or in others."""
        said = {"issuer": self.issuer, "jwks_uri": f"{self.issuer}{KEYS}", **more}
        self.answers[DESCRIPTION] = 200, orjson.dumps(said)

    def publishes(self, *signers: Signer, entries: tuple[Any, ...] = ()) -> None:
        """Have these keys, and these entries besides, in the key set."""
        self.answers[KEYS] = 200, orjson.dumps({"keys": [*(each.published() for each in signers), *entries]})

    def fails(self) -> None:
        """Answer everything with an error, as it is."""
        self.answers = dict.fromkeys(self.answers, (503, b""))

    def times_asked(self) -> int:
        """How often somebody wanted its keys."""
        with self.lock:
            return self.asked.count(KEYS)


class Handler(BaseHTTPRequestHandler):
    provider: SmallProvider

    def do_GET(self) -> None:
        with self.provider.lock:
            self.provider.asked.append(self.path)
        self.provider.held.wait(30)
        status, body = self.provider.answers.get(self.path, (404, b""))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over those who hung up."""


@contextmanager
def small_provider(*signers: Signer, certificate: Path | None = None) -> Iterator[SmallProvider]:
    """It answers until the end, with these keys; in the clear, or with this certificate."""
    provider = SmallProvider()
    provider.held.set()
    server = Server(("127.0.0.1", 0), type("Of", (Handler,), {"provider": provider}))
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    provider.issuer = f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_address[1]}"
    provider.describes()
    provider.publishes(*signers)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.held.set()
        server.shutdown()
        thread.join()
        server.server_close()

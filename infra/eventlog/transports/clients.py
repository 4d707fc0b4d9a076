"""Clients of kafka-python that say why they cannot be made, and then leave nothing behind.

By themselves they say that nobody answered, put the reason into the log, and leave sockets and threads.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from kafka.errors import KafkaError
from kafka.net.compat import KafkaNetClient
from kafka.net.inet import KafkaNetSocket

from infra.eventlog.transports.words import LastWords

DIRECT: Final = "direct://"
"""The `proxy_url` by which a client uses the sockets below; there is no proxy."""

AT_ONCE: Final = 262_144
"""Bytes that a socket is asked for."""

PAUSE: Final = "retry_backoff_ms"

Client = TypeVar("Client")


class WideSocket(socket.socket):
    """Receives much at once. The library asks for 4 kB at a time, and each time waits for Python's lock anew.

    It closes itself: one that was connected when its client was closed already belongs to nobody.
    """

    def __del__(self) -> None:
        self.close()

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        return super().recv(max(bufsize, AT_ONCE), flags)


class DirectSocket(KafkaNetSocket):  # type: ignore[misc]  # the library has no types
    """Connects straight to the broker, and is closed when it cannot; the library finds it by its scheme."""

    SCHEMES = (DIRECT.removesuffix("://"),)

    def socket(self, *how: int) -> WideSocket:
        return WideSocket(*how)

    async def sock_connect(self, net: Any, sock: WideSocket, sockaddr: Any, timeout_at: float | None = None) -> Any:
        try:
            return await super().sock_connect(net, sock, sockaddr, timeout_at=timeout_at)
        except BaseException:
            sock.close()
            raise


logging.getLogger("kafka").addHandler(logging.NullHandler())


class NotAdmittedError(KafkaError):  # type: ignore[misc]  # the library has no types
    """The servers did not accept who one is."""


def connected(kind: Callable[..., Client], **settings: Any) -> Client:
    """A client of this kind. Raises a KafkaError if no broker answers in time, and then closes what was begun."""
    words = LastWords("Bootstrap connection")
    library = logging.getLogger("kafka")
    library.addHandler(words)
    try:
        return _begun(kind, settings)
    except KafkaError as error:
        if words.shut_out:
            raise NotAdmittedError(words.said) from error
        raise KafkaError(f"{error}; {words.said}" if words.said else str(error)) from error
    finally:
        library.removeHandler(words)


def _begun(kind: Callable[..., Client], settings: Mapping[str, Any]) -> Client:
    begun: list[KafkaNetClient] = []

    def begin(*positional: Any, **more: Any) -> KafkaNetClient:
        client = KafkaNetClient(*positional, **more)
        begun.append(client)
        if (pause := more.get(PAUSE)) is not None:
            client.cluster.config[PAUSE] = pause  # the library leaves its own there, 100 ms before the first question
        return client

    try:
        return kind(kafka_client=begin, **{"proxy_url": DIRECT, **settings})
    except BaseException:
        for client in begun:
            client.close()
        raise

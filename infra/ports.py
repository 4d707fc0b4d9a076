"""Ports on the loopback interface for servers that are stopped and started again, or die and come back."""

from __future__ import annotations

import random
import socket

RANGE = range(15_000, 32_000)
"""Below the ports that a system hands to outgoing connections, one of which could take a stopped server's place."""


def free_ports(count: int) -> list[int]:
    """Ports on which nobody listens at this moment, each another."""
    found: list[int] = []
    for port in random.SystemRandom().sample(RANGE, len(RANGE)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
        if len(found) == count:
            return found
    raise OSError(f"of the ports {RANGE.start} to {RANGE.stop} fewer than {count} are free")


def listens(port: int) -> bool:
    """Whether anybody takes connections on this port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0

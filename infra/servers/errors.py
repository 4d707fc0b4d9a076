"""What goes wrong with a server of one's own."""

from __future__ import annotations

from infra.errors import OutOfReachError


class MissingToolError(OutOfReachError):
    """A program that the servers need is not on this machine; the message says what to type."""


class ServerError(OutOfReachError):
    """A server, or what it is made of, cannot be had; the message ends with the tail of its log where there is one."""

"""What every adapter may raise."""

from __future__ import annotations


class OutOfReachError(Exception):
    """A service or a store cannot be used as it is; the message says which and why, in one line."""

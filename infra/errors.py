"""What every adapter may raise."""

from __future__ import annotations


class OutOfReachError(Exception):
    """A service or a store cannot be used as it is; the message says which and why, in one line."""


class UnfitError(Exception):
    """What the system was given from outside does not fit; the message says where and why, a line for each fault."""

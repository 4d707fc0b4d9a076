"""What goes wrong between here and a graph database."""

from __future__ import annotations

from typing import Final

TRANSIENT: Final = "Neo.TransientError."
MOVED: Final = frozenset({"Neo.ClientError.Cluster.NotALeader", "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase"})
"""Codes of a server that is no longer the one to ask."""
ENDED: Final = frozenset(
    {
        "Neo.ClientError.Transaction.LockClientStopped",
        "Neo.ClientError.Transaction.TransactionTimedOut",
        "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration",
    }
)
"""Codes of a transaction that the server ended. It calls them the client's own; they pass like a broken connection."""


class BoltError(Exception):
    """Nothing came of what was sent. Where it is `passing`, it may be sent again."""

    passing = False


class StatementError(BoltError):
    """The database refused a statement: its code, and in words why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code

    @property
    def passing(self) -> bool:  # type: ignore[override]
        return self.code.startswith(TRANSIENT) or self.code in ENDED or self.moved

    @property
    def moved(self) -> bool:
        """Whether another server of the cluster is to be asked."""
        return self.code in MOVED


class LostError(BoltError):
    """There is no connection, or it broke off before the answer was there."""

    passing = True


class ProtocolError(BoltError):
    """What came back is not what the protocol says."""

"""What came of a command that was not refused, and where commands are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from domain.kernel.commands import Command
from domain.kernel.context import Context


@dataclass(frozen=True, slots=True)
class Outcome:
    """The entity decided on, and the position of the log at which the command has taken effect.

    `changed` is false when there was nothing to record; `repeated` is true when the same request had been answered
    before, and this is the first answer again.
    """

    entity_id: str
    position: int
    changed: bool = True
    repeated: bool = False


class ContendedError(Exception):
    """Others kept changing what the command rests on; nothing was recorded, and it may be sent again."""


class UnavailableError(Exception):
    """The log did not answer, or not in time. The same request may be sent again, and counts once."""


class Desk(Protocol):
    """Where a command is given: decided, recorded whole or refused whole."""

    def perform(self, command: Command, context: Context) -> Outcome: ...

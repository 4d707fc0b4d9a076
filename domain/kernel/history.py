"""History as every reader of the log receives it: facts in the order of the log, in whole commits."""

from __future__ import annotations

from msgspec import Struct

from domain.kernel.context import Context
from domain.kernel.facts import Fact


class Recorded(Struct, frozen=True, gc=False):
    """A fact at its place: of which entity, its version there (from 1), and its position in the log (from 1)."""

    entity_id: str
    version: int
    position: int
    fact: Fact


class Commit(Struct, frozen=True, gc=False):
    """The facts of one decision, whole, with their context. Their positions follow each other without a gap."""

    context: Context
    events: tuple[Recorded, ...]

    @property
    def position(self) -> int:
        """The position of its last event: where the log stands once all of it has been read."""
        return self.events[-1].position

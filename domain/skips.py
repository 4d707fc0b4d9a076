"""Skips: events that a projection leaves out, since it cannot apply them, because an administrator said so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeAlias

from pydantic import Field

from domain.kernel.acting import ADMINISTRATORS
from domain.kernel.commands import Command
from domain.kernel.deciding import Slice
from domain.kernel.facts import Fact
from domain.kernel.fields import Code, Prose
from domain.kernel.ids import derived_id

Version: TypeAlias = Annotated[int, Field(ge=1)]
Position: TypeAlias = Annotated[int, Field(ge=1)]


def skips_id(projection: str) -> str:
    """The id of what this projection leaves out."""
    return derived_id("skips", projection)


# -- facts -------------------------------------------------------------------


class EventSkipped(Fact, topic="skips.event_skipped"):
    """In this version, the projection leaves out the event at this position if it cannot apply it."""

    projection: Code
    version: Version
    position: Position
    reason: Prose


# -- state -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Skips:
    """The positions that are left out, each with the version that leaves it out."""

    projection: str
    positions: frozenset[tuple[int, int]] = frozenset()

    def of(self, version: int) -> frozenset[int]:
        """The positions that this version leaves out."""
        return frozenset(position for skipping, position in self.positions if skipping == version)


def evolve(skips: Skips | None, fact: EventSkipped) -> Skips:
    before = skips.positions if skips else frozenset()
    return Skips(fact.projection, before | {(fact.version, fact.position)})


# -- decisions ---------------------------------------------------------------


class SkipEvent(Command, roles=ADMINISTRATORS):
    projection: Code
    version: Version
    position: Position
    reason: Prose

    def derives_from(self) -> tuple[str, ...]:
        return (self.projection,)


def skip(skips: Skips | None, command: SkipEvent) -> EventSkipped | tuple[()]:
    """An event is left out once; a repaired version of the projection applies it again."""
    if skips is not None and command.position in skips.of(command.version):
        return ()
    return EventSkipped(
        projection=command.projection, version=command.version, position=command.position, reason=command.reason
    )


SLICE = Slice("skips", Skips, (EventSkipped,), evolve, (skip,))

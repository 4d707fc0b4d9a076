"""Steps: what is to be asked of the network, by whom and when; and the script that collects them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from domain.kernel.commands import Command
from domain.kernel.context import Context
from domain.kernel.ids import derived_id
from domain.registry import registry
from infra.sample.days import Days


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who acts for a station."""

    person_id: str
    station_id: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """A command with its context."""

    at: datetime
    actor: Actor
    request_id: str
    command: Command

    @property
    def context(self) -> Context:
        return Context(
            actor=self.actor.person_id, station_id=self.actor.station_id, request_id=self.request_id, at=self.at
        )

    @property
    def makes(self) -> str:
        """The noun (an id's prefix) of which the command makes a new one; the empty string when it changes one."""
        plan = registry().plans[type(self.command)]
        return registry().by_state[plan.target.state].prefix if plan.creates and plan.target.state else ""

    @property
    def entity_id(self) -> str:
        """The id of what the command makes, known before it is made."""
        parts = self.command.derives_from() or ("request", self.actor.person_id, self.request_id)
        return derived_id(self.makes, *parts)


@dataclass(slots=True)
class Script:
    """Collects the steps of a part of the network; `name` begins their request ids."""

    name: str
    days: Days
    steps: list[Step] = field(default_factory=list)

    def make(self, moment: float, actor: Actor, request: str, command: Command) -> str:
        """Have something new made, and tell its id."""
        return self._add(moment, actor, request, command).entity_id

    def do(self, moment: float, actor: Actor, request: str, command: Command) -> bool:
        """Have something changed; not, and False, if that would be after the last day."""
        if moment > self.days.last:
            return False
        self._add(moment, actor, request, command)
        return True

    def in_order(self) -> list[Step]:
        """The steps as they follow each other in time."""
        return sorted(self.steps, key=lambda step: step.at)

    def _add(self, moment: float, actor: Actor, request: str, command: Command) -> Step:
        step = Step(self.days.at(moment), actor, f"{self.name}/{request}", command)
        self.steps.append(step)
        return step

"""Tests of rules, told as stories: given these facts, when this command, then these facts, or this refusal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from domain.appointments import acting, appointment_id
from domain.kernel.acting import Role
from domain.kernel.commands import Command
from domain.kernel.facts import Fact
from domain.kernel.ids import derived_id, prefix_of
from domain.kernel.performing import Entity, Proposal, propose
from domain.kernel.refusals import Refusal
from domain.registry import registry

NOON = datetime(2026, 8, 10, 12, tzinfo=UTC)
PERSON = derived_id("person", "somebody")


def id_of(prefix: str, name: str = "one") -> str:
    """An id for a story: the same name, the same id."""
    return derived_id(prefix, name)


@dataclass(frozen=True)
class Story:
    """What has happened so far, and who acts."""

    lives: dict[str, tuple[Fact, ...]] = field(default_factory=dict)
    roles: frozenset[Role] = frozenset({Role.ADMINISTRATOR})
    station: str = id_of("station")

    def and_given(self, id: str, *facts: Fact) -> Story:
        return Story({**self.lives, id: (*self.lives.get(id, ()), *facts)}, self.roles, self.station)

    def acting(self, *roles: Role, at: str | None = None) -> Story:
        """From now on somebody acts in these roles, at this station."""
        return Story(self.lives, frozenset(roles), at or self.station)

    def when(self, command: Command) -> Told:
        from domain.appointments import Appointment, Term

        terms = tuple(Term(role, date(2020, 1, 1), None) for role in sorted(self.roles))
        who = acting(PERSON, self.station, Appointment(PERSON, self.station, terms), NOON)
        plan = registry().plans[type(command)]
        prefixes = {state: each.prefix for state, each in registry().by_state.items()}
        try:
            return Told(propose(plan, prefixes, command, who, (PERSON, "request"), self._find), None)
        except Refusal as refusal:
            return Told(None, refusal)

    def state(self, id: str) -> Any:
        """The entity as these facts leave it."""
        entity = self._find(id)
        assert entity is not None
        return entity.state

    def _find(self, id: str) -> Entity | None:
        facts = self.lives.get(id)
        if not facts:
            return None
        state = None
        for fact in facts:
            state = registry().slices[prefix_of(id)].evolve(state, fact)
        return Entity(id, len(facts), state)


@dataclass(frozen=True)
class Told:
    """How the story ended."""

    proposal: Proposal | None
    refusal: Refusal | None

    def then(self, *facts: Fact) -> Proposal:
        """These facts, of the entity decided on, and no others of it."""
        assert self.refusal is None, f"refused: {self.refusal}"
        assert self.proposal is not None
        assert [each.fact for each in self.proposal.facts if each.entity_id == self.proposal.entity_id] == list(facts)
        return self.proposal

    def then_nothing(self) -> None:
        """Neither a refusal nor any fact."""
        assert self.then().facts == ()

    def then_elsewhere(self, id: str, *facts: Fact) -> Proposal:
        """These facts of another entity, in the same commit."""
        assert self.refusal is None, f"refused: {self.refusal}"
        assert self.proposal is not None
        assert [each.fact for each in self.proposal.facts if each.entity_id == id] == list(facts)
        return self.proposal

    def then_reads(self, *ids: str) -> None:
        """The commit rests on these entities without writing them."""
        assert self.refusal is None, f"refused: {self.refusal}"
        assert self.proposal is not None
        missing = set(ids) - set(self.proposal.reads)
        assert not missing, f"not read: {missing}"

    def then_refused(self, code: str) -> Refusal:
        assert self.refusal is not None, f"not refused: {self.proposal}"
        assert self.refusal.code == code, self.refusal
        return self.refusal


def given(id: str, *facts: Fact) -> Story:
    """The story begins with these facts of one entity."""
    return Story().and_given(id, *facts)


def nothing_given() -> Story:
    return Story()


def appointment_of(person: str, station: str) -> str:
    return appointment_id(person, station)

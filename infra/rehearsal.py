"""A rehearsal: commands are decided and their facts folded, and nothing is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from domain.kernel.commands import Command
from domain.kernel.context import Context
from domain.kernel.facts import Fact
from domain.kernel.history import Commit
from domain.kernel.outcomes import Outcome
from domain.kernel.performing import Entity
from infra.application import Network

F = TypeVar("F", bound=Fact)


@dataclass(slots=True)
class Rehearsal:
    """A desk over a network that sees what its own commands would have recorded."""

    network: Network
    _imagined: dict[str, Entity] = field(default_factory=dict)

    def find(self, id: str) -> Entity | None:
        return self._imagined.get(id) or self.network.find(id)

    def history(self, id: str, after: int = 0, limit: int = 1_000) -> list[Commit]:
        """What has really happened to an entity."""
        return self.network.history(id, after, limit)

    def facts_of(self, fact: type[F]) -> Iterator[tuple[str, F]]:
        """What has really been recorded of this kind, with its entity."""
        return self.network.facts_of(fact)

    def perform(self, command: Command, context: Context) -> Outcome:
        """Decide a command as the network would; a rule that says no is a `Refusal` here as well."""
        proposal, _ = self.network.propose(command, context, self.find)
        for numbered in proposal.facts:
            before = self.find(numbered.entity_id)
            self._imagined[numbered.entity_id] = self.network.evolved(before, numbered)
        return Outcome(proposal.entity_id, self.network.head(), changed=bool(proposal.facts))

"""Claims: what must be unique in the network and may change hands, such as a credit code.

A claim is an entity of its own whose id follows from what is claimed. It is taken or released in the same commit as the
facts that need it, so that its uniqueness is nothing but the log's own optimistic check.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, TypeAlias, assert_never

from domain.kernel.facts import Fact
from domain.kernel.fields import Code, Opening
from domain.kernel.ids import derived_id
from domain.kernel.refusals import ensure


class ClaimTaken(Fact, topic="claim.taken"):
    """From now on this belongs to the holder and to nobody else."""

    kind: Code
    holder_id: Annotated[str, Opening.OPEN]


class ClaimReleased(Fact, topic="claim.released"):
    """Nobody holds it any more; it may be taken again."""


ClaimFact: TypeAlias = ClaimTaken | ClaimReleased


@dataclass(frozen=True, slots=True)
class Claim:
    holder_id: str | None


def evolve(claim: Claim | None, fact: ClaimFact) -> Claim:
    match fact:
        case ClaimTaken(holder_id=holder):
            return Claim(holder)
        case ClaimReleased():
            return Claim(None)
        case _:
            assert_never(fact)


@dataclass(frozen=True, slots=True)
class ClaimKey:
    """What is claimed: its kind (`credit_code`) and its value."""

    kind: str
    value: str

    @property
    def id(self) -> str:
        return derived_id("claim", self.kind, self.value)


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims that a command named, as they stand now, for the entity that is being decided on."""

    holder_id: str
    found: Mapping[str, Claim | None]

    def taken(self, *keys: ClaimKey) -> dict[str, tuple[Fact, ...]]:
        """The facts, by claim id, that take these for the entity; what it holds already needs none."""
        facts: dict[str, tuple[Fact, ...]] = {}
        for key in keys:
            claim = self.found[key.id]
            holder = claim.holder_id if claim else None
            ensure(holder in (None, self.holder_id), f"{key.kind}.taken", f"{key.value} already belongs to {holder}")
            if holder is None:
                facts[key.id] = (ClaimTaken(kind=key.kind, holder_id=self.holder_id),)
        return facts

    def released(self, *keys: ClaimKey) -> dict[str, tuple[Fact, ...]]:
        """The facts, by claim id, that let go of those of these that the entity holds."""
        return {
            key.id: (ClaimReleased(),)
            for key in keys
            if (claim := self.found[key.id]) is not None and claim.holder_id == self.holder_id
        }

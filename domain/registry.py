"""The slices of the domain, and what follows from the list: which facts, commands and decisions there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from domain import (
    achievements,
    appointments,
    brokers,
    cooperation,
    deals,
    experts,
    matches,
    needs,
    organisations,
    partners,
    profiles,
    skips,
    stations,
)
from domain.installation import Install, install
from domain.kernel import claims
from domain.kernel.commands import Command
from domain.kernel.deciding import Plan, Slice, plan
from domain.kernel.facts import Fact

SLICES: tuple[Slice[Any], ...] = (
    Slice("claim", claims.Claim, (claims.ClaimTaken, claims.ClaimReleased), claims.evolve),
    appointments.SLICE,
    stations.SLICE,
    organisations.SLICE,
    needs.SLICE,
    achievements.SLICE,
    partners.SLICE,
    experts.SLICE,
    brokers.SLICE,
    cooperation.SLICE,
    profiles.SLICE,
    matches.SLICE,
    deals.SLICE,
    skips.SLICE,
)

ACROSS_SLICES = (install,)
"""Decisions that make more than one noun at once."""

OPERATING = frozenset({Install, skips.SkipEvent})
"""Commands about the installation itself: given where it runs, not over its API."""


@dataclass(frozen=True, slots=True)
class Registry:
    """What a list of slices amounts to, by name."""

    slices: Mapping[str, Slice[Any]]
    """By the prefix of their ids."""
    by_state: Mapping[type[Any], Slice[Any]]
    facts: Mapping[str, type[Fact]]
    """By the topic and version under which they are stored."""
    plans: Mapping[type[Command], Plan]


@cache
def registry() -> Registry:
    """The whole domain."""
    decisions = [decide for each in SLICES for decide in each.decisions]
    return Registry(
        slices={each.prefix: each for each in SLICES},
        by_state={each.state: each for each in SLICES},
        facts={fact.stored_as(): fact for each in SLICES for fact in each.facts},
        plans={made.command: made for made in map(plan, (*decisions, *ACROSS_SLICES))},
    )

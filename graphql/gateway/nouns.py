"""The nouns of the graph that have a type, a list and a look-up."""

from __future__ import annotations

from functools import cache

from domain.kernel.ids import prefix_of
from gateway.listing import Noun
from gateway.types import (
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
    stations,
)


@cache
def nouns() -> tuple[Noun, ...]:
    """All of them, in the order in which the schema names them."""
    return (
        stations.NOUN,
        organisations.NOUN,
        partners.NOUN,
        experts.NOUN,
        brokers.NOUN,
        needs.NOUN,
        achievements.NOUN,
        profiles.NOUN,
        matches.NOUN,
        cooperation.NOUN,
        deals.NOUN,
        appointments.NOUN,
    )


@cache
def by_prefix() -> dict[str, Noun]:
    """Them by the letters that their ids begin with."""
    return {noun.prefix: noun for noun in nouns()}


def noun_of(id: str) -> Noun:
    """The noun of the record with this id."""
    return by_prefix()[prefix_of(id)]

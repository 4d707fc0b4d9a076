"""The network's graph: all nouns together, as one projection."""

from __future__ import annotations

from collections.abc import Iterable

from domain.kernel.context import Context
from domain.kernel.history import Recorded
from domain.kernel.ids import prefix_of
from projections import (
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
from projections.changes import Change
from projections.nouns import Noun
from projections.projection import Projection

NOUNS: tuple[Noun, ...] = (
    appointments.NOUN,
    stations.NOUN,
    organisations.NOUN,
    needs.NOUN,
    achievements.NOUN,
    partners.NOUN,
    experts.NOUN,
    brokers.NOUN,
    cooperation.NOUN,
    profiles.NOUN,
    matches.NOUN,
    deals.NOUN,
)

VERSION = 1
"""Raised whenever the same facts would give another graph."""


LABELS = {noun.prefix: noun.node.label for noun in NOUNS}
"""The labels of the graph's nodes, by the prefixes of their ids."""


def network() -> Projection:
    """What the graph database holds of the network."""
    by_prefix = {noun.prefix: noun for noun in NOUNS}

    def project(recorded: Recorded, context: Context) -> Iterable[Change]:
        noun = by_prefix.get(prefix_of(recorded.entity_id))
        return noun.project(recorded, context) if noun else ()

    return Projection(
        name="network",
        version=VERSION,
        nodes=tuple(noun.node for noun in NOUNS),
        links=tuple(link for noun in NOUNS for link in noun.links),
        project=project,
    )

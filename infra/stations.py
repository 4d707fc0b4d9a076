"""Stations by the name that a person types."""

from __future__ import annotations

from domain.kernel.ids import prefix_of
from domain.stations import StationFounded
from infra.application import Network


def station_named(network: Network, name: str) -> str | None:
    """The station with this id, or with exactly this Chinese or English name; None if there is none."""
    if prefix_of(name) == "station":
        return name if network.find(name) else None
    for id, founded in network.facts_of(StationFounded):
        if name in (founded.name.zh, founded.name.en):
            return id
    return None

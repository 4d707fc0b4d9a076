"""The profiles that are exported: our own, while they are published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.profile_details import ProfileDetails
from domain.profiles import Profile, ProfileDrafted, ProfileStage
from domain.stations import StationFounded
from infra.application import Network


@dataclass(frozen=True, slots=True)
class Exported:
    """A profile of our own: what it says, its reference if EEN has given one, who drafted it, and its last change."""

    id: str
    details: ProfileDetails
    station: str
    reference: str | None = None
    modified: datetime | None = None


def published(network: Network, station_id: str | None = None) -> Iterator[Exported]:
    """Those of all stations, or of one, in the order in which they were drafted."""
    names = {id: founded.name for id, founded in network.facts_of(StationFounded)}
    for id, drafted in network.facts_of(ProfileDrafted):
        entity = network.find(id)
        if entity is None or station_id not in (None, drafted.station_id):
            continue
        profile: Profile = entity.state
        if profile.stage is ProfileStage.PUBLISHED:
            name = names[drafted.station_id]
            station = name.en or name.zh or drafted.station_id
            yield Exported(id, profile.details, station, profile.reference, _modified(network, id))


def _modified(network: Network, id: str) -> datetime:
    """When the last of its facts was recorded."""
    context = network.history(id)[-1].context
    return context.recorded_at or context.at

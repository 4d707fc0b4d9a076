"""Stations in the graph, with who they answer to and which institution carries them."""

from __future__ import annotations

from collections.abc import Iterator

from domain.kernel.context import Context
from domain.kernel.history import Recorded
from domain.stations import StationDesignatedInternational, StationFounded, StationHosted, StationOpened
from projections.changes import Change, Link, LinkType, NodeType, Unlink
from projections.nouns import Noun, begun, put
from projections.regions import placed

STATION = NodeType("Station", ("created", "tier", "region", "province"))
ANSWERS_TO = LinkType("Station", "ANSWERS_TO", "Station")
HOSTED_BY = LinkType("Station", "HOSTED_BY", "Organisation")


def project(recorded: Recorded, context: Context) -> Iterator[Change]:
    id = recorded.entity_id
    match recorded.fact:
        case StationFounded() as fact:
            yield put(
                STATION,
                id,
                tier=fact.tier,
                name=fact.name,
                international=False,
                **placed(fact.region),
                **begun(recorded, context),
            )
            if fact.parent_id:
                yield Link(ANSWERS_TO, id, fact.parent_id)
            if fact.host_id:
                yield Link(HOSTED_BY, id, fact.host_id)
        case StationHosted(host_id=host_id):
            yield Unlink(HOSTED_BY, id)
            yield Link(HOSTED_BY, id, host_id)
        case StationOpened(on=on):
            yield put(STATION, id, opened_on=on)
        case StationDesignatedInternational(on=on):
            yield put(STATION, id, international=True, international_since=on)


NOUN = Noun("station", STATION, project, (ANSWERS_TO, HOSTED_BY))

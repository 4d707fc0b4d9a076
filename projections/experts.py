"""Experts in the graph, with the stations that listed them or have them in their team, and with their employers.

What is personal stands there as the log holds it: sealed, also for those who agreed that their name be shown.
"""

from __future__ import annotations

from collections.abc import Iterator

from domain.experts import (
    ExpertAmended,
    ExpertDelisted,
    ExpertDetails,
    ExpertJoinedTeam,
    ExpertLeftTeam,
    ExpertListed,
)
from domain.kernel.context import Context
from domain.kernel.history import Recorded
from projections.changes import Change, Link, LinkType, NodeType, Unlink
from projections.nouns import Noun, begun, put

EXPERT = NodeType("Expert", ("created", "listed"))
LISTED_BY = LinkType("Expert", "LISTED_BY", "Station")
IN_TEAM_OF = LinkType("Expert", "IN_TEAM_OF", "Station")
EMPLOYED_BY = LinkType("Expert", "EMPLOYED_BY", "Organisation")


def project(recorded: Recorded, context: Context) -> Iterator[Change]:
    id = recorded.entity_id
    match recorded.fact:
        case ExpertListed() as fact:
            first = begun(recorded, context) if recorded.version == 1 else {}
            personal = {"person_id": fact.person_id, "name": fact.name, "phone": fact.phone, "email": fact.email}
            yield from described(id, fact.details)
            yield put(EXPERT, id, listed=True, delisted_because=None, **personal, **first)
            yield Unlink(LISTED_BY, id)
            yield Link(LISTED_BY, id, fact.station_id)
        case ExpertAmended() as fact:
            given = {"name": fact.name, "phone": fact.phone, "email": fact.email}
            yield from described(id, fact.details)
            yield put(EXPERT, id, **{name: value for name, value in given.items() if value is not None})
        case ExpertJoinedTeam(station_id=station):
            yield Link(IN_TEAM_OF, id, station)
        case ExpertLeftTeam(station_id=station):
            yield Unlink(IN_TEAM_OF, id, station)
        case ExpertDelisted(reason=reason):
            yield put(EXPERT, id, listed=False, name_public=False, delisted_because=reason)
            yield Unlink(IN_TEAM_OF, id)


def described(id: str, details: ExpertDetails) -> Iterator[Change]:
    yield put(
        EXPERT,
        id,
        name_public=details.name_public,
        title=details.title,
        fields=details.fields,
        keywords=details.keywords,
        languages=details.languages,
        libraries=details.libraries,
    )
    yield Unlink(EMPLOYED_BY, id)
    if details.organisation_id:
        yield Link(EMPLOYED_BY, id, details.organisation_id)


NOUN = Noun("expert", EXPERT, project, (LISTED_BY, IN_TEAM_OF, EMPLOYED_BY), answering=(LISTED_BY, IN_TEAM_OF))

"""Profiles in the graph, with the station that brought them, their contact point, and what our own rest on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from domain.kernel.context import Context
from domain.kernel.history import Recorded
from domain.profile_details import Call, ProfileDetails
from domain.profile_standing import ProfileRemoved, ProfileReported, SourceStatus
from domain.profiles import (
    Origin,
    ProfileAmended,
    ProfileDrafted,
    ProfileImported,
    ProfilePublished,
    ProfileStage,
    ProfileWithdrawn,
)
from projections.changes import Change, Link, LinkType, NodeType, Put
from projections.nouns import Noun, begun, bilingual, put

PROFILE = NodeType("Profile", ("created", "type", "stage", "country", "reference", "expires"))
IMPORTED_BY = LinkType("Profile", "PROFILE_IMPORTED_BY", "Station")
DRAFTED_BY = LinkType("Profile", "PROFILE_DRAFTED_BY", "Station")
CONTACT_POINT = LinkType("Profile", "CONTACT_POINT", "Partner")
ASKS_FOR = LinkType("Profile", "ASKS_FOR", "Need")
OFFERS = LinkType("Profile", "OFFERS", "Achievement")


def project(recorded: Recorded, context: Context) -> Iterator[Change]:
    id = recorded.entity_id
    match recorded.fact:
        case ProfileImported() as fact:
            first = {"reference": fact.reference, "origin": Origin.FOREIGN, "stage": ProfileStage.PUBLISHED}
            yield described(id, fact.details)
            yield put(PROFILE, id, **first, **begun(recorded, context))
            yield Link(IMPORTED_BY, id, fact.station_id)
            if fact.partner_id:
                yield Link(CONTACT_POINT, id, fact.partner_id)
        case ProfileDrafted() as fact:
            yield described(id, fact.details)
            yield put(PROFILE, id, origin=Origin.OWN, stage=ProfileStage.DRAFT, **begun(recorded, context))
            yield Link(DRAFTED_BY, id, fact.station_id)
            if fact.need_id:
                yield Link(ASKS_FOR, id, fact.need_id)
            if fact.achievement_id:
                yield Link(OFFERS, id, fact.achievement_id)
        case ProfileAmended(details=details):
            yield described(id, details)
        case ProfilePublished(on=on, reference=reference):
            yield put(PROFILE, id, stage=ProfileStage.PUBLISHED, published=on, reference=reference)
        case ProfileWithdrawn(reason=reason, on=on):
            yield put(PROFILE, id, stage=ProfileStage.WITHDRAWN, withdrawn_because=reason, withdrawn_on=on)
        case ProfileReported(status=status, on=on):
            yield put(PROFILE, id, source_status=status, **_standing(status, on))
        case ProfileRemoved(on=on):
            yield put(PROFILE, id, source_status=SourceStatus.GONE, **_standing(SourceStatus.GONE, on))


def _standing(status: SourceStatus, on: date) -> dict[str, Any]:
    """What its source does not offer counts as withdrawn, until it is offered there again."""
    if status is SourceStatus.PUBLISHED:
        return {"stage": ProfileStage.PUBLISHED, "withdrawn_on": None}
    return {"stage": ProfileStage.WITHDRAWN, "withdrawn_on": on}


def described(id: str, details: ProfileDetails) -> Put:
    """Everything that the profile says, under the names that it has in the details; the call's as `call_…`."""
    plain = {name: value for name, value in details if name not in ("title", "call")}
    return put(PROFILE, id, **plain, **bilingual("title", details.title), **_call(details.call))


def _call(call: Call | None) -> dict[str, Any]:
    return {f"call_{name}": getattr(call, name, None) for name in Call.model_fields}


LINKS = (IMPORTED_BY, DRAFTED_BY, CONTACT_POINT, ASKS_FOR, OFFERS)
NOUN = Noun("profile", PROFILE, project, LINKS, answering=(IMPORTED_BY, DRAFTED_BY))

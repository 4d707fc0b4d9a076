"""Achievements in the graph, with who achieved them and which station registered them."""

from __future__ import annotations

from collections.abc import Iterator

from domain.achievement_details import AchievementDetails
from domain.achievements import (
    SCREENED,
    AchievementAmended,
    AchievementPublished,
    AchievementRegistered,
    AchievementScreened,
    AchievementStage,
    AchievementTransferred,
    AchievementWithdrawn,
)
from domain.kernel.context import Context
from domain.kernel.history import Recorded
from projections.changes import Change, Link, LinkType, NodeType, Put
from projections.nouns import Noun, begun, bilingual, contact, put

ACHIEVEMENT = NodeType("Achievement", ("created", "stage", "registration_number"))
REGISTERED_BY = LinkType("Achievement", "ACHIEVEMENT_REGISTERED_BY", "Station")
ACHIEVED_BY = LinkType("Achievement", "ACHIEVED_BY", "Organisation")


def project(recorded: Recorded, context: Context) -> Iterator[Change]:
    id = recorded.entity_id
    match recorded.fact:
        case AchievementRegistered() as fact:
            registered = {**contact(fact.contact), **begun(recorded, context)}
            yield described(id, fact.details)
            yield put(ACHIEVEMENT, id, stage=AchievementStage.REGISTERED, **registered)
            yield Link(REGISTERED_BY, id, fact.station_id)
            yield Link(ACHIEVED_BY, id, fact.organisation_id)
        case AchievementAmended() as fact:
            yield described(id, fact.details)
            if fact.contact:
                yield put(ACHIEVEMENT, id, **contact(fact.contact))
        case AchievementScreened(result=result, reasons=reasons):
            yield put(ACHIEVEMENT, id, stage=SCREENED[result], screened_at=context.at, screened_because=reasons)
        case AchievementPublished():
            yield put(ACHIEVEMENT, id, stage=AchievementStage.PUBLISHED, published_at=context.at)
        case AchievementTransferred():
            yield put(ACHIEVEMENT, id, stage=AchievementStage.TRANSFERRED, transferred_at=context.at)
        case AchievementWithdrawn(reason=reason):
            yield put(ACHIEVEMENT, id, stage=AchievementStage.WITHDRAWN, withdrawn_because=reason)


def described(id: str, details: AchievementDetails) -> Put:
    return put(
        ACHIEVEMENT,
        id,
        secrecy=details.secrecy,
        keywords=details.keywords,
        fields=details.fields,
        registration_number=details.registration_number,
        programme=details.programme,
        project_number=details.project_number,
        maturity=details.maturity,
        level=details.level,
        kind=details.kind,
        ip_forms=details.ip_forms,
        countries=details.countries,
        **bilingual("title", details.title),
        **bilingual("abstract", details.abstract),
    )


NOUN = Noun("achievement", ACHIEVEMENT, project, (REGISTERED_BY, ACHIEVED_BY), answering=(REGISTERED_BY,))

"""Needs in the graph, with who needs it and which station recorded it."""

from __future__ import annotations

from collections.abc import Iterator

from domain.kernel.context import Context
from domain.kernel.history import Recorded
from domain.needs import (
    NeedAmended,
    NeedChecked,
    NeedDetails,
    NeedPublished,
    NeedRecorded,
    NeedReturned,
    NeedSolved,
    NeedStage,
    NeedWithdrawn,
)
from projections.changes import Change, Link, LinkType, NodeType, Put
from projections.nouns import Noun, begun, bilingual, contact, money, put

NEED = NodeType("Need", ("created", "stage"))
RECORDED_BY = LinkType("Need", "NEED_RECORDED_BY", "Station")
NEEDED_BY = LinkType("Need", "NEEDED_BY", "Organisation")


def project(recorded: Recorded, context: Context) -> Iterator[Change]:
    id = recorded.entity_id
    match recorded.fact:
        case NeedRecorded() as fact:
            yield described(id, fact.details)
            yield put(NEED, id, stage=NeedStage.RECORDED, **contact(fact.contact), **begun(recorded, context))
            yield Link(RECORDED_BY, id, fact.station_id)
            yield Link(NEEDED_BY, id, fact.organisation_id)
        case NeedAmended() as fact:
            yield described(id, fact.details)
            if fact.contact:
                yield put(NEED, id, **contact(fact.contact))
        case NeedChecked():
            yield put(NEED, id, stage=NeedStage.CHECKED, returned_because=None)
        case NeedReturned(reasons=reasons):
            yield put(NEED, id, stage=NeedStage.RETURNED, returned_because=reasons)
        case NeedPublished():
            yield put(NEED, id, stage=NeedStage.PUBLISHED, published_at=context.at)
        case NeedSolved():
            yield put(NEED, id, stage=NeedStage.SOLVED)
        case NeedWithdrawn(reason=reason):
            yield put(NEED, id, stage=NeedStage.WITHDRAWN, withdrawn_because=reason)


def described(id: str, details: NeedDetails) -> Put:
    return put(
        NEED,
        id,
        goal=details.goal,
        fields=details.fields,
        keywords=details.keywords,
        mode=details.mode,
        countries=details.countries,
        **bilingual("title", details.title),
        **bilingual("description", details.description),
        **money("budget", details.budget),
    )


NOUN = Noun("need", NEED, project, (RECORDED_BY, NEEDED_BY), (RECORDED_BY,))

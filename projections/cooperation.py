"""Cooperation between stations in the graph: who asked whom, about what, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator

from domain.cooperation import (
    CooperationAccepted,
    CooperationAsked,
    CooperationClosed,
    CooperationDeclined,
    CooperationStage,
)
from domain.kernel.context import Context
from domain.kernel.history import Recorded
from projections.changes import Change, Link, LinkType, NodeType
from projections.nouns import Noun, begun, put

COOPERATION = NodeType("Cooperation", ("created", "stage"))
ASKED_BY = LinkType("Cooperation", "ASKED_BY", "Station")
ASKED_OF = LinkType("Cooperation", "ASKED_OF", "Station")
ABOUT_NEED = LinkType("Cooperation", "COOPERATION_ABOUT_NEED", "Need")
ABOUT_ACHIEVEMENT = LinkType("Cooperation", "COOPERATION_ABOUT_ACHIEVEMENT", "Achievement")


def project(recorded: Recorded, context: Context) -> Iterator[Change]:
    id = recorded.entity_id
    match recorded.fact:
        case CooperationAsked() as fact:
            asked = {"stage": CooperationStage.ASKED, "purpose": fact.purpose, "asked_at": context.at}
            yield put(COOPERATION, id, **asked, **begun(recorded, context))
            yield Link(ASKED_BY, id, fact.station_id)
            yield Link(ASKED_OF, id, fact.asked_id)
            if fact.need_id:
                yield Link(ABOUT_NEED, id, fact.need_id)
            if fact.achievement_id:
                yield Link(ABOUT_ACHIEVEMENT, id, fact.achievement_id)
        case CooperationAccepted():
            yield put(COOPERATION, id, stage=CooperationStage.ACCEPTED, answered_at=context.at)
        case CooperationDeclined(reason=reason):
            declined = {"declined_because": reason, "answered_at": context.at}
            yield put(COOPERATION, id, stage=CooperationStage.DECLINED, **declined)
        case CooperationClosed(outcome=outcome, remark=remark):
            closed = {"outcome": outcome, "remark": remark, "closed_at": context.at}
            yield put(COOPERATION, id, stage=CooperationStage.CLOSED, **closed)


LINKS = (ASKED_BY, ASKED_OF, ABOUT_NEED, ABOUT_ACHIEVEMENT)
NOUN = Noun("cooperation", COOPERATION, project, LINKS, answering=(ASKED_BY, ASKED_OF))

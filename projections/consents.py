"""Consents in the graph: for which interest, to whom, to what, and whether they still hold."""

from __future__ import annotations

from collections.abc import Iterator

from domain.consents import ConsentAccepted, ConsentAsked, ConsentDeclined, ConsentStage, ConsentWithdrawn
from domain.kernel.context import Context
from domain.kernel.history import Recorded
from projections.changes import Change, Link, LinkType, NodeType
from projections.nouns import Noun, begun, put

CONSENT = NodeType("Consent", ("created", "stage"))
CONSENT_FOR = LinkType("Consent", "CONSENT_FOR", "Interest")
CONSENT_TO = LinkType("Consent", "CONSENT_TO", "Partner")
ANSWERED_BY = LinkType("Consent", "CONSENT_ANSWERED_BY", "Station")


def project(recorded: Recorded, context: Context) -> Iterator[Change]:
    id = recorded.entity_id
    match recorded.fact:
        case ConsentAsked() as fact:
            asked = {"person_id": fact.person_id, "fields": fact.fields, "until": fact.until, "asked_at": context.at}
            yield put(CONSENT, id, stage=ConsentStage.ASKED, **asked, **begun(recorded, context))
            yield Link(CONSENT_FOR, id, fact.interest_id)
            yield Link(CONSENT_TO, id, fact.partner_id)
            yield from (Link(ANSWERED_BY, id, station) for station in fact.answering_ids)
        case ConsentAccepted(on=on, evidence=evidence):
            yield put(CONSENT, id, stage=ConsentStage.ACCEPTED, accepted_on=on, evidence=evidence)
        case ConsentDeclined(on=on):
            yield put(CONSENT, id, stage=ConsentStage.DECLINED, declined_on=on)
        case ConsentWithdrawn(on=on, reason=reason):
            yield put(CONSENT, id, stage=ConsentStage.WITHDRAWN, withdrawn_on=on, withdrawn_because=reason)


LINKS = (CONSENT_FOR, CONSENT_TO, ANSWERED_BY)
NOUN = Noun("consent", CONSENT, project, LINKS, answering=(ANSWERED_BY,))

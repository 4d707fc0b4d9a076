"""Interests in the graph: who is interested in what, which stations handle it, and the day of each stage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from domain.interest_facts import (
    InterestAchievementRegistered,
    InterestAllocated,
    InterestArchived,
    InterestClosed,
    InterestContactsExchanged,
    InterestDied,
    InterestDirection,
    InterestExpressed,
    InterestMessageRecorded,
    InterestNegotiationsConfirmed,
    InterestReferred,
    InterestReviewed,
    InterestSignposted,
    InterestStatementSigned,
    MessageWay,
)
from domain.interest_stages import InterestStage as Stage
from domain.kernel.context import Context
from domain.kernel.history import Recorded
from projections.changes import Change, Link, LinkType, NodeType, Put, Unlink
from projections.nouns import Noun, begun, put

INTEREST = NodeType("Interest", ("created", "stage", "direction"))
RECORDED_BY = LinkType("Interest", "INTEREST_RECORDED_BY", "Station")
HANDLED_BY = LinkType("Interest", "INTEREST_HANDLED_BY", "Station")
ANSWERED_BY = LinkType("Interest", "INTEREST_ANSWERED_BY", "Station")
IN_PROFILE = LinkType("Interest", "INTEREST_IN_PROFILE", "Profile")
FOR_NEED = LinkType("Interest", "INTEREST_FOR_NEED", "Need")
FOR_ACHIEVEMENT = LinkType("Interest", "INTEREST_FOR_ACHIEVEMENT", "Achievement")
FOR_PROFILE = LinkType("Interest", "INTEREST_FOR_PROFILE", "Profile")
WITH_PARTNER = LinkType("Interest", "INTEREST_WITH_PARTNER", "Partner")
FROM_MATCH = LinkType("Interest", "INTEREST_FROM_MATCH", "Match")


def project(recorded: Recorded, context: Context) -> Iterator[Change]:
    id = recorded.entity_id
    match recorded.fact:
        case InterestExpressed() as fact:
            yield from expressed(id, fact, begun(recorded, context))
        case InterestSignposted(handler_id=handler, on=on):
            yield reached(id, Stage.SIGNPOSTED, on)
            yield Unlink(HANDLED_BY, id)
            yield Link(HANDLED_BY, id, handler)
            yield Link(ANSWERED_BY, id, handler)
        case InterestAllocated(adviser_id=adviser, on=on):
            yield reached(id, Stage.ALLOCATED, on, adviser_id=adviser)
        case InterestReferred(on=on, channel=channel, words=words):
            said = {"referred_by": channel, "referred_with": words, "reached_out": True}
            yield reached(id, Stage.REFERRED, on, last_contact_on=on, **said)
        case InterestMessageRecorded(on=on, way=way):
            out = {"reached_out": True} if way is MessageWay.SENT else {}
            yield put(INTEREST, id, last_contact_on=on, **out)
        case InterestReviewed(on=on, channel=channel, answer=answer):
            yield reached(id, Stage.REVIEWED_BY_CLIENT, on, last_contact_on=on, answer=answer, answered_by=channel)
        case InterestContactsExchanged(on=on):
            yield reached(id, Stage.CONTACTS_EXCHANGED, on, last_contact_on=on)
        case InterestStatementSigned(on=on):
            yield reached(id, Stage.STATEMENT_SIGNED, on, last_contact_on=on)
        case InterestNegotiationsConfirmed(on=on):
            yield reached(id, Stage.NEGOTIATING, on, last_contact_on=on)
        case InterestAchievementRegistered(on=on, number=number, partnership=partnership):
            registered = {"achievement_number": number, "partnership": partnership}
            yield reached(id, Stage.ACHIEVEMENT_REGISTERED, on, last_contact_on=on, **registered)
        case InterestClosed(on=on, reason=reason, words=words):
            yield reached(id, Stage.CLOSED, on, closed_because=reason, closed_in_words=words)
        case InterestDied(on=on):
            yield reached(id, Stage.DIED, on)
        case InterestArchived(on=on):
            yield reached(id, Stage.ARCHIVED, on)


def expressed(id: str, fact: InterestExpressed, first: dict[str, Any]) -> Iterator[Change]:
    """The interest, with what it is in and for, and the stations that see it."""
    form = fact.form
    said = {"organisation": form.organisation, "interest": form.interest, "questions": form.questions}
    heard = fact.on if fact.direction is InterestDirection.RECEIVED else None
    yield put(INTEREST, id, direction=fact.direction, reached_out=False, **said, **first)
    yield reached(id, Stage.PENDING, fact.on, last_contact_on=heard)
    yield Link(RECORDED_BY, id, fact.station_id)
    yield Link(HANDLED_BY, id, fact.station_id)
    yield from (Link(ANSWERED_BY, id, station) for station in fact.answering_ids)
    ends = {
        IN_PROFILE: fact.profile_id,
        WITH_PARTNER: fact.partner_id,
        FOR_NEED: fact.need_id,
        FOR_ACHIEVEMENT: fact.achievement_id,
        FOR_PROFILE: fact.own_profile_id,
        FROM_MATCH: fact.match_id,
    }
    yield from (Link(type, id, end) for type, end in ends.items() if end)


def reached(id: str, stage: Stage, on: date, **more: Any) -> Put:
    """The interest in a stage, and the day on which it came there."""
    return put(INTEREST, id, stage=stage, **{f"{stage}_on": on}, **more)


LINKS = (
    RECORDED_BY,
    HANDLED_BY,
    ANSWERED_BY,
    IN_PROFILE,
    FOR_NEED,
    FOR_ACHIEVEMENT,
    FOR_PROFILE,
    WITH_PARTNER,
    FROM_MATCH,
)
NOUN = Noun("interest", INTEREST, project, LINKS, answering=(ANSWERED_BY,))

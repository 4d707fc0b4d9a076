"""The life of an expression of interest: what of it decisions ask for, and how facts change that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, assert_never

from domain.interest_facts import (
    InterestAchievementRegistered,
    InterestAllocated,
    InterestArchived,
    InterestClosed,
    InterestContactsExchanged,
    InterestDied,
    InterestDirection,
    InterestExpressed,
    InterestFact,
    InterestMessageRecorded,
    InterestNegotiationsConfirmed,
    InterestReferred,
    InterestReviewed,
    InterestSignposted,
    InterestStatementSigned,
    MessageWay,
)
from domain.interest_stages import InterestStage as Stage


@dataclass(frozen=True, slots=True)
class Interest:
    """An interest as it stands. Nobody sees it but the stations that answer for it."""

    answering: frozenset[str]
    direction: InterestDirection
    profile_id: str
    partner_id: str
    handler_id: str
    """The station that handles it: at first the one that wrote it down."""
    reached: Mapping[Stage, date]
    """The day on which it came to each stage."""
    latest: date
    """The latest day of which anything is recorded."""
    last_contact: date | None = None
    """The latest day on which word went abroad or came from there."""
    reached_out: bool = False
    """Whether the adviser abroad has heard of us."""
    stage: Stage = Stage.PENDING
    need_id: str | None = None
    achievement_id: str | None = None
    own_profile_id: str | None = None

    @property
    def confined(self) -> bool:
        return True


def evolve(interest: Interest | None, fact: InterestFact) -> Interest:
    if isinstance(fact, InterestExpressed):
        return expressed(fact)
    assert interest is not None, "history starts with InterestExpressed"
    match fact:
        case InterestSignposted(handler_id=handler, on=on):
            seen = interest.answering | {handler}
            return moved(interest, Stage.SIGNPOSTED, on, handler_id=handler, answering=seen)
        case InterestAllocated(on=on):
            return moved(interest, Stage.ALLOCATED, on)
        case InterestReferred(on=on):
            return moved(interest, Stage.REFERRED, on, last_contact=on, reached_out=True)
        case InterestMessageRecorded(on=on, way=way):
            out = interest.reached_out or way is MessageWay.SENT
            return replace(interest, latest=on, last_contact=on, reached_out=out)
        case InterestReviewed(on=on):
            return moved(interest, Stage.REVIEWED_BY_CLIENT, on, last_contact=on)
        case InterestContactsExchanged(on=on):
            return moved(interest, Stage.CONTACTS_EXCHANGED, on, last_contact=on)
        case InterestStatementSigned(on=on):
            return moved(interest, Stage.STATEMENT_SIGNED, on, last_contact=on)
        case InterestNegotiationsConfirmed(on=on):
            return moved(interest, Stage.NEGOTIATING, on, last_contact=on)
        case InterestAchievementRegistered(on=on):
            return moved(interest, Stage.ACHIEVEMENT_REGISTERED, on, last_contact=on)
        case InterestClosed(on=on):
            return moved(interest, Stage.CLOSED, on)
        case InterestDied(on=on):
            return moved(interest, Stage.DIED, on)
        case InterestArchived(on=on):
            return moved(interest, Stage.ARCHIVED, on)
        case _:
            assert_never(fact)


def expressed(fact: InterestExpressed) -> Interest:
    """An interest begins; one that came from abroad is word from there."""
    return Interest(
        frozenset(fact.answering_ids),
        fact.direction,
        fact.profile_id,
        fact.partner_id,
        fact.station_id,
        {Stage.PENDING: fact.on},
        fact.on,
        last_contact=fact.on if fact.direction is InterestDirection.RECEIVED else None,
        need_id=fact.need_id,
        achievement_id=fact.achievement_id,
        own_profile_id=fact.own_profile_id,
    )


def moved(interest: Interest, to: Stage, on: date, **changes: Any) -> Interest:
    """The interest in another stage since that day."""
    return replace(interest, stage=to, reached={**interest.reached, to: on}, latest=on, **changes)

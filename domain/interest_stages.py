"""The stages of an expression of interest, the moves between them, and how long it stood in each.

The stages and their order are those in which the customer records of a national node of the EEN keep an interest
(`EOI__c` in InnovateUKGitHub/een-service, MIT), with a date and an age in days for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from itertools import pairwise

from domain.kernel.refusals import ensure


class InterestStage(StrEnum):
    """How far an interest has come; no interest goes back in this order."""

    PENDING = "pending"
    """Written down, and nothing done yet."""
    SIGNPOSTED = "signposted"
    """It is known which station handles it."""
    ALLOCATED = "allocated"
    """An adviser of that station has it in hand."""
    REFERRED = "referred"
    """It has been passed on to the adviser abroad, or to our client when it came from there."""
    REVIEWED_BY_CLIENT = "reviewed_by_client"
    """The client who is asked has looked at it and wants to go on."""
    CONTACTS_EXCHANGED = "contacts_exchanged"
    """Each side knows who the other one is."""
    STATEMENT_SIGNED = "statement_signed"
    """Both have signed that they talk to each other."""
    NEGOTIATING = "negotiating"
    """Both have confirmed that they negotiate."""
    ACHIEVEMENT_REGISTERED = "achievement_registered"
    """What came of it is registered with the EEN as a partnering achievement."""
    CLOSED = "closed"
    """Ended for a reason."""
    DIED = "died"
    """Nobody answered any more."""
    ARCHIVED = "archived"
    """Put away; it stays as it is."""


Stage = InterestStage

WAY: tuple[InterestStage, ...] = (
    Stage.PENDING,
    Stage.SIGNPOSTED,
    Stage.ALLOCATED,
    Stage.REFERRED,
    Stage.REVIEWED_BY_CLIENT,
    Stage.CONTACTS_EXCHANGED,
    Stage.STATEMENT_SIGNED,
    Stage.NEGOTIATING,
    Stage.ACHIEVEMENT_REGISTERED,
)
"""The way of an interest that comes to something."""

LIVE = frozenset(WAY[:-1])
"""Where something is still to be done."""

MOVES: Mapping[InterestStage, tuple[InterestStage, ...]] = {
    **{stage: (following, Stage.CLOSED, Stage.DIED) for stage, following in pairwise(WAY)},
    Stage.ACHIEVEMENT_REGISTERED: (Stage.ARCHIVED,),
    Stage.CLOSED: (Stage.ARCHIVED,),
    Stage.DIED: (Stage.ARCHIVED,),
    Stage.ARCHIVED: (),
}
"""Where an interest may go from each stage."""


def ensure_move(stage: InterestStage, to: InterestStage) -> None:
    """The interest may go from the one stage to the other."""
    ensure(
        to in MOVES[stage],
        "interest.move",
        f"{to} does not follow on {stage}; takes {' or '.join(MOVES[stage]) or 'nothing more'}",
    )


def days_in_stages(reached: Mapping[InterestStage, date], on: date) -> dict[InterestStage, int]:
    """How many days it stood in each stage that it had reached by that day; in the last one it still stands."""
    days = [(stage, reached[stage]) for stage in InterestStage if stage in reached and reached[stage] <= on]
    ends = [*(day for _, day in days[1:]), on]
    return {stage: (end - day).days for (stage, day), end in zip(days, ends, strict=False)}

"""What can happen to an expression of interest, and what it says."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias

from pydantic import StringConstraints

from domain.kernel.facts import Fact, Value
from domain.kernel.fields import Code, Line, Opening, Prose
from domain.reference.closing_reasons import ClosingReason
from domain.reference.een import PartnershipType
from domain.references import (
    AchievementId,
    DisclosureId,
    MatchId,
    NeedId,
    PartnerId,
    PersonId,
    ProfileId,
    StationId,
)

FormText: TypeAlias = Annotated[
    str, Opening.OPEN, StringConstraints(strip_whitespace=True, min_length=150, max_length=600)
]
"""A text of EEN's public form for an interest: 150 to 600 characters, without blanks around it."""

Questions: TypeAlias = Annotated[
    str, Opening.OPEN, StringConstraints(strip_whitespace=True, min_length=1, max_length=599)
]
"""Further questions on that form: less than 600 characters."""


class InterestDirection(StrEnum):
    """Which way an interest goes."""

    MADE = "made"
    """A client of ours is interested in a profile from abroad."""
    RECEIVED = "received"
    """Somebody abroad is interested in a profile of ours."""


class Channel(StrEnum):
    """How word was sent or came."""

    EMAIL = "email"
    PHONE = "phone"
    PLATFORM = "platform"
    """The message box of EEN's own platform."""
    LETTER = "letter"
    MEETING = "meeting"
    OTHER = "other"


class MessageWay(StrEnum):
    """Whether we told them or they told us."""

    SENT = "sent"
    RECEIVED = "received"


class InterestForm(Value):
    """What the interested organisation says of itself; it names nobody as long as its identity is not disclosed."""

    organisation: FormText
    """What kind of organisation it is."""
    interest: FormText
    """What interests it in the profile."""
    questions: Questions | None = None


class InterestExpressed(Fact, topic="interest.expressed"):
    """A client is interested in a profile on the other side of the border, and the adviser abroad is this partner.

    Ours is interested for a need, for an achievement or for a profile of its own; of one abroad we know the form.
    """

    station_id: StationId
    answering_ids: tuple[StationId, ...]
    """The stations that see it: the one that wrote it down, and those of the clients of ours."""
    direction: InterestDirection
    profile_id: ProfileId
    partner_id: PartnerId
    form: InterestForm
    on: date
    need_id: NeedId | None = None
    achievement_id: AchievementId | None = None
    own_profile_id: ProfileId | None = None
    match_id: MatchId | None = None


class InterestSignposted(Fact, topic="interest.signposted"):
    """This station handles it."""

    handler_id: StationId
    on: date


class InterestAllocated(Fact, topic="interest.allocated"):
    """This adviser of the station that handles it has it in hand."""

    adviser_id: PersonId
    on: date


class InterestReferred(Fact, topic="interest.referred"):
    """It left for the client who is asked: through the adviser abroad, or from ours when it came from there."""

    on: date
    channel: Channel
    words: Prose | None = None


class InterestMessageRecorded(Fact, topic="interest.message_recorded"):
    """Word went to the adviser abroad, or came from there, and our station wrote it down."""

    on: date
    channel: Channel
    way: MessageWay
    words: Prose


class InterestReviewed(Fact, topic="interest.reviewed"):
    """The client who is asked wants to go on; our station wrote down the answer as it came."""

    on: date
    channel: Channel
    answer: Prose


class InterestContactsExchanged(Fact, topic="interest.contacts_exchanged"):
    """Each side knows who the other one is, by these two disclosures."""

    given_id: DisclosureId
    received_id: DisclosureId
    on: date


class InterestStatementSigned(Fact, topic="interest.statement_signed"):
    """Both have signed that they talk to each other."""

    on: date


class InterestNegotiationsConfirmed(Fact, topic="interest.negotiations_confirmed"):
    """Both have confirmed that they negotiate."""

    on: date


class InterestAchievementRegistered(Fact, topic="interest.achievement_registered"):
    """What came of it stands in the EEN's register of partnering achievements under this number."""

    on: date
    number: Code
    partnership: PartnershipType


class InterestClosed(Fact, topic="interest.closed"):
    """It came to nothing, for this reason."""

    on: date
    reason: ClosingReason
    words: Line | None = None


class InterestDied(Fact, topic="interest.died"):
    """Nobody has answered for so long that nobody expects it any more."""

    on: date


class InterestArchived(Fact, topic="interest.archived"):
    """It was put away."""

    on: date


InterestFact: TypeAlias = (
    InterestExpressed
    | InterestSignposted
    | InterestAllocated
    | InterestReferred
    | InterestMessageRecorded
    | InterestReviewed
    | InterestContactsExchanged
    | InterestStatementSigned
    | InterestNegotiationsConfirmed
    | InterestAchievementRegistered
    | InterestClosed
    | InterestDied
    | InterestArchived
)

FACTS: tuple[type[InterestFact], ...] = (
    InterestExpressed,
    InterestSignposted,
    InterestAllocated,
    InterestReferred,
    InterestMessageRecorded,
    InterestReviewed,
    InterestContactsExchanged,
    InterestStatementSigned,
    InterestNegotiationsConfirmed,
    InterestAchievementRegistered,
    InterestClosed,
    InterestDied,
    InterestArchived,
)

"""What may be asked for an expression of interest: to write it down, and to take it further."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from domain.appointments import appointment_id
from domain.interest_facts import Channel, InterestForm, MessageWay
from domain.interest_stages import InterestStage
from domain.kernel.commands import Command
from domain.kernel.fields import Code, Line, Prose
from domain.reference.closing_reasons import ClosingReason
from domain.reference.een import PartnershipType
from domain.references import (
    AchievementId,
    DisclosureId,
    InterestId,
    MatchId,
    NeedId,
    PartnerId,
    PersonId,
    ProfileId,
    StationId,
)


class ExpressInterest(Command):
    """In a foreign profile, for something of ours; or, in a profile of our own, on behalf of a client abroad."""

    station_id: StationId
    profile_id: ProfileId
    partner_id: PartnerId
    form: InterestForm
    on: date
    need_id: NeedId | None = None
    achievement_id: AchievementId | None = None
    own_profile_id: ProfileId | None = None
    match_id: MatchId | None = None


class OnInterest(Command):
    """Something that happened to an interest on a day."""

    interest_id: InterestId
    on: date


class MoveInterest(OnInterest):
    """It came to another stage: the one that each kind of move names."""

    TO: ClassVar[InterestStage]


class SignpostInterest(MoveInterest):
    TO = InterestStage.SIGNPOSTED

    handler_id: StationId


class AllocateInterest(MoveInterest):
    TO = InterestStage.ALLOCATED

    station_id: StationId
    adviser_id: PersonId

    @property
    def appointment_id(self) -> str:
        return appointment_id(self.adviser_id, self.station_id)


class ReferInterest(MoveInterest):
    TO = InterestStage.REFERRED

    channel: Channel
    words: Prose | None = None


class RecordInterestMessage(OnInterest):
    channel: Channel
    way: MessageWay
    words: Prose


class ReviewInterest(MoveInterest):
    TO = InterestStage.REVIEWED_BY_CLIENT

    channel: Channel
    answer: Prose


class ExchangeContacts(MoveInterest):
    TO = InterestStage.CONTACTS_EXCHANGED

    given_id: DisclosureId
    received_id: DisclosureId


class SignInterestStatement(MoveInterest):
    TO = InterestStage.STATEMENT_SIGNED


class ConfirmNegotiations(MoveInterest):
    TO = InterestStage.NEGOTIATING


class RegisterInterestAchievement(MoveInterest):
    TO = InterestStage.ACHIEVEMENT_REGISTERED

    number: Code
    partnership: PartnershipType


class CloseInterest(MoveInterest):
    TO = InterestStage.CLOSED

    reason: ClosingReason
    words: Line | None = None


class GiveInterestUp(MoveInterest):
    TO = InterestStage.DIED


class ArchiveInterest(MoveInterest):
    TO = InterestStage.ARCHIVED


MOVING: tuple[type[MoveInterest], ...] = (
    SignpostInterest,
    AllocateInterest,
    ReferInterest,
    ReviewInterest,
    ExchangeContacts,
    SignInterestStatement,
    ConfirmNegotiations,
    RegisterInterestAchievement,
    CloseInterest,
    GiveInterestUp,
    ArchiveInterest,
)
"""Every kind of move, in the order of the stages that they lead to."""

"""Expressions of interest (合作意向) in GraphQL."""

from __future__ import annotations

from datetime import date
from typing import Any

import graphene

from domain.interest_facts import Channel, InterestDirection
from domain.interest_reminders import ReminderKind, reminder_due
from domain.interest_stages import InterestStage, days_in_stages
from domain.kernel.days import day_of
from domain.reference.closing_reasons import ClosingReason
from domain.reference.een import PartnershipType
from gateway.context import Request
from gateway.counts import by_choice
from gateway.fields import choice, many, one
from gateway.filters import Linked, OneOf
from gateway.listing import Node, Noun, connection_type
from gateway.made import own
from projections.consents import CONSENT_FOR
from projections.disclosures import DISCLOSED_IN
from projections.interests import (
    ANSWERED_BY,
    FOR_ACHIEVEMENT,
    FOR_NEED,
    FOR_PROFILE,
    FROM_MATCH,
    HANDLED_BY,
    IN_PROFILE,
    RECORDED_BY,
    WITH_PARTNER,
)


class InterestForm(graphene.ObjectType):
    """What the interested organisation says of itself, in the fields of EEN's public form."""

    organisation = graphene.String(required=True, description="What kind of organisation it is.")
    interest = graphene.String(required=True, description="What interests it in the profile.")
    questions = graphene.String(description="What it would like to know besides.")


class StageReached(graphene.ObjectType):
    """A stage that an interest has come to."""

    stage = choice(InterestStage, "The stage.", required=True)
    on = graphene.String(required=True, description="The day on which it came there.")
    days = graphene.Int(required=True, description="How many days it stood there, or has stood there until today.")


class Reminder(graphene.ObjectType):
    """What is to be done."""

    kind = choice(ReminderKind, "Let the adviser abroad hear of it, or ask again.", required=True)
    due = graphene.String(required=True, description="The day on which it fell due.")


def _form(_request: Request, organisation: str, interest: str, questions: str | None) -> dict[str, str | None]:
    return {"organisation": organisation, "interest": interest, "questions": questions}


_DAYS = tuple(f"{stage}_on" for stage in InterestStage)


def _stages(request: Request, *days: str | None) -> list[dict[str, Any]]:
    pairs = zip(InterestStage, days, strict=True)
    reached = {stage: date.fromisoformat(day) for stage, day in pairs if day is not None}
    ages = days_in_stages(reached, day_of(request.services.clock()))
    return [{"stage": stage.value, "on": reached[stage].isoformat(), "days": age} for stage, age in ages.items()]


def _silence(request: Request, last_contact: str | None) -> int | None:
    if last_contact is None:
        return None
    return (day_of(request.services.clock()) - date.fromisoformat(last_contact)).days


def _reminder(
    request: Request, stage: str, begun: str, last_contact: str | None, reached_out: bool | None
) -> dict[str, str] | None:
    heard = date.fromisoformat(last_contact) if last_contact else None
    today = day_of(request.services.clock())
    due = reminder_due(InterestStage(stage), date.fromisoformat(begun), heard, bool(reached_out), today)
    return {"kind": due.kind.value, "due": due.due.isoformat()} if due else None


class Interest(graphene.ObjectType):
    """That a client on one side of the border is interested in a profile on the other (合作意向)."""

    class Meta:
        interfaces = (Node,)

    stage = choice(InterestStage, "How far it has come.", required=True)
    direction = choice(InterestDirection, "Made by a client of ours, or received from abroad.", required=True)
    form = own(InterestForm, ("organisation", "interest", "questions"), _form, required=True)
    stages = own(
        graphene.List(graphene.NonNull(StageReached)),
        _DAYS,
        _stages,
        required=True,
        description="The stages that it has come to, in their order.",
    )
    days_since_last_contact = own(
        graphene.Int,
        ("last_contact_on",),
        _silence,
        description="Since word last went abroad or came from there; none when none has.",
    )
    reminder = own(
        Reminder,
        ("stage", "pending_on", "last_contact_on", "reached_out"),
        _reminder,
        description="What is due today, if anything is.",
    )
    adviser_id = graphene.ID(description="Our adviser who has it in hand.")
    last_contact_on = graphene.String()
    referred_by = choice(Channel, "How it left for the client who is asked.")
    referred_with = graphene.String(description="What was said with it.")
    answer = graphene.String(description="What the client who was asked said, as it came.")
    answered_by = choice(Channel, "How the answer came.")
    achievement_number = graphene.String(description="Its number in EEN's register of partnering achievements.")
    partnership = choice(PartnershipType, "The kind of partnership that came of it.")
    closed_because = choice(ClosingReason, "Why it came to nothing.")
    closed_in_words = graphene.String()
    profile = one("profiles.Profile", IN_PROFILE, "The profile in which the interest is.")
    need = one("needs.Need", FOR_NEED, "The need for which it is.")
    achievement = one("achievements.Achievement", FOR_ACHIEVEMENT, "The achievement for which it is.")
    own_profile = one("profiles.Profile", FOR_PROFILE, "The profile of our own for which it is.")
    partner = one("partners.Partner", WITH_PARTNER, "The adviser abroad: whom it goes to, or from whom it came.")
    match = one("matches.Match", FROM_MATCH, "The match that it came from.")
    recorded_by = one("stations.Station", RECORDED_BY, "The station that wrote it down.")
    handled_by = one("stations.Station", HANDLED_BY, "The station that handles it.")
    stations = many("stations.StationConnection", ANSWERED_BY, "The stations that see it.")
    consents = many("consents.ConsentConnection", CONSENT_FOR, "Consents for it.", incoming=True)
    disclosures = many("disclosures.DisclosureConnection", DISCLOSED_IN, "Disclosures in it.", incoming=True)


InterestConnection = connection_type(
    Interest, by_choice("stage", InterestStage), by_choice("direction", InterestDirection)
)

NOUN = Noun(
    Interest,
    InterestConnection,
    prefix="interest",
    plural="interests",
    filters={
        "stage": OneOf("stage", InterestStage),
        "direction": OneOf("direction", InterestDirection),
        "profile": Linked(IN_PROFILE),
        "need": Linked(FOR_NEED),
        "achievement": Linked(FOR_ACHIEVEMENT),
        "own_profile": Linked(FOR_PROFILE),
        "partner": Linked(WITH_PARTNER),
        "match": Linked(FROM_MATCH),
        "station": Linked(ANSWERED_BY),
        "handled_by": Linked(HANDLED_BY),
    },
)

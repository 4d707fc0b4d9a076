"""Cooperation between stations (站点合作) in GraphQL."""

from __future__ import annotations

import graphene

from domain.cooperation import CooperationOutcome, CooperationStage
from gateway.counts import by_choice
from gateway.fields import choice, one
from gateway.filters import Linked, OneOf
from gateway.listing import Node, Noun, connection_type
from projections.cooperation import ABOUT_ACHIEVEMENT, ABOUT_NEED, ASKED_BY, ASKED_OF


class Cooperation(graphene.ObjectType):
    """That one station asked another to work with it (站点合作), and what came of it."""

    class Meta:
        interfaces = (Node,)

    stage = choice(CooperationStage, "Asked, accepted, declined or closed.", required=True)
    purpose = graphene.String(required=True)
    asked_at = graphene.String(required=True)
    answered_at = graphene.String()
    closed_at = graphene.String()
    declined_because = graphene.String()
    outcome = choice(CooperationOutcome, "What came of it.")
    remark = graphene.String()
    asked_by = one("stations.Station", ASKED_BY, "The station that asked.")
    asked_of = one("stations.Station", ASKED_OF, "The station that was asked.")
    need = one("needs.Need", ABOUT_NEED, "The need that it is about.")
    achievement = one("achievements.Achievement", ABOUT_ACHIEVEMENT, "The achievement that it is about.")


CooperationConnection = connection_type(Cooperation, by_choice("stage", CooperationStage))

NOUN = Noun(
    Cooperation,
    CooperationConnection,
    prefix="cooperation",
    plural="cooperations",
    filters={
        "stage": OneOf("stage", CooperationStage),
        "asked_by": Linked(ASKED_BY),
        "asked_of": Linked(ASKED_OF),
        "need": Linked(ABOUT_NEED),
        "achievement": Linked(ABOUT_ACHIEVEMENT),
    },
)

"""Matches (供需对接) in GraphQL."""

from __future__ import annotations

import graphene

from domain.matches import MatchStage
from domain.reference.match_refusals import MatchRefusalReason
from gateway.counts import by_choice
from gateway.fields import choice, many, one
from gateway.filters import Linked, OneOf
from gateway.listing import Node, Noun, connection_type
from projections.deals import CAME_FROM
from projections.matches import (
    DECIDED_BY,
    FOR_ACHIEVEMENT,
    FOR_NEED,
    PROPOSED_BY,
    WITH_ACHIEVEMENT,
    WITH_EXPERT,
    WITH_PROFILE,
)


class Match(graphene.ObjectType):
    """That a station brought two together (供需对接): a need or an achievement, and what may answer it."""

    class Meta:
        interfaces = (Node,)

    stage = choice(MatchStage, "Proposed, accepted or refused.", required=True)
    score = graphene.Float(description="How well the two fit, 0 to 1, when it was computed.")
    note = graphene.String()
    proposed_at = graphene.String(required=True)
    decided_at = graphene.String()
    refused_because = choice(MatchRefusalReason, "Why it was refused.")
    refused_in_words = graphene.String()
    need = one("needs.Need", FOR_NEED, "The need that is to be answered.")
    achievement = one("achievements.Achievement", FOR_ACHIEVEMENT, "The achievement that is to be answered.")
    answering_achievement = one("achievements.Achievement", WITH_ACHIEVEMENT, "The achievement that may answer.")
    profile = one("profiles.Profile", WITH_PROFILE, "The profile that may answer.")
    expert = one("experts.Expert", WITH_EXPERT, "The expert who may answer.")
    proposed_by = one("stations.Station", PROPOSED_BY, "The station that proposed it.")
    decided_by = many("stations.StationConnection", DECIDED_BY, "The stations that may decide on it.")
    deals = many("deals.DealConnection", CAME_FROM, "The deals that came from it.", incoming=True)


MatchConnection = connection_type(Match, by_choice("stage", MatchStage))

NOUN = Noun(
    Match,
    MatchConnection,
    prefix="match",
    plural="matches",
    filters={
        "stage": OneOf("stage", MatchStage),
        "need": Linked(FOR_NEED),
        "achievement": Linked(FOR_ACHIEVEMENT),
        "profile": Linked(WITH_PROFILE),
        "expert": Linked(WITH_EXPERT),
        "station": Linked(DECIDED_BY),
    },
)

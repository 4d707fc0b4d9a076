"""Needs (技术需求) in GraphQL."""

from __future__ import annotations

import graphene

from domain.needs import CooperationMode, NeedStage
from domain.reference.fields import TechnologyField
from gateway.counts import by_choice, by_region
from gateway.fields import choice, choices, contact, many, money, one, text, words
from gateway.filters import AnyOf, Containing, Linked, OneOf, Since, Within, until
from gateway.listing import Node, Noun, connection_type
from projections.cooperation import ABOUT_NEED
from projections.matches import FOR_NEED
from projections.needs import NEEDED_BY, RECORDED_BY


class Need(graphene.ObjectType):
    """A technology need (技术需求): what an organisation looks for."""

    class Meta:
        interfaces = (Node,)

    title = text("title", "What is needed, in a line.", required=True)
    description = text("description", "What is needed, in full.")
    goal = graphene.String(description="What would be reached (预期目标).")
    stage = choice(NeedStage, "How far it has come.", required=True)
    fields = choices(TechnologyField, "The technology fields (技术领域) that it belongs to.")
    keywords = words("Its keywords.")
    mode = choice(CooperationMode, "How the organisation would work with who answers (合作方式).", required=True)
    budget = money("budget", "What the organisation would spend.")
    countries = words("Where an answer may come from, by ISO 3166-1; empty is anywhere.")
    published_at = graphene.String(description="When the network first saw it.")
    returned_because = words("Why the technical check returned it, while it is returned.")
    withdrawn_because = graphene.String()
    contact = contact()
    station = one("stations.Station", RECORDED_BY, "The station that recorded it.")
    organisation = one("organisations.Organisation", NEEDED_BY, "Who needs it.")
    matches = many("matches.MatchConnection", FOR_NEED, "What was proposed for it.", incoming=True)
    cooperations = many("cooperation.CooperationConnection", ABOUT_NEED, "Who works on it.", incoming=True)


NeedConnection = connection_type(
    Need, by_choice("stage", NeedStage), by_choice("fields", TechnologyField, several=True), by_region(RECORDED_BY)
)

TEXTS = {
    "title_zh": 3,
    "title_en": 3,
    "description_zh": 1,
    "description_en": 1,
}

NOUN = Noun(
    Need,
    NeedConnection,
    prefix="need",
    plural="needs",
    texts=TEXTS,
    filters={
        "stage": OneOf("stage", NeedStage),
        "fields": AnyOf("fields", TechnologyField),
        "region": Within(link=RECORDED_BY),
        "station": Linked(RECORDED_BY),
        "organisation": Linked(NEEDED_BY),
        "published_since": Since("published_at"),
        "published_until": until("published_at"),
        "text": Containing(tuple(TEXTS)),
    },
)

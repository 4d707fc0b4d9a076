"""Achievements (科技成果) in GraphQL."""

from __future__ import annotations

import graphene

from domain.achievements import AchievementStage
from domain.reference.achievements import AchievementKind, IpForm, Level, Maturity, Secrecy
from domain.reference.fields import TechnologyField
from gateway.counts import by_choice, by_region
from gateway.fields import choice, choices, contact, many, one, text, words
from gateway.filters import AnyOf, Containing, Is, Linked, OneOf, Since, Within, until
from gateway.listing import Node, Noun, connection_type
from projections.achievements import ACHIEVED_BY, REGISTERED_BY
from projections.cooperation import ABOUT_ACHIEVEMENT
from projections.matches import FOR_ACHIEVEMENT, WITH_ACHIEVEMENT


class Achievement(graphene.ObjectType):
    """A result of research (科技成果) that looks for a use."""

    class Meta:
        interfaces = (Node,)

    title = text("title", "What was achieved, in a line.", required=True)
    abstract = text("abstract", "What was achieved, in full.")
    stage = choice(AchievementStage, "How far it has come.", required=True)
    secrecy = choice(Secrecy, "Its secrecy (密级): only what is open leaves the network.", required=True)
    fields = choices(TechnologyField, "The technology fields (技术领域) that it belongs to.")
    keywords = words("Its keywords.")
    registration_number = graphene.String(description="成果登记号")
    programme = graphene.String(description="The state programme that it comes from (计划名称).")
    project_number = graphene.String(description="Its number there (项目编号).")
    maturity = choice(Maturity, "How ready for use it is (成果所处阶段).")
    level = choice(Level, "How it compares (成果水平).")
    kind = choice(AchievementKind, "What kind of result it is (成果类型).")
    ip_forms = choices(IpForm, "How it is protected (知识产权形式).")
    countries = words("Where a partner may come from, by ISO 3166-1; empty is anywhere.")
    published_at = graphene.String(description="When the network first saw it.")
    transferred_at = graphene.String(description="When somebody took it into use.")
    screened_at = graphene.String(description="When the national station last screened it.")
    screened_because = words("What the national station found when it screened it.")
    withdrawn_because = graphene.String()
    contact = contact()
    station = one("stations.Station", REGISTERED_BY, "The station that registered it.")
    organisation = one("organisations.Organisation", ACHIEVED_BY, "Who achieved it (成果完成单位).")
    matches = many("matches.MatchConnection", FOR_ACHIEVEMENT, "What was proposed for it.", incoming=True)
    answers = many("matches.MatchConnection", WITH_ACHIEVEMENT, "Where it was proposed for a need.", incoming=True)
    cooperations = many("cooperation.CooperationConnection", ABOUT_ACHIEVEMENT, "Who works on it.", incoming=True)


AchievementConnection = connection_type(
    Achievement,
    by_choice("stage", AchievementStage),
    by_choice("fields", TechnologyField, several=True),
    by_choice("maturity", Maturity),
    by_region(REGISTERED_BY),
)

TEXTS = {
    "title_zh": 3,
    "title_en": 3,
    "abstract_zh": 1,
    "abstract_en": 1,
}

NOUN = Noun(
    Achievement,
    AchievementConnection,
    prefix="achievement",
    plural="achievements",
    texts=TEXTS,
    filters={
        "stage": OneOf("stage", AchievementStage),
        "fields": AnyOf("fields", TechnologyField),
        "maturity": OneOf("maturity", Maturity),
        "registration_number": Is("registration_number"),
        "region": Within(link=REGISTERED_BY),
        "station": Linked(REGISTERED_BY),
        "organisation": Linked(ACHIEVED_BY),
        "published_since": Since("published_at"),
        "published_until": until("published_at"),
        "text": Containing(tuple(TEXTS)),
    },
)

"""Organisations in GraphQL."""

from __future__ import annotations

import graphene

from domain.organisations import OrganisationKind
from domain.reference.industries import INDUSTRY_NAMES, Industry
from gateway.context import Request
from gateway.counts import by_choice, by_country, by_region, by_yes_or_no
from gateway.fields import Bilingual, choice, many, one, region, text
from gateway.filters import Containing, Is, Linked, OneOf, Within
from gateway.listing import Node, Noun, connection_type
from gateway.made import own
from projections.achievements import ACHIEVED_BY
from projections.deals import BOUGHT_BY, SOLD_BY
from projections.needs import NEEDED_BY
from projections.organisations import SERVED_BY


def _industry_name(_request: Request, letter: str | None) -> dict[str, str] | None:
    if letter is None:
        return None
    zh, en = INDUSTRY_NAMES[Industry(letter)]
    return {"zh": zh, "en": en}


class Organisation(graphene.ObjectType):
    """An organisation: an enterprise, a university, an institute, an association, an authority."""

    class Meta:
        interfaces = (Node,)

    name = text("name", "What it is called.", required=True)
    kind = choice(OrganisationKind, "What it is.", required=True)
    country = graphene.String(required=True, description="By ISO 3166-1, two letters.")
    region = region()
    industry = choice(Industry, "The section of GB/T 4754 that it works in.")
    industry_name = own(Bilingual, ("industry",), _industry_name, description="The name of that section.")
    address = graphene.String()
    credit_code = graphene.String(description="Its unified social credit code (统一社会信用代码), when it is verified.")
    verified = graphene.Boolean(required=True, description="Whether it is recorded with a credit code that checks.")
    station = one("stations.Station", SERVED_BY, "The station that recorded it.")
    needs = many("needs.NeedConnection", NEEDED_BY, "What it needs.", incoming=True)
    achievements = many("achievements.AchievementConnection", ACHIEVED_BY, "What it achieved.", incoming=True)
    bought = many("deals.DealConnection", BOUGHT_BY, "The deals in which it buys.", incoming=True)
    sold = many("deals.DealConnection", SOLD_BY, "The deals in which it sells.", incoming=True)


OrganisationConnection = connection_type(
    Organisation,
    by_choice("kind", OrganisationKind),
    by_choice("industry", Industry),
    by_country(),
    by_region(),
    by_yes_or_no("verified"),
)

TEXTS = {
    "name_zh": 3,
    "name_en": 3,
}

NOUN = Noun(
    Organisation,
    OrganisationConnection,
    prefix="organisation",
    plural="organisations",
    texts=TEXTS,
    filters={
        "kind": OneOf("kind", OrganisationKind),
        "industry": OneOf("industry", Industry),
        "country": Is("country"),
        "region": Within(),
        "verified": Is("verified", graphene.Boolean),
        "credit_code": Is("credit_code"),
        "station": Linked(SERVED_BY),
        "text": Containing(tuple(TEXTS)),
    },
)

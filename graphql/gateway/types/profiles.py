"""EEN partnership profiles in GraphQL."""

from __future__ import annotations

from datetime import date
from typing import Any

import graphene

from domain.kernel.days import day_of
from domain.profiles import Origin, ProfileStage
from domain.reference.een import IprStatus, PartnershipType, ProfileType, SoughtPartner, StageOfDevelopment
from domain.reference.keywords import KeywordTree, market_keywords, sdg_goals, technology_keywords
from gateway.fields import choice, choices, many, one, text, words
from gateway.filters import AnyOf, Containing, Is, Linked, OneOf
from gateway.listing import Node, Noun, connection_type
from projections.matches import WITH_PROFILE
from projections.profiles import ASKS_FOR, CONTACT_POINT, DRAFTED_BY, IMPORTED_BY, OFFERS


class Keyword(graphene.ObjectType):
    """A keyword of the Enterprise Europe Network."""

    code = graphene.String(required=True)
    label = graphene.String(description="Its English label; none when the lists do not know the code.")


class Goal(graphene.ObjectType):
    """A Sustainable Development Goal."""

    number = graphene.Int(required=True)
    label = graphene.String(required=True)


class Call(graphene.ObjectType):
    """The call of a framework programme that an R&D request answers."""

    framework = graphene.String()
    title = graphene.String()
    scheme = graphene.String()
    budget = graphene.String(description="As its author wrote it.")
    deadline = graphene.String()
    weeks = graphene.Int()
    url = graphene.String()
    project = graphene.String()
    coordinator_required = graphene.Boolean()


class Profile(graphene.ObjectType):
    """A partnership profile of the Enterprise Europe Network: an offer or a request, of business, technology or R&D."""

    class Meta:
        interfaces = (Node,)

    type = choice(ProfileType, "BO, BR, TO, TR or RDR.", required=True)
    origin = choice(Origin, "Another network's, or one of our own.", required=True)
    stage = choice(ProfileStage, "Draft, published or withdrawn.", required=True)
    reference = graphene.String(description="Its reference in the Enterprise Europe Network, as it was given.")
    title = text("title", "What it is about, in a line.", required=True)
    summary = graphene.String()
    description = graphene.String()
    advantages = graphene.String(description="Advantages and innovations.")
    partner_sought = graphene.String()
    partner_role = graphene.String(description="What the partner would do.")
    technical_specification = graphene.String(description="The technical specification or expertise sought.")
    stage_of_development = choice(StageOfDevelopment, "How far what it offers, or asks for, has come.")
    stage_note = graphene.String()
    ipr_status = choice(IprStatus, "How it is protected.")
    ipr_note = graphene.String()
    partnerships = choices(PartnershipType, "The kinds of partnership sought.")
    partner_kinds = choices(SoughtPartner, "The kinds and sizes of partner sought.")
    technology_keywords = graphene.List(graphene.NonNull(Keyword), required=True)
    market_keywords = graphene.List(graphene.NonNull(Keyword), required=True)
    sdgs = graphene.List(graphene.NonNull(Goal), required=True)
    country = graphene.String(description="Where the client is, by ISO 3166-1.")
    target_countries = words("Where a partner may come from; empty is everywhere.")
    submitted = graphene.String()
    updated = graphene.String()
    published = graphene.String()
    withdrawn_on = graphene.String()
    withdrawn_because = graphene.String()
    expires = graphene.String(description="The last day on which it is valid.")
    eoi_deadline = graphene.String(description="The last day for an expression of interest.")
    call = graphene.Field(Call)
    open_for_interest = graphene.Boolean(required=True, description="Whether its author takes interest at all.")
    open_now = graphene.Boolean(required=True, description="Whether interest may be expressed today, by all its dates.")
    url = graphene.String()
    contact = one("partners.Partner", CONTACT_POINT, "The contact point abroad that answers for it.")
    imported_by = one("stations.Station", IMPORTED_BY, "The station that imported it.")
    station = one("stations.Station", DRAFTED_BY, "The station that drafted it.")
    need = one("needs.Need", ASKS_FOR, "The need that it asks for.")
    achievement = one("achievements.Achievement", OFFERS, "The achievement that it offers.")
    matches = many("matches.MatchConnection", WITH_PROFILE, "Where it was proposed.", incoming=True)

    @staticmethod
    def resolve_technology_keywords(node: dict[str, Any], _info: Any) -> list[dict[str, str | None]]:
        return _keywords(technology_keywords(), node.get("technology_keywords", ()))

    @staticmethod
    def resolve_market_keywords(node: dict[str, Any], _info: Any) -> list[dict[str, str | None]]:
        return _keywords(market_keywords(), node.get("market_keywords", ()))

    @staticmethod
    def resolve_sdgs(node: dict[str, Any], _info: Any) -> list[dict[str, Any]]:
        return [{"number": int(each), "label": sdg_goals()[int(each)]} for each in node.get("sdgs", ())]

    @staticmethod
    def resolve_call(node: dict[str, Any], _info: Any) -> dict[str, Any] | None:
        said = {name.removeprefix("call_"): value for name, value in node.items() if name.startswith("call_")}
        return said or None

    @staticmethod
    def resolve_open_now(node: dict[str, Any], info: Any) -> bool:
        return is_open(node, day_of(info.context.services.clock()))


def is_open(node: dict[str, Any], today: date) -> bool:
    """Whether interest in a profile may be expressed on a day: published, open, not expired, before its deadline."""
    last_days = [node[name] for name in ("expires", "eoi_deadline") if name in node]
    valid = all(last >= today.isoformat() for last in last_days)
    return node["stage"] == ProfileStage.PUBLISHED and bool(node["open_for_interest"]) and valid


def _keywords(tree: KeywordTree, codes: list[str]) -> list[dict[str, str | None]]:
    return [{"code": code, "label": known.label if (known := tree.get(code)) else None} for code in codes]


ProfileConnection = connection_type(Profile)

NOUN = Noun(
    Profile,
    ProfileConnection,
    prefix="profile",
    plural="profiles",
    filters={
        "type": OneOf("type", ProfileType),
        "origin": OneOf("origin", Origin),
        "stage": OneOf("stage", ProfileStage),
        "country": Is("country"),
        "reference": Is("reference"),
        "technology_keywords": AnyOf("technology_keywords"),
        "market_keywords": AnyOf("market_keywords"),
        "contact": Linked(CONTACT_POINT),
        "imported_by": Linked(IMPORTED_BY),
        "text": Containing(("title_zh", "title_en", "summary", "description")),
    },
)

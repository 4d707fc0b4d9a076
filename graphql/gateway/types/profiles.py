"""EEN partnership profiles in GraphQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import graphene

from domain.kernel.days import day_of
from domain.profile_standing import SourceStatus
from domain.profiles import Origin, ProfileStage
from domain.reference.een import IprStatus, PartnershipType, ProfileType, SoughtPartner, StageOfDevelopment
from domain.reference.keywords import KeywordTree, market_keywords, sdg_goals, technology_keywords
from gateway.context import Request
from gateway.counts import by_choice, by_country, by_keyword
from gateway.fields import Bilingual, choice, choices, many, one, text, words
from gateway.filters import AnyOf, Containing, Is, Linked, OneOf
from gateway.listing import Node, Noun, connection_type
from gateway.made import own
from projections.matches import WITH_PROFILE
from projections.profiles import ASKS_FOR, CONTACT_POINT, DRAFTED_BY, IMPORTED_BY, OFFERS


class Keyword(graphene.ObjectType):
    """A keyword of the Enterprise Europe Network."""

    code = graphene.String(required=True)
    label = graphene.String(description="Its English label; none when the lists do not know the code.")
    name = graphene.Field(Bilingual, description="Its label in Chinese and English, where the lists know the code.")


class Goal(graphene.ObjectType):
    """A Sustainable Development Goal."""

    number = graphene.Int(required=True)
    label = graphene.String(required=True, description="Its English label.")
    name = graphene.Field(Bilingual, required=True, description="Its label in Chinese and English.")


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


def _keywords(tree: Callable[[], KeywordTree], property: str) -> Any:
    """The keywords of a tree whose codes are in a property."""

    def make(_request: Request, codes: Sequence[str] | None) -> list[dict[str, Any]]:
        known = ((code, tree().get(code)) for code in codes or ())
        return [{"code": code, **(_labels(keyword.zh, keyword.label) if keyword else {})} for code, keyword in known]

    return own(graphene.List(graphene.NonNull(Keyword)), (property,), make, required=True)


def _goals(_request: Request, numbers: Sequence[str] | None) -> list[dict[str, Any]]:
    goals = (sdg_goals()[int(each)] for each in numbers or ())
    return [{"number": goal.number, **_labels(goal.zh, goal.label)} for goal in goals]


def _labels(zh: str, en: str) -> dict[str, Any]:
    return {"label": en, "name": {"zh": zh, "en": en}}


_OF_CALL = tuple(Call._meta.fields)


def _call(_request: Request, *values: Any) -> dict[str, Any] | None:
    said = {name: value for name, value in zip(_OF_CALL, values, strict=True) if value is not None}
    return said or None


def _open_now(request: Request, stage: str | None, open_for_interest: bool | None, *last_days: str | None) -> bool:
    """Published, open, and none of its last days is over."""
    today = day_of(request.services.clock()).isoformat()
    valid = all(last >= today for last in last_days if last is not None)
    return stage == ProfileStage.PUBLISHED and bool(open_for_interest) and valid


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
    technology_keywords = _keywords(technology_keywords, "technology_keywords")
    market_keywords = _keywords(market_keywords, "market_keywords")
    sdgs = own(graphene.List(graphene.NonNull(Goal)), ("sdgs",), _goals, required=True)
    country = graphene.String(description="Where the client is, by ISO 3166-1.")
    target_countries = words("Where a partner may come from; empty is everywhere.")
    submitted = graphene.String()
    updated = graphene.String()
    published = graphene.String()
    withdrawn_on = graphene.String()
    withdrawn_because = graphene.String()
    source_status = choice(SourceStatus, "How its source last said that it stands there; withdrawn unless published.")
    expires = graphene.String(description="The last day on which it is valid.")
    eoi_deadline = graphene.String(description="The last day for an expression of interest.")
    call = own(Call, tuple(f"call_{name}" for name in _OF_CALL), _call)
    open_for_interest = graphene.Boolean(required=True, description="Whether its author takes interest at all.")
    open_now = own(
        graphene.Boolean,
        ("stage", "open_for_interest", "expires", "eoi_deadline"),
        _open_now,
        required=True,
        description="Whether interest may be expressed today, by all its dates.",
    )
    url = graphene.String()
    contact = one("partners.Partner", CONTACT_POINT, "The contact point abroad that answers for it.")
    imported_by = one("stations.Station", IMPORTED_BY, "The station that imported it.")
    station = one("stations.Station", DRAFTED_BY, "The station that drafted it.")
    need = one("needs.Need", ASKS_FOR, "The need that it asks for.")
    achievement = one("achievements.Achievement", OFFERS, "The achievement that it offers.")
    matches = many("matches.MatchConnection", WITH_PROFILE, "Where it was proposed.", incoming=True)


ProfileConnection = connection_type(
    Profile,
    by_choice("type", ProfileType),
    by_choice("origin", Origin),
    by_choice("stage", ProfileStage),
    by_country(),
    by_keyword("technology_keywords", technology_keywords),
    by_keyword("market_keywords", market_keywords),
)

TEXTS = {
    "title_zh": 3,
    "title_en": 3,
    "summary": 1,
    "description": 1,
    "advantages": 1,
    "partner_sought": 1,
    "partner_role": 1,
    "technical_specification": 1,
}

NOUN = Noun(
    Profile,
    ProfileConnection,
    prefix="profile",
    plural="profiles",
    texts=TEXTS,
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

"""Counterparts abroad: the profiles that answer a need, an achievement or a profile of our own, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import anyio.to_thread
import graphene

from domain.kernel.days import day_of
from domain.kernel.ids import prefix_of
from domain.matching.candidate import Candidate
from domain.matching.maturity import stage_of
from domain.matching.ranking import rank
from domain.matching.reason import Suggestion
from domain.matching.subject import Kind, Subject, complements
from domain.matching.weights import Rule
from domain.profiles import Origin, ProfileStage
from domain.reference.achievements import Maturity, Secrecy
from domain.reference.een import ProfileType, StageOfDevelopment
from domain.reference.fields import TechnologyField
from gateway.context import Request
from gateway.enums import enum_type, member
from gateway.errors import GatewayError
from gateway.fields import Bilingual
from gateway.loading import Neighbours, load_neighbour, load_node, visible
from gateway.paging import Place, connection, page_size
from gateway.seeing import Predicate
from gateway.types.partners import Partner
from gateway.types.profiles import Profile
from projections.profiles import CONTACT_POINT


class WordPair(graphene.ObjectType):
    """A word of the one text, and the word of the other that it meets."""

    ours = graphene.String(required=True)
    theirs = graphene.String(required=True)


class Reason(graphene.ObjectType):
    """What one rule contributed to a score, and why."""

    rule = graphene.Field(enum_type(Rule), required=True)
    weight = graphene.Float(required=True, description="The most that the rule can contribute.")
    contribution = graphene.Float(required=True)
    text = graphene.Field(Bilingual, required=True, description="The reason, in Chinese and in English.")
    words = graphene.List(graphene.NonNull(WordPair), required=True)


class Counterpart(graphene.ObjectType):
    """A profile abroad that may answer, how well it fits, and why."""

    score = graphene.Float(required=True, description="0 to 1: the sum of what the reasons contribute.")
    reasons = graphene.List(graphene.NonNull(Reason), required=True)
    profile = graphene.Field(Profile, required=True)
    contact = graphene.Field(Partner, description="The contact point abroad that answers for the profile.")

    @staticmethod
    async def resolve_contact(found: dict[str, Any], info: Any) -> dict[str, Any] | None:
        return await load_neighbour(info.context, Neighbours(CONTACT_POINT), found["profile"]["id"])


class CounterpartEdge(graphene.ObjectType):
    """A counterpart on a page."""

    node = graphene.Field(Counterpart, required=True)
    cursor = graphene.String(required=True)


class CounterpartConnection(graphene.ObjectType):
    """Counterparts, the best first."""

    edges = graphene.List(graphene.NonNull(CounterpartEdge), required=True)
    page_info = graphene.Field(graphene.relay.PageInfo, required=True)
    total_count = graphene.Int(required=True, description="How many there are on all pages.")


async def _resolve(
    _root: Any,
    info: Any,
    of: str,
    countries: Sequence[str] = (),
    on: date | None = None,
    first: int | None = None,
    after: str | None = None,
) -> dict[str, Any]:
    request: Request = info.context
    size = page_size(first)
    node = await load_node(request, of)
    if node is None:
        raise GatewayError("NOT_FOUND", f"there is no {of}")
    subject = subject_of(node)
    profiles = await _eligible(request, subject, on or day_of(request.services.clock()), wanted(node, countries))
    ranked = await anyio.to_thread.run_sync(_ranked, subject, profiles, request)
    begin = Place.parse(after) if after is not None else None
    rest = [each for each in ranked if begin is None or (-each.score, each.id) > (-begin.value, begin.id)]
    places = [(Place(each.score, each.id), shown(each, profiles[each.id])) for each in rest[: size + 1]]
    return connection(places, size, after, total_count=len(ranked))


def _ranked(subject: Subject, profiles: Mapping[str, dict[str, Any]], request: Request) -> list[Suggestion]:
    return rank(subject, map(candidate_of, profiles.values()), request.services.gloss)


async def _eligible(
    request: Request, subject: Subject, today: date, countries: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """The profiles that stand the hard filter, by id: `domain.matching.eligibility`, said in Cypher."""
    if not subject.public:
        return {}
    predicate: Predicate = visible(request, "Profile")
    predicate.add("n.type IN $types", types=sorted(complements(subject.kind)))
    predicate.add(f"n.stage = '{ProfileStage.PUBLISHED}' AND n.origin = '{Origin.FOREIGN}' AND n.open_for_interest")
    for last_day in ("expires", "eoi_deadline"):
        predicate.add(f"(n.{last_day} IS NULL OR n.{last_day} >= $today)", today=today.isoformat())
    targets = "n.target_countries"
    everywhere = f"(size({targets}) = 0 AND coalesce(n.country, '') <> $home)"
    predicate.add(f"($home IN {targets} OR {everywhere})", home=subject.country)
    if countries:
        predicate.add("n.country IN $countries", countries=list(countries))
    statement = f"MATCH (n:Profile) {predicate.where()} RETURN properties(n)"
    return {row[0]["id"]: row[0] for row in await request.rows(statement, predicate.parameters)}


def wanted(node: Mapping[str, Any], countries: Sequence[str]) -> list[str]:
    """The countries that an answer may come from: those asked for, within those that the record itself names."""
    named = node.get("countries") or ()
    if countries and named:
        return sorted(set(countries) & set(named)) or ["none"]
    return sorted(countries or named)


def subject_of(node: Mapping[str, Any]) -> Subject:
    """What counterparts are looked for, from its node in the graph."""
    match prefix_of(node["id"]):
        case "need":
            return Subject(
                node["id"],
                Kind.NEED,
                _texts(node, "title_zh", "title_en"),
                _texts(node, "description_zh", "description_en", "goal"),
                tuple(node.get("keywords", ())),
                tuple(map(TechnologyField, node.get("fields", ()))),
            )
        case "achievement":
            maturity = node.get("maturity")
            return Subject(
                node["id"],
                Kind.ACHIEVEMENT,
                _texts(node, "title_zh", "title_en"),
                _texts(node, "abstract_zh", "abstract_en"),
                tuple(node.get("keywords", ())),
                tuple(map(TechnologyField, node.get("fields", ()))),
                stage=stage_of(member(Maturity, maturity)) if maturity else None,
                public=node["secrecy"] == Secrecy.OPEN,
            )
        case "profile" if node["origin"] == Origin.OWN:
            profile = candidate_of(node)
            return Subject(
                node["id"],
                Kind(node["type"]),
                _texts(node, "title_zh", "title_en"),
                (profile.text,),
                technology_keywords=profile.technology_keywords,
                market_keywords=profile.market_keywords,
                stage=profile.stage,
            )
        case _:
            raise GatewayError("BAD_INPUT", "of: takes a need, an achievement, or a profile of our own")


def candidate_of(node: Mapping[str, Any]) -> Candidate:
    """A profile as matching reads it, from its node in the graph."""
    stage, expires, deadline = (node.get(name) for name in ("stage_of_development", "expires", "eoi_deadline"))
    said = ("summary", "description", "advantages", "technical_specification", "partner_sought", "partner_role")
    return Candidate(
        node["id"],
        member(ProfileType, node["type"]),
        " ".join(_texts(node, "title_en", "title_zh")),
        "\n".join(_texts(node, *said)),
        tuple(node.get("technology_keywords", ())),
        tuple(node.get("market_keywords", ())),
        node.get("country"),
        member(StageOfDevelopment, stage) if stage else None,
        frozenset(node.get("target_countries", ())),
        date.fromisoformat(expires) if expires else None,
        date.fromisoformat(deadline) if deadline else None,
        bool(node["open_for_interest"]),
    )


def shown(suggestion: Suggestion, profile: dict[str, Any]) -> dict[str, Any]:
    reasons = [
        {
            "rule": reason.rule,
            "weight": reason.weight,
            "contribution": reason.contribution,
            "text": {"zh": reason.text.zh, "en": reason.text.en},
            "words": [{"ours": ours, "theirs": theirs} for ours, theirs in reason.words],
        }
        for reason in suggestion.reasons
    ]
    return {"score": suggestion.score, "reasons": reasons, "profile": profile}


def _texts(node: Mapping[str, Any], *names: str) -> tuple[str, ...]:
    return tuple(node[name] for name in names if node.get(name))


def fields() -> dict[str, Any]:
    return {
        "counterparts": graphene.Field(
            CounterpartConnection,
            of=graphene.ID(required=True, description="A need, an achievement, or a profile of our own."),
            countries=graphene.List(graphene.NonNull(graphene.String), description="Only from these, by ISO 3166-1."),
            on=graphene.Date(description="The day by which dates are judged; today when nothing is said."),
            first=graphene.Int(),
            after=graphene.String(),
            required=True,
            resolver=_resolve,
            description="The EEN profiles that complement it and are open to it, the best first, with reasons.",
        )
    }

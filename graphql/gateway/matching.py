"""Matching over the graph: its nodes as subjects and candidates, and the hard filter as a query."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from domain.kernel.ids import prefix_of
from domain.matching.candidate import Candidate
from domain.matching.maturity import stage_of
from domain.matching.subject import Kind, Subject, complements
from domain.profiles import Origin, ProfileStage
from domain.reference.achievements import Maturity, Secrecy
from domain.reference.een import ProfileType, StageOfDevelopment
from domain.reference.fields import TechnologyField
from gateway.context import Request
from gateway.enums import member
from gateway.errors import GatewayError
from gateway.loading import Properties, visible
from gateway.seeing import Predicate


async def eligible_profiles(
    request: Request, subject: Subject, today: date, countries: Collection[str] | None
) -> dict[str, Properties]:
    """The profiles that stand the hard filter, by id: `domain.matching.eligibility`, said in Cypher.

    `countries` are where they may come from; None is anywhere.
    """
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
    if countries is not None:
        predicate.add("n.country IN $countries", countries=sorted(countries))
    statement = f"MATCH (n:Profile) {predicate.where()} RETURN properties(n)"
    return {row[0]["id"]: row[0] for row in await request.rows(statement, predicate.parameters)}


def wanted(node: Properties, countries: Collection[str] | None) -> frozenset[str] | None:
    """The countries that an answer may come from: those asked for, within those that the record itself names."""
    asked, named = frozenset(countries or ()), frozenset(node.get("countries", ()))
    return asked & named if asked and named else asked or named or None


def subject_of(node: Properties) -> Subject:
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


def candidate_of(node: Properties) -> Candidate:
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


def _texts(node: Properties, *names: str) -> tuple[str, ...]:
    return tuple(node[name] for name in names if node.get(name))

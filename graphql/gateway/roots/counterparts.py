"""Counterparts abroad: the profiles that answer a need, an achievement or a profile of our own, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import anyio.to_thread
import graphene

from domain.kernel.days import day_of
from domain.matching.ranking import rank
from domain.matching.reason import Suggestion
from domain.matching.subject import Subject
from domain.matching.weights import Rule
from domain.reference.countries import country_name
from gateway.context import Request
from gateway.enums import enum_type
from gateway.errors import GatewayError
from gateway.fields import Bilingual
from gateway.loading import Neighbours, load_neighbour, load_node
from gateway.matching import candidate_of, eligible_profiles, subject_of, wanted
from gateway.paging import Place, connection, page_size
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
    countries: Sequence[str] | None = None,
    on: date | None = None,
    first: int | None = None,
    after: str | None = None,
) -> dict[str, Any]:
    request: Request = info.context
    size = page_size(first)
    unknown = [code for code in countries or () if country_name(code) is None]
    if unknown:
        raise GatewayError("BAD_INPUT", f"countries: {unknown[0]} is no country of ISO 3166-1; takes such as NL")
    node = await load_node(request, of)
    if node is None:
        raise GatewayError("NOT_FOUND", f"there is no {of}")
    subject = subject_of(node)
    today = on or day_of(request.services.clock())
    profiles = await eligible_profiles(request, subject, today, wanted(node, countries))
    ranked = await anyio.to_thread.run_sync(_ranked, subject, profiles, request)
    begin = Place.parse(after) if after is not None else None
    rest = [each for each in ranked if begin is None or (-each.score, each.id) > (-begin.value, begin.id)]
    places = [(Place(each.score, each.id), shown(each, profiles[each.id])) for each in rest[: size + 1]]
    return connection(places, size, after, total_count=len(ranked))


def _ranked(subject: Subject, profiles: Mapping[str, dict[str, Any]], request: Request) -> list[Suggestion]:
    return rank(subject, map(candidate_of, profiles.values()), request.services.gloss)


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

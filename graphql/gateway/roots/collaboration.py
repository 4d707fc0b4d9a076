"""Collaboration: who worked with whom, across regions, stations, countries, industries and fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import graphene

from domain.reference.countries import country
from domain.reference.fields import TechnologyField
from domain.reference.industries import INDUSTRY_NAMES, Industry
from domain.reference.regions import region
from gateway.context import Request
from gateway.enums import enum_type
from gateway.errors import GatewayError
from gateway.fields import Bilingual, Money
from gateway.loading import Properties, load_node, visible
from projections.collaboration import Cell, Dimension, Doing, Together, collaboration

UNKNOWN = "unknown"


def matches(subject: str, object: str) -> str:
    """Accepted matches, with what the reader sees of their two sides; the conditions are on achievements."""
    return f"""
MATCH (m:Match) WHERE m.stage = 'accepted' AND m.decided_at >= $since AND m.decided_at < $until
OPTIONAL MATCH (m)-[:MATCH_FOR_NEED]->(need:Need)
OPTIONAL MATCH (need)-[:NEED_RECORDED_BY]->(ns:Station)
OPTIONAL MATCH (need)-[:NEEDED_BY]->(no:Organisation)
OPTIONAL MATCH (m)-[:MATCH_FOR_ACHIEVEMENT]->(subject:Achievement) {subject}
OPTIONAL MATCH (subject)-[:ACHIEVEMENT_REGISTERED_BY]->(ss:Station)
OPTIONAL MATCH (subject)-[:ACHIEVED_BY]->(so:Organisation)
OPTIONAL MATCH (m)-[:MATCH_WITH_ACHIEVEMENT]->(object:Achievement) {object}
OPTIONAL MATCH (object)-[:ACHIEVEMENT_REGISTERED_BY]->(os:Station)
OPTIONAL MATCH (object)-[:ACHIEVED_BY]->(oo:Organisation)
OPTIONAL MATCH (m)-[:MATCH_WITH_PROFILE]->(profile:Profile)
OPTIONAL MATCH (profile)-[:CONTACT_POINT]->(partner:Partner)
OPTIONAL MATCH (m)-[:MATCH_WITH_EXPERT]->(expert:Expert)
OPTIONAL MATCH (expert)-[:LISTED_BY]->(es:Station)
RETURN m.id, need.id,
  coalesce(ns.id, ss.id), coalesce(ns.province, ss.province), coalesce(no.industry, so.industry),
  coalesce(need.fields, subject.fields),
  coalesce(os.id, es.id, partner.id), coalesce(os.province, es.province), oo.industry,
  coalesce(object.fields, expert.fields), profile.id, profile.country
"""


def cooperations(achievement: str) -> str:
    """Accepted cooperations, with what the reader sees of what they are about; the condition is on achievements."""
    return f"""
MATCH (c:Cooperation)-[:ASKED_BY]->(a:Station), (c)-[:ASKED_OF]->(b:Station)
WHERE c.stage IN ['accepted', 'closed'] AND c.answered_at >= $since AND c.answered_at < $until
OPTIONAL MATCH (c)-[:COOPERATION_ABOUT_NEED]->(need:Need)
OPTIONAL MATCH (need)-[:NEEDED_BY]->(no:Organisation)
OPTIONAL MATCH (c)-[:COOPERATION_ABOUT_ACHIEVEMENT]->(achievement:Achievement) {achievement}
OPTIONAL MATCH (achievement)-[:ACHIEVED_BY]->(ao:Organisation)
RETURN c.id, need.id, a.id, a.province, b.id, b.province,
  coalesce(no.industry, ao.industry), coalesce(need.fields, achievement.fields)
"""


def deals(achievement: str) -> str:
    """Signed deals, with what the reader sees of the two sides; the condition is on achievements."""
    return f"""
MATCH (d:Deal)-[:BOUGHT_BY]->(b:Organisation), (d)-[:SOLD_BY]->(s:Organisation)
WHERE d.stage IN ['signed', 'completed'] AND d.signed_on >= $since AND d.signed_on < $until
OPTIONAL MATCH (b)-[:SERVED_BY]->(bs:Station)
OPTIONAL MATCH (s)-[:SERVED_BY]->(ss:Station)
OPTIONAL MATCH (d)-[:CAME_FROM]->(m:Match)
OPTIONAL MATCH (m)-[:MATCH_FOR_NEED]->(need:Need)
OPTIONAL MATCH (m)-[:MATCH_WITH_ACHIEVEMENT]->(achievement:Achievement) {achievement}
RETURN d.id, need.id, d.amount_minor, d.amount_currency,
  bs.id, b.province, b.country, b.industry, need.fields,
  ss.id, s.province, s.country, s.industry, achievement.fields
"""


class Group(graphene.ObjectType):
    """A region, a station, a country, an industry or a technology field."""

    key = graphene.String(required=True, description="Its code or id; `unknown` where the records do not say.")
    name = graphene.Field(Bilingual)


class CellIds(graphene.ObjectType):
    """The records behind a cell."""

    needs = graphene.List(graphene.NonNull(graphene.ID), required=True)
    matches = graphene.List(graphene.NonNull(graphene.ID), required=True)
    cooperations = graphene.List(graphene.NonNull(graphene.ID), required=True)
    deals = graphene.List(graphene.NonNull(graphene.ID), required=True)


class CollaborationCell(graphene.ObjectType):
    """What one group, which asked or bought, did with another, which answered or sold."""

    from_ = graphene.Field(Group, required=True, name="from")
    to = graphene.Field(Group, required=True)
    needs = graphene.Int(required=True, description="Needs that accepted matches, cooperations and deals were about.")
    matches = graphene.Int(required=True, description="Accepted matches.")
    cooperations = graphene.Int(required=True, description="Accepted cooperations between stations.")
    deals = graphene.Int(required=True, description="Signed deals.")
    amounts = graphene.List(graphene.NonNull(Money), required=True, description="Of the signed deals, by currency.")
    ids = graphene.Field(CellIds, required=True)


async def _resolve(
    _root: Any, info: Any, by: Dimension, since: date | None = None, until: date | None = None
) -> list[dict[str, Any]]:
    request: Request = info.context
    if not request.viewer.member:
        raise GatewayError("FORBIDDEN", "who worked with whom is shown to those who act for a station, and to auditors")
    period = {"since": (since or date.min).isoformat(), "until": (until or date.max).isoformat()}
    subject, object, achievement = (visible(request, "Achievement", it) for it in ("subject", "object", "achievement"))
    given = {**period, **subject.parameters, **object.parameters, **achievement.parameters}
    together = [
        *map(_match(by), await request.rows(matches(subject.where(), object.where()), given)),
        *map(_cooperation(by), await request.rows(cooperations(achievement.where()), given)),
        *map(_deal(by), await request.rows(deals(achievement.where()), given)),
    ]
    return [await _shown(request, by, cell) for cell in collaboration(together)]


def _match(by: Dimension) -> Callable[[Sequence[Any]], Together]:
    def read(row: Sequence[Any]) -> Together:
        id, need, station, province, industry, fields, their_station, their_province, their_industry, *more = row
        their_fields, profile, abroad = more
        country = abroad if profile else "CN"
        ours = _side(by, station, province, "CN", industry, fields)
        theirs = _side(by, their_station, their_province or abroad, country, their_industry, their_fields)
        return Together(Doing.MATCH, id, ours, theirs, need)

    return read


def _cooperation(by: Dimension) -> Callable[[Sequence[Any]], Together]:
    def read(row: Sequence[Any]) -> Together:
        id, need, asking, asking_province, asked, asked_province, industry, fields = row
        ours = _side(by, asking, asking_province, "CN", industry, fields)
        theirs = _side(by, asked, asked_province, "CN", industry, fields)
        return Together(Doing.COOPERATION, id, ours, theirs, need)

    return read


def _deal(by: Dimension) -> Callable[[Sequence[Any]], Together]:
    def read(row: Sequence[Any]) -> Together:
        id, need, amount, currency, *sides = row
        buying, selling = sides[:5], sides[5:]
        ours = _side(by, buying[0], buying[1] or buying[2], *buying[2:])
        theirs = _side(by, selling[0], selling[1] or selling[2], *selling[2:])
        return Together(Doing.DEAL, id, ours, theirs, need, amount, currency)

    return read


def _side(
    by: Dimension,
    station: str | None,
    place: str | None,
    country: str | None,
    industry: str | None,
    fields: list[str] | None,
) -> tuple[str, ...]:
    """The groups that a side belongs to; a place is a province, or a country abroad."""
    groups: Mapping[Dimension, tuple[str, ...]] = {
        Dimension.STATION: (station or UNKNOWN,),
        Dimension.REGION: (place or UNKNOWN,),
        Dimension.COUNTRY: (country or UNKNOWN,),
        Dimension.INDUSTRY: (industry or UNKNOWN,),
        Dimension.FIELD: tuple(fields or (UNKNOWN,)),
    }
    return groups[by]


async def _shown(request: Request, by: Dimension, cell: Cell) -> dict[str, Any]:
    return {
        "from_": {"key": cell.asking, "name": await _name(request, by, cell.asking)},
        "to": {"key": cell.answering, "name": await _name(request, by, cell.answering)},
        **{name: len(getattr(cell, name)) for name in ("needs", "matches", "cooperations", "deals")},
        "amounts": [
            {"amount": Decimal(minor) / 100, "currency": currency} for currency, minor in sorted(cell.amounts.items())
        ],
        "ids": {name: sorted(getattr(cell, name)) for name in ("needs", "matches", "cooperations", "deals")},
    }


async def _name(request: Request, by: Dimension, key: str) -> dict[str, str | None] | None:
    """What a group is called."""
    if key == UNKNOWN:
        return None
    if by is Dimension.STATION:
        node: Properties | None = await load_node(request, key)
        return {"zh": node.get("name_zh"), "en": node.get("name_en")} if node else None
    if by is Dimension.INDUSTRY:
        zh, en = INDUSTRY_NAMES[Industry(key)]
        return {"zh": zh, "en": en}
    if by is Dimension.FIELD:
        return {"zh": TechnologyField(key).zh, "en": TechnologyField(key).en}
    place = region(key) if key.isdigit() else None
    if place is not None:
        return {"zh": place.name, "en": place.province_en}
    abroad = country(key)
    return {"zh": abroad.zh, "en": abroad.en} if abroad else None


def fields() -> dict[str, Any]:
    return {
        "collaboration": graphene.List(
            graphene.NonNull(CollaborationCell),
            by=graphene.Argument(enum_type(Dimension), required=True),
            since=graphene.Date(description="The first day."),
            until=graphene.Date(description="The day after the last."),
            required=True,
            resolver=_resolve,
            description="Who worked with whom, and how much, with the records behind each number.",
        )
    }

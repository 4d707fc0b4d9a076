"""Partners (合作伙伴) in GraphQL."""

from __future__ import annotations

import graphene

from domain.partners import PartnerKind, Purpose
from gateway.counts import by_choice, by_country
from gateway.fields import choice, choices, contact, many, one, text
from gateway.filters import Containing, Is, Linked, OneOf
from gateway.listing import Node, Noun, connection_type
from gateway.loading import Neighbours
from gateway.made import Field, Links
from gateway.types.stations import Station
from projections.partners import ENGAGED_BY, IS_ORGANISATION, RECORDED_BY, WORKS_WITH
from projections.profiles import CONTACT_POINT


class Engagement(graphene.ObjectType):
    """That a station works, or worked, with a partner: since when, and for what."""

    station = graphene.Field(Station, required=True)
    since = graphene.String(required=True, description="The first day.")
    until = graphene.String(description="The last day; none while they work together.")
    purposes = choices(Purpose, "What for.")


class Partner(graphene.ObjectType):
    """Who stations work with: organisations at home, contact points of the Enterprise Europe Network abroad."""

    class Meta:
        interfaces = (Node,)

    name = text("name", "What it is called.", required=True)
    kind = choice(PartnerKind, "What it is.", required=True)
    country = graphene.String(required=True, description="By ISO 3166-1, two letters.")
    een_partner_id = graphene.String(description="Its number in the Enterprise Europe Network.")
    contact = contact()
    engagements = Field(
        graphene.List(graphene.NonNull(Engagement)),
        Links(Neighbours(WORKS_WITH), "station"),
        required=True,
        description="Which stations work with it, newest station first.",
    )
    organisation = one("organisations.Organisation", IS_ORGANISATION, "The organisation that it is, when recorded.")
    station = one("stations.Station", RECORDED_BY, "The station that recorded it.")
    profiles = many("profiles.ProfileConnection", CONTACT_POINT, "The profiles that it answers for.", incoming=True)


PartnerConnection = connection_type(Partner, by_choice("kind", PartnerKind), by_country())

TEXTS = {
    "name_zh": 3,
    "name_en": 3,
}

NOUN = Noun(
    Partner,
    PartnerConnection,
    prefix="partner",
    plural="partners",
    texts=TEXTS,
    filters={
        "kind": OneOf("kind", PartnerKind),
        "country": Is("country"),
        "een_partner_id": Is("een_partner_id"),
        "works_with": Linked(ENGAGED_BY),
        "text": Containing(tuple(TEXTS)),
    },
)

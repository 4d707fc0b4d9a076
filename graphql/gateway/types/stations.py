"""Stations (驿站站点) in GraphQL."""

from __future__ import annotations

import graphene

from domain.stations import Tier
from gateway.counts import by_choice, by_region, by_yes_or_no
from gateway.fields import choice, many, one, region, text
from gateway.filters import Containing, Is, Linked, OneOf, Within
from gateway.listing import Node, Noun, connection_type
from projections.achievements import REGISTERED_BY
from projections.appointments import APPOINTED_AT
from projections.brokers import SIGNED_BY
from projections.deals import BROKERED_BY
from projections.experts import IN_TEAM_OF
from projections.needs import RECORDED_BY as NEED_RECORDED_BY
from projections.partners import ENGAGED_BY
from projections.stations import ANSWERS_TO, HOSTED_BY


class Station(graphene.ObjectType):
    """A station of the network (驿站站点): national, regional or base; some are designated international."""

    class Meta:
        interfaces = (Node,)

    tier = choice(Tier, "National, regional or base.", required=True)
    name = text("name", "What it is called.", required=True)
    region = region()
    opened_on = graphene.String(description="The day on which it took up its work; none while it has not.")
    international = graphene.Boolean(required=True, description="Whether it serves as an international station.")
    international_since = graphene.String(description="The day from which it does.")
    parent = one("stations.Station", ANSWERS_TO, "The station that it answers to.")
    children = many("stations.StationConnection", ANSWERS_TO, "The stations that answer to it.", incoming=True)
    host = one("organisations.Organisation", HOSTED_BY, "The institution that carries it (依托单位).")
    needs = many("needs.NeedConnection", NEED_RECORDED_BY, "The needs that it recorded.", incoming=True)
    achievements = many(
        "achievements.AchievementConnection", REGISTERED_BY, "The achievements that it registered.", incoming=True
    )
    partners = many("partners.PartnerConnection", ENGAGED_BY, "The partners that it works with.", incoming=True)
    experts = many("experts.ExpertConnection", IN_TEAM_OF, "The experts in its team.", incoming=True)
    brokers = many("brokers.BrokerConnection", SIGNED_BY, "The brokers that it has signed.", incoming=True)
    deals = many("deals.DealConnection", BROKERED_BY, "The deals that it brokered.", incoming=True)
    appointments = many("appointments.AppointmentConnection", APPOINTED_AT, "Its people.", incoming=True)


StationConnection = connection_type(Station, by_choice("tier", Tier), by_region(), by_yes_or_no("international"))

TEXTS = {
    "name_zh": 3,
    "name_en": 3,
}

NOUN = Noun(
    Station,
    StationConnection,
    prefix="station",
    plural="stations",
    texts=TEXTS,
    filters={
        "tier": OneOf("tier", Tier),
        "region": Within(),
        "international": Is("international", graphene.Boolean),
        "parent": Linked(ANSWERS_TO),
        "text": Containing(tuple(TEXTS)),
    },
)

"""Technology brokers (技术经纪人) in GraphQL."""

from __future__ import annotations

import graphene

from domain.brokers import BrokerStage
from gateway.counts import by_choice
from gateway.fields import choice, internal, many, one, personal
from gateway.filters import Linked, OneOf
from gateway.listing import Node, Noun, connection_type
from projections.brokers import RECORDED_BY, SIGNED_BY
from projections.deals import DEAL_BROKER


class Broker(graphene.ObjectType):
    """A technology broker (技术经纪人): certified, and signed by one station at a time."""

    class Meta:
        interfaces = (Node,)

    stage = choice(BrokerStage, "Certified, signed, suspended or ended.", required=True)
    name = personal("name", "For those who answer for the record.")
    certificate = personal("certificate", "The number of the certificate, for those who answer for the record.")
    issuer = graphene.String(required=True, description="Who issued the certificate.")
    certified_on = graphene.String(required=True)
    signed_since = graphene.String()
    signed_until = graphene.String()
    suspended_because = internal("suspended_because", "For those who answer for the record.")
    released_because = internal("released_because", "For those who answer for the record.")
    station = one("stations.Station", SIGNED_BY, "The station that has signed the broker.")
    recorded_by = one("stations.Station", RECORDED_BY, "The station that recorded the certificate.")
    deals = many("deals.DealConnection", DEAL_BROKER, "The deals that the broker arranged.", incoming=True)


BrokerConnection = connection_type(Broker, by_choice("stage", BrokerStage))

NOUN = Noun(
    Broker,
    BrokerConnection,
    prefix="broker",
    plural="brokers",
    filters={"stage": OneOf("stage", BrokerStage), "station": Linked(SIGNED_BY)},
)

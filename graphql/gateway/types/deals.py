"""Technology deals (技术交易) in GraphQL."""

from __future__ import annotations

import graphene

from domain.deals import DealStage
from domain.reference.contracts import ContractClass
from gateway.counts import by_choice
from gateway.fields import choice, many, money, one, text
from gateway.filters import Linked, OneOf
from gateway.listing import Node, Noun, connection_type
from projections.deals import BOUGHT_BY, BROKERED_BY, CAME_FROM, DEAL_BROKER, SOLD_BY


class Deal(graphene.ObjectType):
    """A technology deal (技术交易) between two organisations, brokered by stations."""

    class Meta:
        interfaces = (Node,)

    title = text("title", "What it is about.", required=True)
    stage = choice(DealStage, "Open, signed, completed or abandoned.", required=True)
    contract_class = choice(ContractClass, "The class of the contract (合同类别).", required=True)
    amount = money("amount", "The contract's amount (合同成交金额).")
    technology_amount = money("technology_amount", "The part that pays for technology (技术交易额).")
    opened_at = graphene.String(required=True)
    signed_on = graphene.String()
    completed_on = graphene.String()
    abandoned_at = graphene.String()
    abandoned_because = graphene.String()
    buyer = one("organisations.Organisation", BOUGHT_BY, "Who buys.")
    seller = one("organisations.Organisation", SOLD_BY, "Who sells.")
    stations = many("stations.StationConnection", BROKERED_BY, "The stations that brokered it.")
    broker = one("brokers.Broker", DEAL_BROKER, "The broker who arranged it.")
    match = one("matches.Match", CAME_FROM, "The match that it came from.")


DealConnection = connection_type(Deal, by_choice("stage", DealStage), by_choice("contract_class", ContractClass))

NOUN = Noun(
    Deal,
    DealConnection,
    prefix="deal",
    plural="deals",
    filters={
        "stage": OneOf("stage", DealStage),
        "contract_class": OneOf("contract_class", ContractClass),
        "buyer": Linked(BOUGHT_BY),
        "seller": Linked(SOLD_BY),
        "station": Linked(BROKERED_BY),
        "broker": Linked(DEAL_BROKER),
        "match": Linked(CAME_FROM),
    },
)

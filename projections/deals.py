"""Deals in the graph, with buyer, seller, the stations that brokered them, the broker, and the match they came from."""

from __future__ import annotations

from collections.abc import Iterator

from domain.deals import DealAbandoned, DealAmended, DealCompleted, DealDetails, DealOpened, DealSigned, DealStage
from domain.kernel.context import Context
from domain.kernel.history import Recorded
from projections.changes import Change, Link, LinkType, NodeType, Put
from projections.nouns import Noun, begun, bilingual, money, put

DEAL = NodeType("Deal", ("created", "stage", "contract_class", "signed_on"))
BOUGHT_BY = LinkType("Deal", "BOUGHT_BY", "Organisation")
SOLD_BY = LinkType("Deal", "SOLD_BY", "Organisation")
BROKERED_BY = LinkType("Deal", "BROKERED_BY", "Station")
DEAL_BROKER = LinkType("Deal", "DEAL_BROKER", "Broker")
CAME_FROM = LinkType("Deal", "CAME_FROM", "Match")


def project(recorded: Recorded, context: Context) -> Iterator[Change]:
    id = recorded.entity_id
    match recorded.fact:
        case DealOpened() as fact:
            yield described(id, fact.details)
            yield put(DEAL, id, stage=DealStage.OPEN, opened_at=context.at, **begun(recorded, context))
            yield Link(BOUGHT_BY, id, fact.buyer_id)
            yield Link(SOLD_BY, id, fact.seller_id)
            yield from (Link(BROKERED_BY, id, station) for station in fact.station_ids)
            if fact.broker_id:
                yield Link(DEAL_BROKER, id, fact.broker_id)
            if fact.match_id:
                yield Link(CAME_FROM, id, fact.match_id)
        case DealAmended(details=details):
            yield described(id, details)
        case DealSigned(on=on, amount=amount, technology_amount=technology):
            amounts = {**money("amount", amount), **money("technology_amount", technology)}
            yield put(DEAL, id, stage=DealStage.SIGNED, signed_on=on, **amounts)
        case DealCompleted(on=on):
            yield put(DEAL, id, stage=DealStage.COMPLETED, completed_on=on)
        case DealAbandoned(reason=reason):
            yield put(DEAL, id, stage=DealStage.ABANDONED, abandoned_because=reason, abandoned_at=context.at)


def described(id: str, details: DealDetails) -> Put:
    return put(
        DEAL,
        id,
        contract_class=details.contract_class,
        **bilingual("title", details.title),
        **money("amount", details.amount),
        **money("technology_amount", details.technology_amount),
    )


LINKS = (BOUGHT_BY, SOLD_BY, BROKERED_BY, DEAL_BROKER, CAME_FROM)
NOUN = Noun("deal", DEAL, project, LINKS, answering=(BROKERED_BY,))

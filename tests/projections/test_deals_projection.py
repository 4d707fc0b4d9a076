"""Deals in the graph."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from scenario import id_of

from domain.deals import DealAbandoned, DealAmended, DealCompleted, DealDetails, DealOpened, DealSigned
from domain.kernel.claims import ClaimReleased
from domain.kernel.context import Context
from domain.kernel.facts import Fact
from domain.kernel.history import Commit, Recorded
from domain.reference.contracts import ContractClass
from domain.values import Bilingual, Currency, Money
from projections.deals import BOUGHT_BY, BROKERED_BY, CAME_FROM, DEAL_BROKER, SOLD_BY, project
from projections.memory import Graph
from projections.network import network

DEAL, BROKER, MATCH = id_of("deal"), id_of("broker"), id_of("match")
MILL, INSTITUTE = id_of("organisation", "mill"), id_of("organisation", "institute")
HERE, THERE = id_of("station", "here"), id_of("station", "there")
NOON = datetime(2026, 8, 10, 12, tzinfo=UTC)
CONTEXT = Context(actor=id_of("person"), request_id="1", at=NOON, recorded_at=NOON)
DETAILS = DealDetails(
    contract_class=ContractClass.DEVELOPMENT,
    title=Bilingual(zh="委托开发"),
    amount=Money(amount=Decimal("900000.50")),
    technology_amount=Money(amount=Decimal("600000")),
)
OPENED = DealOpened(buyer_id=MILL, seller_id=INSTITUTE, station_ids=(HERE, THERE), details=DETAILS)
SIGNED = DealSigned(on=date(2026, 8, 1), amount=Money(amount=Decimal("120000"), currency=Currency.EUR))


def graph(*facts: Fact) -> Graph:
    events = tuple(Recorded(DEAL, number, 6 + number, fact) for number, fact in enumerate(facts, start=1))
    made = Graph()
    made.apply(network().changes([Commit(CONTEXT, events)]))
    return made


def node(*facts: Fact) -> dict[str, object]:
    found = graph(*facts).node("Deal", DEAL)
    assert found is not None
    return dict(found)


def test_a_deal_stands_in_the_graph_with_its_amounts_in_hundredths() -> None:
    assert node(OPENED) == {
        "created": 7,
        "recorded_at": "2026-08-10T12:00:00.000000Z",
        "opened_at": "2026-08-10T12:00:00.000000Z",
        "stage": "open",
        "contract_class": "development",
        "title_zh": "委托开发",
        "amount_minor": 90_000_050,
        "amount_currency": "CNY",
        "technology_amount_minor": 60_000_000,
        "technology_amount_currency": "CNY",
    }


def test_a_deal_is_linked_to_its_parties_and_stations_and_to_broker_and_match_if_there_are_any() -> None:
    parties = {BOUGHT_BY: [MILL], SOLD_BY: [INSTITUTE], BROKERED_BY: sorted((HERE, THERE))}
    plain = graph(OPENED).links
    assert {kind: sorted(targets) for (kind, _), targets in plain.items()} == parties
    full = graph(OPENED.model_copy(update={"broker_id": BROKER, "match_id": MATCH})).links
    assert {kind: sorted(targets) for (kind, _), targets in full.items()} == {
        **parties,
        DEAL_BROKER: [BROKER],
        CAME_FROM: [MATCH],
    }


def test_an_amendment_takes_away_what_is_no_longer_said() -> None:
    open_price = DETAILS.model_copy(update={"amount": None, "technology_amount": None})
    amended = node(OPENED, DealAmended(details=open_price))
    assert not {"amount_minor", "amount_currency", "technology_amount_minor"} & amended.keys()
    assert amended["stage"] == "open"


def test_the_signature_replaces_the_amounts() -> None:
    signed = node(OPENED, SIGNED)
    assert (signed["stage"], signed["signed_on"]) == ("signed", "2026-08-01")
    assert (signed["amount_minor"], signed["amount_currency"]) == (12_000_000, "EUR")
    assert "technology_amount_minor" not in signed


def test_a_deal_ends_completed_or_abandoned() -> None:
    completed = node(OPENED, SIGNED, DealCompleted(on=date(2026, 8, 9)))
    assert (completed["stage"], completed["completed_on"]) == ("completed", "2026-08-09")
    abandoned = node(OPENED, DealAbandoned(reason="价格未谈成"))
    assert (abandoned["stage"], abandoned["abandoned_because"]) == ("abandoned", "价格未谈成")
    assert abandoned["abandoned_at"] == "2026-08-10T12:00:00.000000Z"


def test_a_fact_of_another_noun_says_nothing_of_deals() -> None:
    assert list(project(Recorded(DEAL, 1, 7, ClaimReleased()), CONTEXT)) == []

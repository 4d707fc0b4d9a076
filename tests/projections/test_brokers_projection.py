"""Brokers in the graph."""

from __future__ import annotations

from datetime import date

from scenario import id_of
from two_stations import HANGZHOU, SHAOXING, graph_of

from domain.brokers import (
    BrokerAmended,
    BrokerCertified,
    BrokerReleased,
    BrokerResumed,
    BrokerSigned,
    BrokerSuspended,
)
from domain.kernel.claims import ClaimReleased
from domain.kernel.facts import Fact
from projections.brokers import RECORDED_BY, SIGNED_BY

BROKER, PERSON = id_of("broker"), id_of("person")
CERTIFIED = BrokerCertified(
    station_id=SHAOXING,
    person_id=PERSON,
    name="sealed name",
    certificate="sealed number",
    issuer="某省技术市场协会",
    on=date(2025, 5, 6),
)
SIGNED = BrokerSigned(station_id=HANGZHOU, since=date(2026, 3, 1), until=date(2026, 12, 31))
RELEASED = BrokerReleased(until=date(2026, 6, 30), reason="合同协商终止")


def node(*facts: Fact) -> dict[str, object]:
    found = graph_of(BROKER, CERTIFIED, *facts).node("Broker", BROKER)
    assert found is not None
    return dict(found)


def test_a_broker_stands_in_the_graph_sealed_with_who_recorded_the_certificate() -> None:
    assert node() == {
        "created": 7,
        "recorded_at": "2026-08-10T12:00:00.000000Z",
        "stage": "certified",
        "person_id": PERSON,
        "name": "sealed name",
        "certificate": "sealed number",
        "issuer": "某省技术市场协会",
        "certified_on": "2025-05-06",
    }
    graph = graph_of(BROKER, CERTIFIED)
    assert graph.targets(RECORDED_BY, BROKER) == {SHAOXING: {}}
    assert graph.targets(SIGNED_BY, BROKER) == {}


def test_an_amendment_replaces_what_it_gives() -> None:
    amended = node(BrokerAmended(person_id=PERSON, issuer="东部中心", on=date(2026, 1, 2), certificate="sealed anew"))
    assert (amended["issuer"], amended["certified_on"]) == ("东部中心", "2026-01-02")
    assert (amended["name"], amended["certificate"]) == ("sealed name", "sealed anew")


def test_a_signed_broker_is_linked_with_the_station_and_has_the_term() -> None:
    signed = node(SIGNED)
    assert (signed["stage"], signed["signed_since"], signed["signed_until"]) == ("signed", "2026-03-01", "2026-12-31")
    assert graph_of(BROKER, CERTIFIED, SIGNED).targets(SIGNED_BY, BROKER) == {HANGZHOU: {}}


def test_a_suspension_shows_its_reason_until_the_broker_resumes() -> None:
    suspended = node(SIGNED, BrokerSuspended(reason="投诉调查"))
    assert (suspended["stage"], suspended["suspended_because"]) == ("suspended", "投诉调查")
    resumed = node(SIGNED, BrokerSuspended(reason="投诉调查"), BrokerResumed())
    assert resumed["stage"] == "signed"
    assert "suspended_because" not in resumed


def test_a_released_broker_is_signed_by_nobody() -> None:
    released = node(SIGNED, BrokerSuspended(reason="投诉调查"), RELEASED)
    assert (released["stage"], released["signed_until"]) == ("ended", "2026-06-30")
    assert released["released_because"] == "合同协商终止"
    assert "suspended_because" not in released
    assert graph_of(BROKER, CERTIFIED, SIGNED, RELEASED).targets(SIGNED_BY, BROKER) == {}


def test_the_next_contract_replaces_the_last_one() -> None:
    again = BrokerSigned(station_id=SHAOXING, since=date(2027, 1, 1))
    signed = node(SIGNED, RELEASED, again)
    assert (signed["stage"], signed["signed_since"]) == ("signed", "2027-01-01")
    assert not {"signed_until", "released_because"} & set(signed)
    assert graph_of(BROKER, CERTIFIED, SIGNED, again).targets(SIGNED_BY, BROKER) == {SHAOXING: {}}


def test_a_fact_of_another_noun_says_nothing_of_a_broker() -> None:
    assert graph_of(BROKER, ClaimReleased()).nodes == {}

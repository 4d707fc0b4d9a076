"""Partners in the graph."""

from __future__ import annotations

from datetime import date

from scenario import id_of
from two_stations import HANGZHOU, SHAOXING, UNIVERSITY, graph_of

from domain.kernel.claims import ClaimReleased
from domain.partners import (
    PartnerAmended,
    PartnerDetails,
    PartnerDisengaged,
    PartnerEngaged,
    PartnerKind,
    PartnerRecorded,
    Purpose,
)
from domain.values import Bilingual, Contact
from projections.partners import ENGAGED_BY, IS_ORGANISATION, RECORDED_BY, WORKS_WITH

PARTNER = id_of("partner")
DETAILS = PartnerDetails(
    name=Bilingual(en="Innovation Agency East"),
    kind=PartnerKind.EEN_CONTACT_POINT,
    country="NL",
    een_partner_id="NL00000",
    organisation_id=UNIVERSITY,
)
CONTACT = Contact(person_id=id_of("person"), name="sealed name")
RECORDED = PartnerRecorded(station_id=SHAOXING, details=DETAILS, contact=CONTACT)
ENGAGED = PartnerEngaged(station_id=HANGZHOU, since=date(2026, 3, 1), purposes=(Purpose.MATCHING, Purpose.PILOT))
DISENGAGED = PartnerDisengaged(
    station_id=HANGZHOU, since=ENGAGED.since, until=date(2026, 6, 30), purposes=ENGAGED.purposes
)


def test_a_partner_stands_in_the_graph_with_who_recorded_it_and_what_organisation_it_is() -> None:
    graph = graph_of(PARTNER, RECORDED)
    assert graph.node("Partner", PARTNER) == {
        "created": 7,
        "recorded_at": "2026-08-10T12:00:00.000000Z",
        "name_en": "Innovation Agency East",
        "kind": "een_contact_point",
        "country": "NL",
        "een_partner_id": "NL00000",
        "contact_person_id": CONTACT.person_id,
        "contact_name": "sealed name",
    }
    assert graph.targets(RECORDED_BY, PARTNER) == {SHAOXING: {}}
    assert graph.targets(IS_ORGANISATION, PARTNER) == {UNIVERSITY: {}}
    assert graph.targets(ENGAGED_BY, PARTNER) == {}


def test_an_amendment_takes_away_what_is_no_longer_known_and_keeps_the_contact() -> None:
    details = PartnerDetails(name=Bilingual(zh="东部创新局"), kind=PartnerKind.AUTHORITY, country="NL")
    graph = graph_of(PARTNER, RECORDED, PartnerAmended(details=details))
    node = graph.node("Partner", PARTNER)
    assert node is not None
    assert (node["name_zh"], node["kind"], node["contact_name"]) == ("东部创新局", "authority", "sealed name")
    assert not {"name_en", "een_partner_id"} & set(node)
    assert graph.targets(IS_ORGANISATION, PARTNER) == {}


def test_an_amendment_may_name_another_contact() -> None:
    another = Contact(person_id=id_of("person", "another"), phone="sealed phone")
    node = graph_of(PARTNER, RECORDED, PartnerAmended(details=DETAILS, contact=another)).node("Partner", PARTNER)
    assert node is not None
    assert node["contact_person_id"] == another.person_id
    assert node["contact_phone"] == "sealed phone"
    assert "contact_name" not in node


def test_a_station_that_engages_a_partner_works_with_it_and_answers_for_it() -> None:
    graph = graph_of(PARTNER, RECORDED, ENGAGED)
    assert graph.targets(WORKS_WITH, PARTNER) == {HANGZHOU: {"since": "2026-03-01", "purposes": ["matching", "pilot"]}}
    assert graph.targets(ENGAGED_BY, PARTNER) == {HANGZHOU: {}}


def test_work_that_is_over_stays_in_the_graph_with_its_end_but_no_longer_answers() -> None:
    graph = graph_of(PARTNER, RECORDED, ENGAGED, DISENGAGED)
    assert graph.targets(WORKS_WITH, PARTNER) == {
        HANGZHOU: {"since": "2026-03-01", "until": "2026-06-30", "purposes": ["matching", "pilot"]}
    }
    assert graph.targets(ENGAGED_BY, PARTNER) == {}


def test_work_that_begins_again_has_no_end() -> None:
    again = ENGAGED.model_copy(update={"since": date(2026, 7, 1)})
    graph = graph_of(PARTNER, RECORDED, ENGAGED, DISENGAGED, again)
    assert graph.targets(WORKS_WITH, PARTNER) == {HANGZHOU: {"since": "2026-07-01", "purposes": ["matching", "pilot"]}}


def test_a_fact_of_another_noun_says_nothing_of_a_partner() -> None:
    assert graph_of(PARTNER, ClaimReleased()).nodes == {}

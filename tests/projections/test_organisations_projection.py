"""Organisations in the graph."""

from __future__ import annotations

from scenario import id_of
from two_stations import CONTEXT, graph_of

from domain.kernel.claims import ClaimReleased
from domain.kernel.facts import Fact
from domain.kernel.history import Recorded
from domain.organisations import (
    OrganisationAmended,
    OrganisationDetails,
    OrganisationKind,
    OrganisationRecorded,
    OrganisationVerified,
)
from domain.reference.industries import Industry
from domain.values import Bilingual
from projections.organisations import SERVED_BY, project

MILL, STATION, CODE = id_of("organisation"), id_of("station"), "91110000600037341L"
DETAILS = OrganisationDetails(
    name=Bilingual(zh="印染有限公司"),
    kind=OrganisationKind.ENTERPRISE,
    region="330600",
    industry=Industry.C,
    address="越城区",
)
RECORDED = OrganisationRecorded(station_id=STATION, details=DETAILS)


def node(*facts: Fact) -> dict[str, object]:
    found = graph_of(MILL, *facts).node("Organisation", MILL)
    assert found is not None
    return dict(found)


def test_an_organisation_stands_in_its_region_with_the_station_that_serves_it() -> None:
    assert node(RECORDED) == {
        "created": 7,
        "recorded_at": "2026-08-10T12:00:00.000000Z",
        "name_zh": "印染有限公司",
        "kind": "enterprise",
        "country": "CN",
        "region": "330600",
        "province": "330000",
        "industry": "C",
        "address": "越城区",
        "verified": False,
    }
    assert graph_of(MILL, RECORDED).targets(SERVED_BY, MILL) == {STATION: {}}


def test_an_organisation_with_a_credit_code_is_verified() -> None:
    with_code = RECORDED.model_copy(update={"credit_code": CODE})
    assert node(with_code) == {**node(RECORDED), "credit_code": CODE, "verified": True}
    assert node(RECORDED, OrganisationVerified(credit_code=CODE)) == node(with_code)


def test_an_amendment_takes_away_what_is_no_longer_said_and_keeps_the_code() -> None:
    shorter = OrganisationDetails(name=Bilingual(en="Dyeing Ltd"), kind=OrganisationKind.OTHER, country="NL")
    amended = node(RECORDED, OrganisationVerified(credit_code=CODE), OrganisationAmended(details=shorter))
    assert amended == {
        "created": 7,
        "recorded_at": "2026-08-10T12:00:00.000000Z",
        "name_en": "Dyeing Ltd",
        "kind": "other",
        "country": "NL",
        "credit_code": CODE,
        "verified": True,
    }


def test_a_fact_of_another_noun_says_nothing_of_organisations() -> None:
    assert list(project(Recorded(MILL, 1, 7, ClaimReleased()), CONTEXT)) == []

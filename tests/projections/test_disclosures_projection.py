"""Consents and disclosures in the graph."""

from __future__ import annotations

from datetime import date

from interest_stories import (
    ABROAD,
    AGREED,
    ASKED,
    CONSENT,
    CONTACT_GIVEN,
    CONTACT_RECEIVED,
    GIVEN,
    INTEREST,
    RECEIVED,
    SPOKEN,
    THEIRS,
)
from two_stations import SHAOXING, graph_of

from domain.consents import ConsentDeclined, ConsentWithdrawn
from domain.kernel.facts import Fact
from projections import consents, disclosures

NOON = "2026-08-10T12:00:00.000000Z"
BEGUN = {"created": 7, "recorded_at": NOON}
ASKED_FOR = {
    **BEGUN,
    "stage": "asked",
    "person_id": SPOKEN.person_id,
    "fields": ["name", "email", "phone"],
    "asked_at": NOON,
}


def node(*facts: Fact) -> dict[str, object]:
    found = graph_of(CONSENT, ASKED, *facts).node("Consent", CONSENT)
    assert found is not None
    return dict(found)


def test_a_consent_leads_to_its_interest_and_to_whom_it_is() -> None:
    assert node() == ASKED_FOR
    graph = graph_of(CONSENT, ASKED)
    assert set(graph.targets(consents.CONSENT_FOR, CONSENT)) == {INTEREST}
    assert set(graph.targets(consents.CONSENT_TO, CONSENT)) == {ABROAD}
    assert set(graph.targets(consents.ANSWERED_BY, CONSENT)) == {SHAOXING}


def test_a_consent_says_how_it_was_answered_and_whether_it_was_withdrawn() -> None:
    on = date(2026, 8, 1)
    accepted = {**ASKED_FOR, "stage": "accepted", "accepted_on": "2026-03-21", "evidence": AGREED.evidence}
    assert node(AGREED) == accepted
    assert node(ConsentDeclined(on=on)) == {**ASKED_FOR, "stage": "declined", "declined_on": "2026-08-01"}
    withdrawn = {"stage": "withdrawn", "withdrawn_on": "2026-08-01", "withdrawn_because": "x"}
    assert node(AGREED, ConsentWithdrawn(on=on, reason="x")) == {**accepted, **withdrawn}


def test_a_contact_that_was_given_leads_to_its_consent_and_one_that_came_to_none() -> None:
    graph = graph_of(GIVEN, CONTACT_GIVEN)
    assert graph.node("Disclosure", GIVEN) == {
        **BEGUN,
        "direction": "given",
        "fields": ["name", "phone", "email"],
        "disclosed_on": "2026-03-25",
        "channel": "email",
        "contact_person_id": SPOKEN.person_id,
        "contact_name": SPOKEN.name,
        "contact_phone": SPOKEN.phone,
        "contact_email": SPOKEN.email,
    }
    assert set(graph.targets(disclosures.DISCLOSED_UNDER, GIVEN)) == {CONSENT}
    assert set(graph.targets(disclosures.DISCLOSED_IN, GIVEN)) == {INTEREST}
    assert set(graph.targets(disclosures.DISCLOSED_WITH, GIVEN)) == {ABROAD}
    assert set(graph.targets(disclosures.ANSWERED_BY, GIVEN)) == {SHAOXING}
    came = graph_of(RECEIVED, CONTACT_RECEIVED.model_copy(update={"organisation": "Dutch Filters"}))
    node = came.node("Disclosure", RECEIVED)
    assert node is not None
    assert (node["direction"], node["organisation"], node["contact_name"]) == ("received", "Dutch Filters", "Jan")
    assert THEIRS.phone is None
    assert "contact_phone" not in node
    assert came.targets(disclosures.DISCLOSED_UNDER, RECEIVED) == {}

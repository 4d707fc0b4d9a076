"""Cooperation between stations in the graph."""

from __future__ import annotations

from scenario import id_of
from two_stations import HANGZHOU, SHAOXING, graph_of

from domain.cooperation import (
    CooperationAccepted,
    CooperationAsked,
    CooperationClosed,
    CooperationDeclined,
    CooperationOutcome,
)
from domain.kernel.claims import ClaimReleased
from domain.kernel.facts import Fact
from projections.cooperation import ABOUT_ACHIEVEMENT, ABOUT_NEED, ASKED_BY, ASKED_OF

COOPERATION, NEED, TOOL = id_of("cooperation"), id_of("need"), id_of("achievement")
ASKED = CooperationAsked(station_id=SHAOXING, asked_id=HANGZHOU, purpose="共同走访染整企业")
NOON = "2026-08-10T12:00:00.000000Z"
BEGUN = {"created": 7, "recorded_at": NOON, "purpose": "共同走访染整企业", "asked_at": NOON}


def node(*facts: Fact) -> dict[str, object]:
    found = graph_of(COOPERATION, ASKED, *facts).node("Cooperation", COOPERATION)
    assert found is not None
    return dict(found)


def test_a_cooperation_stands_in_the_graph_between_who_asked_and_who_was_asked() -> None:
    assert node() == {**BEGUN, "stage": "asked"}
    graph = graph_of(COOPERATION, ASKED)
    assert graph.targets(ASKED_BY, COOPERATION) == {SHAOXING: {}}
    assert graph.targets(ASKED_OF, COOPERATION) == {HANGZHOU: {}}
    assert graph.targets(ABOUT_NEED, COOPERATION) == {}
    assert graph.targets(ABOUT_ACHIEVEMENT, COOPERATION) == {}


def test_a_cooperation_leads_to_what_it_is_about() -> None:
    need = graph_of(COOPERATION, ASKED.model_copy(update={"need_id": NEED}))
    assert need.targets(ABOUT_NEED, COOPERATION) == {NEED: {}}
    tool = graph_of(COOPERATION, ASKED.model_copy(update={"achievement_id": TOOL}))
    assert tool.targets(ABOUT_ACHIEVEMENT, COOPERATION) == {TOOL: {}}


def test_an_accepted_cooperation_says_when_it_was_answered() -> None:
    assert node(CooperationAccepted()) == {**BEGUN, "stage": "accepted", "answered_at": NOON}


def test_a_declined_cooperation_says_why() -> None:
    declined = {"stage": "declined", "answered_at": NOON, "declined_because": "没有这一领域的专家"}
    assert node(CooperationDeclined(reason="没有这一领域的专家")) == {**BEGUN, **declined}


def test_a_closed_cooperation_says_what_came_of_it() -> None:
    outcome = {"stage": "closed", "answered_at": NOON, "closed_at": NOON, "outcome": "succeeded"}
    closed = CooperationClosed(outcome=CooperationOutcome.SUCCEEDED)
    assert node(CooperationAccepted(), closed) == {**BEGUN, **outcome}
    remarked = closed.model_copy(update={"remark": "已签合同"})
    assert node(CooperationAccepted(), remarked)["remark"] == "已签合同"


def test_a_fact_of_another_noun_says_nothing_of_a_cooperation() -> None:
    assert graph_of(COOPERATION, ClaimReleased()).nodes == {}

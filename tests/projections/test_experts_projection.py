"""Experts in the graph."""

from __future__ import annotations

from scenario import id_of
from two_stations import HANGZHOU, SHAOXING, UNIVERSITY, graph_of

from domain.experts import (
    ExpertAmended,
    ExpertDelisted,
    ExpertDetails,
    ExpertJoinedTeam,
    ExpertLeftTeam,
    ExpertLibrary,
    ExpertListed,
)
from domain.kernel.claims import ClaimReleased
from domain.reference.fields import TechnologyField
from projections.experts import EMPLOYED_BY, IN_TEAM_OF, LISTED_BY

EXPERT, PERSON = id_of("expert"), id_of("person")
DETAILS = ExpertDetails(
    title="教授",
    fields=(TechnologyField.NEW_MATERIALS,),
    keywords=("涂层",),
    languages=("zh", "en"),
    libraries=(ExpertLibrary.TECHNICAL,),
    organisation_id=UNIVERSITY,
)
LISTED = ExpertListed(station_id=SHAOXING, person_id=PERSON, name="sealed name", phone="sealed phone", details=DETAILS)
JOINED = (ExpertJoinedTeam(station_id=SHAOXING), ExpertJoinedTeam(station_id=HANGZHOU))


def test_an_expert_stands_in_the_graph_sealed_with_who_listed_and_who_employs_the_person() -> None:
    graph = graph_of(EXPERT, LISTED)
    assert graph.node("Expert", EXPERT) == {
        "created": 7,
        "recorded_at": "2026-08-10T12:00:00.000000Z",
        "listed": True,
        "person_id": PERSON,
        "name": "sealed name",
        "phone": "sealed phone",
        "name_public": False,
        "title": "教授",
        "fields": ["new_materials"],
        "keywords": ["涂层"],
        "languages": ["zh", "en"],
        "libraries": ["technical"],
    }
    assert graph.targets(LISTED_BY, EXPERT) == {SHAOXING: {}}
    assert graph.targets(EMPLOYED_BY, EXPERT) == {UNIVERSITY: {}}
    assert graph.targets(IN_TEAM_OF, EXPERT) == {}


def test_an_amendment_replaces_the_details_and_only_the_personal_texts_that_it_gives() -> None:
    details = ExpertDetails(name_public=True)
    amended = ExpertAmended(person_id=PERSON, details=details, email="sealed e-mail")
    graph = graph_of(EXPERT, LISTED, amended)
    node = graph.node("Expert", EXPERT)
    assert node is not None
    assert (node["name"], node["phone"], node["email"]) == ("sealed name", "sealed phone", "sealed e-mail")
    assert node["name_public"] is True
    assert node["fields"] == []
    assert "title" not in node
    assert graph.targets(EMPLOYED_BY, EXPERT) == {}


def test_an_expert_is_in_the_teams_that_took_the_person_and_did_not_let_go() -> None:
    assert graph_of(EXPERT, LISTED, *JOINED).targets(IN_TEAM_OF, EXPERT) == {SHAOXING: {}, HANGZHOU: {}}
    left = graph_of(EXPERT, LISTED, *JOINED, ExpertLeftTeam(station_id=HANGZHOU))
    assert left.targets(IN_TEAM_OF, EXPERT) == {SHAOXING: {}}


def test_who_is_delisted_is_in_no_team_and_shown_to_the_public_by_name_no_longer() -> None:
    shown = ExpertAmended(person_id=PERSON, details=DETAILS.model_copy(update={"name_public": True}))
    graph = graph_of(EXPERT, LISTED, shown, *JOINED, ExpertDelisted(reason="已退休"))
    node = graph.node("Expert", EXPERT)
    assert node is not None
    assert (node["listed"], node["name_public"], node["delisted_because"]) == (False, False, "已退休")
    assert graph.targets(IN_TEAM_OF, EXPERT) == {}


def test_who_is_listed_again_keeps_the_first_position_and_answers_to_the_new_station() -> None:
    again = ExpertListed(station_id=HANGZHOU, person_id=PERSON, name="sealed anew", details=DETAILS)
    graph = graph_of(EXPERT, LISTED, ExpertDelisted(reason="已退休"), again)
    node = graph.node("Expert", EXPERT)
    assert node is not None
    assert (node["created"], node["listed"], node["name"]) == (7, True, "sealed anew")
    assert not {"phone", "delisted_because"} & set(node)
    assert graph.targets(LISTED_BY, EXPERT) == {HANGZHOU: {}}


def test_a_fact_of_another_noun_says_nothing_of_an_expert() -> None:
    assert graph_of(EXPERT, ClaimReleased()).nodes == {}

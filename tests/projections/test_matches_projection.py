"""Matches in the graph."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from scenario import id_of

from domain.kernel.claims import ClaimReleased
from domain.kernel.context import Context
from domain.kernel.facts import Fact
from domain.kernel.history import Commit, Recorded
from domain.matches import MatchAccepted, MatchProposed, MatchRefused
from domain.reference.match_refusals import MatchRefusalReason
from projections.changes import LinkType
from projections.matches import (
    DECIDED_BY,
    FOR_ACHIEVEMENT,
    FOR_NEED,
    PROPOSED_BY,
    WITH_ACHIEVEMENT,
    WITH_EXPERT,
    WITH_PROFILE,
    project,
)
from projections.memory import Graph
from projections.network import network

MATCH, STATION, OTHER = id_of("match"), id_of("station"), id_of("station", "other")
NEED, TOOL, OFFER, EXPERT = id_of("need"), id_of("achievement"), id_of("profile"), id_of("expert")
NOON = datetime(2026, 8, 10, 12, tzinfo=UTC)
CONTEXT = Context(actor=id_of("person"), request_id="1", at=NOON, recorded_at=NOON)
PROPOSED = MatchProposed(
    station_id=STATION, answering_ids=(STATION, OTHER), need_id=NEED, profile_id=OFFER, score=0.75, note="关键词相同"
)


def graph(*facts: Fact) -> Graph:
    events = tuple(Recorded(MATCH, number, 6 + number, fact) for number, fact in enumerate(facts, start=1))
    made = Graph()
    made.apply(network().changes([Commit(CONTEXT, events)]))
    return made


def test_a_match_stands_in_the_graph_with_its_score() -> None:
    assert graph(PROPOSED).node("Match", MATCH) == {
        "created": 7,
        "recorded_at": "2026-08-10T12:00:00.000000Z",
        "proposed_at": "2026-08-10T12:00:00.000000Z",
        "stage": "proposed",
        "score": 0.75,
        "note": "关键词相同",
    }


@pytest.mark.parametrize(
    ("sides", "links"),
    [
        ({"need_id": NEED, "profile_id": OFFER}, {FOR_NEED: NEED, WITH_PROFILE: OFFER}),
        ({"need_id": NEED, "achievement_id": TOOL}, {FOR_NEED: NEED, WITH_ACHIEVEMENT: TOOL}),
        ({"need_id": NEED, "expert_id": EXPERT}, {FOR_NEED: NEED, WITH_EXPERT: EXPERT}),
        ({"achievement_id": TOOL, "profile_id": OFFER}, {FOR_ACHIEVEMENT: TOOL, WITH_PROFILE: OFFER}),
        ({"achievement_id": TOOL, "expert_id": EXPERT}, {FOR_ACHIEVEMENT: TOOL, WITH_EXPERT: EXPERT}),
    ],
)
def test_a_match_is_linked_to_its_two_sides_and_its_stations(sides: dict[str, str], links: dict[LinkType, str]) -> None:
    made = graph(MatchProposed(station_id=STATION, answering_ids=(STATION, OTHER), **sides))
    found = {kind: sorted(targets) for (kind, _), targets in made.links.items()}
    stations = {PROPOSED_BY: [STATION], DECIDED_BY: sorted((STATION, OTHER))}
    assert found == {**stations, **{kind: [side] for kind, side in links.items()}}


def test_the_decision_on_a_match_stands_in_the_graph() -> None:
    accepted = graph(PROPOSED, MatchAccepted()).node("Match", MATCH)
    assert accepted is not None
    assert (accepted["stage"], accepted["decided_at"]) == ("accepted", "2026-08-10T12:00:00.000000Z")
    other = MatchRefused(reason=MatchRefusalReason.OTHER, words="企业搬迁")
    refused = graph(PROPOSED, other).node("Match", MATCH)
    assert refused is not None
    assert (refused["stage"], refused["refused_because"], refused["refused_in_words"]) == (
        "refused",
        "other",
        "企业搬迁",
    )


def test_a_fact_of_another_noun_says_nothing_of_matches() -> None:
    assert list(project(Recorded(MATCH, 1, 7, ClaimReleased()), CONTEXT)) == []

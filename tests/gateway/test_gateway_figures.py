"""Figures: what the running gateway counts of itself, as machines read it."""

from __future__ import annotations

from asking import Asking
from small_network import SmallNetwork

from infra.server import Running


def figures(asking: Asking) -> dict[str, float]:
    """All figures by their names, with their labels."""
    lines = asking.http("GET", "/metrics").text.splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}


def test_the_figures_of_the_log_are_there_for_machines(asking: Asking, system: Running) -> None:
    found = figures(asking)
    head = system.network.head()
    assert found["yizhan_log_head"] == head > 0
    assert found["yizhan_log_lag"] == 0
    accepted = found["yizhan_log_accepted_total"]
    assert found['yizhan_log_outcome_seconds_bucket{le="+Inf"}'] >= accepted > 0


def test_questions_are_counted_by_their_names_ways_and_outcomes(asking: Asking) -> None:
    before = figures(asking)
    for query in (
        "query Counted { needs { totalCount } }",
        "query Counted { standing { lag } }",
        "query Counted { needs(first: 0) { totalCount } }",
        "query Counted { nothing }",
    ):
        asking.post(query)
    grown = {name: value - before.get(name, 0) for name, value in figures(asking).items()}
    asked = {name: value for name, value in grown.items() if name.startswith("yizhan_questions_total") and value}
    assert asked == {
        'yizhan_questions_total{operation="Counted",outcome="ok",way="plan"}': 1,
        'yizhan_questions_total{operation="Counted",outcome="ok",way="fields"}': 1,
        'yizhan_questions_total{operation="Counted",outcome="errors",way="fields"}': 1,
        'yizhan_questions_total{operation="",outcome="refused",way="none"}': 1,
    }
    for part in ("document", "plan", "database", "answer", "writing"):
        assert grown[f'yizhan_question_seconds_count{{part="{part}",way="plan"}}'] == 1
        assert grown[f'yizhan_question_seconds_sum{{part="{part}",way="plan"}}'] > 0
        assert grown[f'yizhan_operation_seconds_count{{operation="Counted",part="{part}"}}'] == (
            1 if part == "plan" else 3
        )
        assert grown[f'yizhan_operation_seconds_sum{{operation="Counted",part="{part}"}}'] > 0


def test_of_a_mutation_it_is_told_how_long_the_command_took(asking: Asking, made: SmallNetwork) -> None:
    query = 'mutation Timed($id: ID!) { checkNeed(input: {requestId: "timed", needId: $id}) { position } }'
    asking.post(query, "adviser", {"id": made["dyeing"]})
    found = figures(asking)
    assert found['yizhan_operation_seconds_count{operation="Timed",part="command"}'] == 1
    assert found['yizhan_operation_seconds_sum{operation="Timed",part="command"}'] > 0

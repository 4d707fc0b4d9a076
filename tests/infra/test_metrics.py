"""Figures of questions, whose senders choose the names."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, generate_latest

from gateway.ports import Answered
from infra.metrics import NAMES, Questions


def test_however_many_names_their_senders_make_up_a_bounded_number_is_counted() -> None:
    registry = CollectorRegistry()
    questions = Questions(registry)
    for number in range(3 * NAMES):
        questions.count(Answered(f"Name{number}", "plan", "ok", {}))
    lines = [line for line in generate_latest(registry).decode().splitlines() if "_total{" in line]
    assert len(lines) == NAMES + 1
    assert f'yizhan_questions_total{{operation="…",outcome="ok",way="plan"}} {2 * NAMES}.0' in lines

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


def test_of_each_operation_it_is_told_how_long_each_part_of_its_questions_took() -> None:
    registry = CollectorRegistry()
    questions = Questions(registry)
    for seconds in (0.25, 0.5):
        questions.count(Answered("Needs", "plan", "ok", {"plan": 0.125, "database": seconds, "writing": 0.0625}))
    questions.count(Answered("Stations", "plan", "ok", {"database": 2.0}))
    found = {
        (name, sample.labels["operation"], sample.labels["part"]): sample.value
        for family in registry.collect()
        for sample in family.samples
        if (name := sample.name.removeprefix("yizhan_operation_seconds_")) in ("sum", "count")
        and sample.name.startswith("yizhan_operation_seconds_")
    }
    assert found == {
        ("count", "Needs", "plan"): 2,
        ("sum", "Needs", "plan"): 0.25,
        ("count", "Needs", "database"): 2,
        ("sum", "Needs", "database"): 0.75,
        ("count", "Needs", "writing"): 2,
        ("sum", "Needs", "writing"): 0.125,
        ("count", "Stations", "database"): 1,
        ("sum", "Stations", "database"): 2.0,
    }


def test_the_parts_of_made_up_names_are_as_bounded_as_the_names() -> None:
    registry = CollectorRegistry()
    questions = Questions(registry)
    for number in range(3 * NAMES):
        questions.count(Answered(f"Name{number}", "plan", "ok", {"plan": 0.1, "database": 0.1}))
    lines = [line for line in generate_latest(registry).decode().splitlines() if line.startswith("yizhan_operation_")]
    assert len([line for line in lines if "_sum{" in line]) == 2 * (NAMES + 1)

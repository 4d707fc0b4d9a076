"""What is told of facts, and who may decide on what, goes by the same rules as what is shown of records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from golden import FOLDER
from told import Samples, context

from domain.achievement_details import AchievementDetails
from domain.achievements import Achievement
from domain.kernel.facts import Fact, kept_fields
from domain.kernel.fields import Sealed
from domain.kernel.history import Recorded
from domain.kernel.ids import derived_id, prefix_of
from domain.reference.achievements import Secrecy
from domain.registry import registry
from domain.values import Bilingual
from domain.visibility import OPEN, VISIBLE
from gateway.made import guarded
from gateway.nouns import by_prefix
from projections.changes import Put
from projections.network import NOUNS


@pytest.fixture
def samples(tmp_path: Path) -> Iterator[Samples]:
    found = Samples(tmp_path)
    yield found
    found.close()


def texts(value: Any) -> set[str]:
    """All texts in it."""
    if isinstance(value, dict):
        return {text for each in value.values() for text in texts(each)}
    if isinstance(value, list | tuple):
        return {text for each in value for text in texts(each)}
    return {value} if isinstance(value, str) else set()


def kept(fact: Fact) -> set[str]:
    """The texts of a fact that are for those who answer for its record."""
    found: set[str] = set()
    for path in kept_fields(type(fact)):
        value: Any = fact.model_dump(mode="json", exclude_none=True)
        for step in path:
            value = value.get(step, {})
        found |= texts(value)
    return found


@pytest.mark.parametrize("stored_as", sorted(path.stem for path in FOLDER.glob("*.json")))
def test_what_a_fact_puts_into_a_guarded_property_is_kept_for_those_who_answer(
    samples: Samples, stored_as: str
) -> None:
    """Otherwise the history would tell what the record does not show."""
    for fact in samples.facts(stored_as):
        id = derived_id(fact.TOPIC.partition(".")[0], "sample")
        noun = next((each for each in NOUNS if each.prefix == prefix_of(id)), None)
        if noun is None:
            continue
        hidden = guarded(by_prefix()[noun.prefix].type)
        put = [each for each in noun.project(Recorded(id, 1, 1, fact), context()) if isinstance(each, Put)]
        shown = {name: value for each in put for name, value in each.set.items() if name in hidden}
        unsealed = {str(value) for value in shown.values() if value is not None and not isinstance(value, Sealed)}
        assert unsealed <= kept(fact), (stored_as, shown)


def test_some_facts_hold_what_is_kept() -> None:
    found = {topic: kept_fields(fact) for topic, fact in registry().facts.items() if kept_fields(fact)}
    assert found["expert.delisted.v1"] == (("reason",),)
    assert found["need.recorded.v1"] == (("contact",),)
    assert "expert.listed.v1" not in found


@pytest.mark.parametrize("secrecy", Secrecy)
def test_who_sees_an_achievement_in_the_graph_may_know_of_it_when_they_decide(secrecy: Secrecy) -> None:
    details = AchievementDetails(title=Bilingual(zh="成果"), secrecy=secrecy)
    achievement = Achievement(derived_id("station", "one"), derived_id("organisation", "one"), details)
    assert achievement.confined is (secrecy not in OPEN.values["secrecy"])


def test_every_noun_that_not_all_members_see_says_of_which_records_that_is_so() -> None:
    confined = {noun.node.label for noun in NOUNS if hasattr(registry().slices[noun.prefix].state, "confined")}
    assert confined == {label for label, rule in VISIBLE.items() if rule.member is not None}

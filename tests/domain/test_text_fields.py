"""Every text of every fact is open, personal, secret, or an id: nothing reaches the log undecided."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from pydantic import BaseModel

from domain.kernel.facts import Fact, Value, sealed_fields
from domain.kernel.fields import Line, PersonalText, text_fields
from domain.kernel.ids import Ref
from domain.references import PersonId
from domain.registry import SLICES, registry


def undecided(facts: Iterable[type[Fact]]) -> list[str]:
    """The texts that nobody has decided on, as `Fact.path`."""
    return [
        f"{fact.__name__}.{'.'.join(field.path)}"
        for fact in facts
        for field in text_fields(fact)
        if field.decision is None
    ]


def without_subject(facts: Iterable[type[Fact]]) -> list[str]:
    """The sealed texts beside which no id of a subject must stand, and so no key can be found."""
    found = []
    for fact in facts:
        for path, sealing in sealed_fields(fact):
            decisions = {field.path: field.decision for field in text_fields(fact)}
            subject = (*path[:-1], sealing.subject)
            if not isinstance(decisions.get(subject), Ref) or not required(fact, subject):
                found.append(f"{fact.__name__}.{'.'.join(path)}")
    return found


def required(model: type[BaseModel], path: tuple[str, ...]) -> bool:
    """Whether the last step of the path must be given where the object that holds it is."""
    for step in path[:-1]:
        annotation = model.model_fields[step].annotation
        arms = [annotation, *getattr(annotation, "__args__", ())]
        model = next(arm for arm in arms if isinstance(arm, type) and issubclass(arm, BaseModel))
    return model.model_fields[path[-1]].is_required()


class Part(Value):
    notes: tuple[str, ...] = ()


class Careless(Fact, topic="test.careless"):
    """Two texts that nobody decided on, one of them deep inside."""

    title: Line
    nickname: str
    part: Part | None = None


class Keyless(Fact, topic="test.keyless"):
    """A sealed text under nobody's key, and one under a key that may be missing."""

    name: PersonalText


class Loose(Fact, topic="test.loose"):
    """The subject may be missing."""

    person_id: PersonId | None = None
    name: PersonalText


def test_every_text_of_every_fact_is_open_personal_secret_or_an_id() -> None:
    assert undecided(registry().facts.values()) == []


def test_a_fact_with_an_undecided_text_is_found() -> None:
    assert undecided([Careless]) == ["Careless.nickname", "Careless.part.notes"]


def test_beside_every_sealed_text_stands_the_id_of_its_subject() -> None:
    assert without_subject(registry().facts.values()) == []


def test_a_sealed_text_without_a_subject_is_found() -> None:
    assert without_subject([Keyless, Loose]) == ["Keyless.name", "Loose.name"]


def test_no_two_facts_are_stored_under_one_name_and_no_two_slices_share_a_prefix() -> None:
    names = [fact.stored_as() for each in SLICES for fact in each.facts]
    assert sorted(names) == sorted(registry().facts)
    assert len({each.prefix for each in SLICES}) == len({each.state for each in SLICES}) == len(SLICES)


def test_every_old_version_is_brought_up_to_one_that_is_known() -> None:
    for each in SLICES:
        for old in each.upcasters:
            name, _, version = old.rpartition(".v")
            following = f"{name}.v{int(version) + 1}"
            assert following in each.upcasters or following in registry().facts, old


@pytest.mark.parametrize("fact", registry().facts.values(), ids=lambda fact: fact.stored_as())
def test_a_topic_is_its_slice_and_what_happened(fact: type[Fact]) -> None:
    slice_ = next(each for each in SLICES if fact in each.facts)
    noun, _, happened = fact.TOPIC.partition(".")
    assert noun == slice_.prefix
    assert happened.isidentifier()
    assert fact.__doc__

"""Facts cannot change, know their place in the log, and say of each text whether it is open, personal or secret."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from pydantic import Field, TypeAdapter, ValidationError

from domain.kernel.context import Context
from domain.kernel.facts import Fact, Value, sealed_fields
from domain.kernel.fields import Code, Line, Opening, PersonalText, Prose, Sealed, Sealing, TextField, text_fields
from domain.kernel.history import Commit, Recorded
from domain.kernel.ids import Ref, derived_id
from domain.kernel.refusals import Refusal, ensure

PERSON = derived_id("person", "one")
NOON = datetime(2026, 8, 10, 12, tzinfo=UTC)
SEALED_NAME = Sealing("personal", "person_id")


class Colour(StrEnum):
    RED = "red"


class Someone(Value):
    person_id: Annotated[str, Ref("person")]
    name: PersonalText | None = None


class Told(Fact, topic="test.told", version=3):
    """One text of every kind."""

    open: Line
    both: Annotated[Line, SEALED_NAME] | None = None
    undecided: str | None = None
    someone: Someone | None = None
    many: tuple[Line, ...] = ()
    by_name: Mapping[Code, Prose] = Field(default_factory=dict)
    anything: Any = None
    old_style: Optional[Annotated[str, Opening.OPEN]] = None  # noqa: UP045 - the spelling is what is tested
    aliased: Annotated[str, Annotated[str, Field(max_length=3)], Opening.OPEN] = "x"
    no_text: tuple[int | float | bool | Decimal | datetime | timedelta | Colour | Literal["a"] | None, ...] = ()


class Group(Fact, topic="test.group"):
    """Sealed texts where no path leads."""

    people: tuple[Someone, ...]


def test_every_text_is_found_with_its_decision_wherever_it_stands() -> None:
    assert list(text_fields(Told)) == [
        TextField(("open",), Opening.OPEN),
        TextField(("both",), SEALED_NAME),
        TextField(("undecided",), None),
        TextField(("someone", "person_id"), Ref("person")),
        TextField(("someone", "name"), SEALED_NAME),
        TextField(("many",), Opening.OPEN, many=True),
        TextField(("by_name",), Opening.OPEN, many=True),
        TextField(("by_name",), Opening.OPEN, many=True),
        TextField(("anything",), None),
        TextField(("old_style",), Opening.OPEN),
        TextField(("aliased",), Opening.OPEN),
    ]


def test_only_sealed_texts_are_sealed_and_under_the_key_of_the_subject_beside_them() -> None:
    assert sealed_fields(Told) == ((("both",), SEALED_NAME), (("someone", "name"), SEALED_NAME))


def test_sealed_texts_in_a_collection_are_an_error_and_never_stored_open() -> None:
    with pytest.raises(TypeError, match=r"Group holds sealed texts in a collection.*people\.name"):
        sealed_fields(Group)


def test_a_fact_is_stored_under_its_topic_and_version() -> None:
    assert Told.stored_as() == "test.told.v3"
    assert Group.stored_as() == "test.group.v1"


def test_a_fact_cannot_change_and_cannot_hold_what_it_does_not_know() -> None:
    fact = Told(open="x")
    with pytest.raises(ValidationError, match="frozen"):
        fact.open = "y"  # type: ignore[misc]  # that it cannot be set is what is tested
    with pytest.raises(ValidationError, match="Extra inputs"):
        Told.model_validate({"open": "x", "other": 1})


def test_open_texts_lose_the_blanks_around_them_and_have_bounds() -> None:
    assert Told(open="  x ").open == "x"
    for wrong in ("", "  ", "x" * 501):
        with pytest.raises(ValidationError):
            Told(open=wrong)


@pytest.mark.parametrize("text", ["a\nb", "a\x1fb", "a\x00b", "a\tb", "a\x7fb"])
def test_lines_and_codes_are_of_one_line(text: str) -> None:
    for kind in (Line, Code):
        with pytest.raises(ValidationError):
            TypeAdapter(kind).validate_python(text)
    assert TypeAdapter(Prose).validate_python(text) == text


def test_personal_texts_lose_the_blanks_around_them_and_have_bounds() -> None:
    assert Someone(person_id=PERSON, name=" 李某 ").name == "李某"
    for wrong in ("", "  ", "x" * 501):
        with pytest.raises(ValidationError):
            Someone(person_id=PERSON, name=wrong)


def test_what_is_sealed_stays_sealed_whatever_bounds_the_text_has() -> None:
    sealed = Sealed("sealed:1:" + "x" * 2_000)
    name = Someone.model_validate({"person_id": PERSON, "name": sealed}).name
    assert isinstance(name, Sealed)
    assert name == sealed


@given(st.text())
def test_what_only_looks_sealed_is_an_ordinary_text(tail: str) -> None:
    name = Someone(person_id=PERSON, name=f"sealed:1:x{tail}"[:100] + ".").name
    assert not isinstance(name, Sealed)


def test_a_context_takes_times_with_a_zone_only() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Context(actor=PERSON, request_id="1", at=datetime(2026, 8, 10, 12)).checked()  # noqa: DTZ001 - is what is refused


@pytest.mark.parametrize("ids", [{"actor": "somebody"}, {"station_id": PERSON}, {"appointment_id": PERSON}])
def test_a_context_takes_ids_of_their_kind_only(ids: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="stands where the id of a"):
        Context(**{"actor": PERSON, "request_id": "1", "at": NOON, **ids}).checked()  # type: ignore[arg-type]  # on purpose


@pytest.mark.parametrize("name", ["", "x" * 201, "\ud800"], ids=["empty", "long", "no text"])
def test_a_request_has_a_name(name: str) -> None:
    with pytest.raises(ValidationError):
        Context(actor=PERSON, request_id=name, at=NOON).checked()


def test_a_request_is_known_by_its_actor_and_their_name_for_it() -> None:
    context = Context(actor=PERSON, request_id="1", at=NOON)
    other = replace(context, actor=derived_id("person", "two"))
    assert len({context.request_key(), other.request_key(), replace(context, request_id="2").request_key()}) == 3
    assert context.recorded(NOON).request_key() == context.request_key()


def test_a_context_says_when_it_was_recorded_besides_when_it_happened() -> None:
    there = datetime(2026, 8, 10, 20, tzinfo=timezone(timedelta(hours=8)))
    context = Context(actor=PERSON, request_id="1", at=there).recorded(NOON + timedelta(minutes=1))
    assert (context.at, context.recorded_at) == (NOON, NOON + timedelta(minutes=1))


def test_a_commit_stands_at_its_last_event() -> None:
    context = Context(actor=PERSON, request_id="1", at=NOON)
    events = tuple(Recorded("x", number, 10 + number, Told(open="x")) for number in (1, 2, 3))
    assert Commit(context, events).position == 13


def test_a_refusal_has_a_code_and_says_what_would_do() -> None:
    ensure(True, "rule.code", "never said")
    with pytest.raises(Refusal) as refusal:
        ensure(False, "rule.code", "takes this")
    assert (refusal.value.code, refusal.value.explanation) == ("rule.code", "takes this")
    assert str(refusal.value) == "rule.code: takes this"

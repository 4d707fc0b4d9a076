"""What only those who answer for it may know of does not exist for anybody else who decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from domain.kernel.acting import Acting, Role
from domain.kernel.commands import Command
from domain.kernel.deciding import plan
from domain.kernel.facts import Fact
from domain.kernel.ids import derived_id
from domain.kernel.performing import Entity, Proposal, propose
from domain.kernel.refusals import Refusal

NOON = datetime(2026, 8, 10, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Safe:
    """Shown to the station `here` alone, as long as it is confined."""

    confined: bool = True
    answering: frozenset[str] = frozenset({"here"})


@dataclass(frozen=True)
class Letter:
    station_id: str = "there"
    safe_id: str = "safe"


class Opened(Fact, topic="safe.opened"):
    """For the test."""


class Sent(Fact, topic="letter.sent"):
    """For the test."""


class OpenSafe(Command):
    safe_id: str


class OpenSafes(Command):
    letter_id: str
    safe_ids: tuple[str, ...]


class SendLetter(Command):
    letter_id: str


class WriteLetter(Command):
    station_id: str
    safe_id: str


class MakeSafe(Command):
    station_id: str

    def derives_from(self) -> tuple[str, ...]:
        return ("the one",)


PREFIXES = {Safe: "safe", Letter: "letter"}
THE_ONE = derived_id("safe", "the one")
OUTSIDE = Acting("somebody", "there", None, frozenset({Role.MANAGER}), NOON)
INSIDE = Acting("somebody", "here", None, frozenset({Role.ADVISER}), NOON)
ABOVE = Acting("somebody", "above", None, frozenset({Role.ADMINISTRATOR}), NOON)


def open_safe(safe: Safe, command: OpenSafe) -> Opened:
    """For the test."""
    return Opened()


def write(letter: Letter | None, safe: Safe | None, command: WriteLetter) -> Sent:
    """For the test."""
    if safe is None:
        raise Refusal("safe.unknown", f"there is no safe {command.safe_id}")
    return Sent()


def proposed(decide: object, command: Command, acting: Acting, world: Mapping[str, Entity]) -> Proposal:
    return propose(plan(decide), PREFIXES, command, acting, ("somebody", "1"), world.get)  # type: ignore[arg-type]


def refusal(decide: object, command: Command, acting: Acting, world: Mapping[str, Entity]) -> tuple[str, str]:
    with pytest.raises(Refusal) as refused:
        proposed(decide, command, acting, world)
    return refused.value.code, refused.value.explanation


HIDDEN = {"safe": Entity("safe", 3, Safe()), "letter": Entity("letter", 1, Letter())}
NOTHING = {"letter": Entity("letter", 1, Letter())}


def test_an_entity_that_is_hidden_is_unknown_when_it_is_decided_on() -> None:
    """It is not said who answers for it, as of other entities."""
    unknown = ("safe.unknown", "there is no safe safe")
    for world in (HIDDEN, NOTHING):
        assert refusal(open_safe, OpenSafe(safe_id="safe"), OUTSIDE, world) == unknown
    seen = {"safe": Entity("safe", 3, Safe(confined=False))}
    assert refusal(open_safe, OpenSafe(safe_id="safe"), OUTSIDE, seen)[0] == "authority.station"


def test_it_is_unknown_when_the_command_names_it_as_what_the_decision_rests_on() -> None:
    command = WriteLetter(station_id="there", safe_id="safe")
    assert refusal(write, command, OUTSIDE, HIDDEN) == refusal(write, command, OUTSIDE, NOTHING)


def test_it_is_unknown_as_one_of_many() -> None:
    def open_all(letter: Letter, safes: Mapping[str, Safe], command: OpenSafes) -> Opened:
        return Opened()

    command = OpenSafes(letter_id="letter", safe_ids=("safe",))
    assert refusal(open_all, command, OUTSIDE, HIDDEN) == refusal(open_all, command, OUTSIDE, NOTHING)


@pytest.mark.parametrize("acting", [INSIDE, ABOVE])
def test_those_who_answer_for_it_or_see_all_decide_on_it(acting: Acting) -> None:
    assert proposed(open_safe, OpenSafe(safe_id="safe"), acting, HIDDEN).facts


def test_a_decision_rests_on_it_all_the_same_where_an_entity_names_it_and_not_the_command() -> None:
    """Otherwise a rule about it would be taken for kept."""

    def send(letter: Letter, safe: Safe | None, command: SendLetter) -> Sent:
        assert safe == Safe()
        return Sent()

    assert proposed(send, SendLetter(letter_id="letter"), OUTSIDE, HIDDEN).reads == {"safe": 3}


def test_that_the_id_of_a_new_one_is_taken_is_told_and_nothing_of_whose_it_is() -> None:
    def make(safe: Safe | None, command: MakeSafe) -> Opened:
        if safe is not None:
            raise Refusal("safe.exists", "there is one already")
        return Opened()

    taken = {THE_ONE: Entity(THE_ONE, 1, Safe())}
    command = MakeSafe(station_id="there")
    assert refusal(make, command, OUTSIDE, taken) == ("safe.exists", "there is one already")
    assert proposed(make, command, OUTSIDE, {}).facts

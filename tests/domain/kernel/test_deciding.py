"""How a decision is put together: each way in which a parameter of it is filled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from domain.kernel.acting import Acting, Role
from domain.kernel.claims import Claim, ClaimKey, Claims
from domain.kernel.commands import Command
from domain.kernel.deciding import Decided, Decision, Given, as_decision, plan
from domain.kernel.facts import Fact
from domain.kernel.ids import derived_id
from domain.kernel.performing import Entity, Proposal, propose
from domain.kernel.refusals import Refusal

NOON = datetime(2026, 8, 10, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Box:
    station_id: str = "here"
    shelf_id: str | None = "shelf"


@dataclass(frozen=True)
class Shelf:
    room_id: str = "room"
    box_id: str = "none of its business"


@dataclass(frozen=True)
class Room:
    name: str = "room"


class Moved(Fact, topic="box.moved"):
    """For the test."""


class Filled(Fact, topic="shelf.filled"):
    """For the test."""


class MoveBox(Command):
    box_id: str


class PutBox(Command):
    box_id: str
    shelf_id: str | None = None


class MakeBox(Command):
    station_id: str = "here"
    named: tuple[str, ...] = ()

    def derives_from(self) -> tuple[str, ...]:
        return self.named


class PackBoxes(Command):
    box_id: str
    shelf_ids: tuple[str, ...]


class ClaimBox(Command):
    box_id: str

    def claims(self) -> tuple[ClaimKey, ...]:
        return (ClaimKey("label", "1"),)


PREFIXES = {Box: "box", Shelf: "shelf", Room: "room"}
WORLD: dict[str, Entity] = {
    "box": Entity("box", 3, Box()),
    "loose": Entity("loose", 2, Box(shelf_id=None)),
    "shelf": Entity("shelf", 5, Shelf()),
    "other": Entity("other", 1, Shelf()),
    "room": Entity("room", 7, Room()),
    "appointment": Entity("appointment", 4, None),
}


def proposed(decide: object, command: Command, world: Mapping[str, Entity] = WORLD) -> Proposal:
    acting = Acting("somebody", "here", "appointment", frozenset({Role.ADVISER}), NOON)
    return propose(plan(decide), PREFIXES, command, acting, ("somebody", "1"), world.get)  # type: ignore[arg-type]


def test_a_decision_is_given_the_command_and_the_entity_that_the_command_names() -> None:
    def move(box: Box, command: MoveBox) -> Moved:
        assert (box, command) == (Box(), MoveBox(box_id="box"))
        return Moved()

    proposal = proposed(move, MoveBox(box_id="box"))
    assert [(each.entity_id, each.version, each.fact) for each in proposal.facts] == [("box", 4, Moved())]


def test_an_entity_that_the_command_has_no_field_for_is_the_one_named_by_an_entity_before_it() -> None:
    def move(box: Box, shelf: Shelf, room: Room, command: MoveBox) -> Moved:
        assert (shelf, room) == (Shelf(), Room())
        return Moved()

    assert proposed(move, MoveBox(box_id="box")).reads == {"shelf": 5, "room": 7, "appointment": 4}


def test_a_field_of_the_command_that_is_left_empty_names_nothing_whatever_entities_say() -> None:
    def put(box: Box, shelf: Shelf | None, command: PutBox) -> Moved:
        assert shelf is None
        return Moved()

    assert "shelf" not in proposed(put, PutBox(box_id="box")).reads


def test_an_optional_entity_is_given_when_it_is_named_and_there() -> None:
    def put(box: Box, shelf: Shelf | None, command: PutBox) -> Moved:
        assert (shelf is None) == (command.shelf_id == "missing")
        return Moved()

    assert proposed(put, PutBox(box_id="box", shelf_id="other")).reads["other"] == 1
    assert proposed(put, PutBox(box_id="box", shelf_id="missing")).reads["missing"] == 0


@pytest.mark.parametrize("box", ["missing", "loose"])
def test_an_entity_that_must_exist_and_does_not_is_refused_by_its_name(box: str) -> None:
    def move(box: Box, shelf: Shelf, command: MoveBox) -> Moved:
        raise AssertionError("decided without what it rests on")

    with pytest.raises(Refusal) as refusal:
        proposed(move, MoveBox(box_id=box))
    assert refusal.value.code == ("box.unknown" if box == "missing" else "shelf.unknown")
    assert refusal.value.explanation == ("there is no box missing" if box == "missing" else "there is no shelf")


def test_many_entities_are_given_by_their_ids() -> None:
    def pack(box: Box, shelfs: Mapping[str, Shelf], command: PackBoxes) -> Moved:
        assert shelfs == {"shelf": Shelf(), "other": Shelf()}
        return Moved()

    assert {"shelf", "other"} <= proposed(pack, PackBoxes(box_id="box", shelf_ids=("shelf", "other"))).reads.keys()
    with pytest.raises(Refusal, match=r"shelf\.unknown"):
        proposed(pack, PackBoxes(box_id="box", shelf_ids=("shelf", "missing")))


def test_a_decision_is_given_who_acts_and_the_claims_of_the_command() -> None:
    claim = ClaimKey("label", "1").id

    def claim_box(box: Box, claims: Claims, acting: Acting, command: ClaimBox) -> Decision:
        assert acting.roles == {Role.ADVISER}
        assert claims == Claims("box", {claim: Claim("box")})
        return Decision((Moved(),), claims.released(*command.claims()))

    world = {**WORLD, claim: Entity(claim, 1, Claim("box"))}
    proposal = proposed(claim_box, ClaimBox(box_id="box"), world)
    assert [(each.entity_id, each.version) for each in proposal.facts] == [("box", 4), (claim, 2)]
    assert claim not in proposal.reads


def test_a_command_that_claims_nothing_gives_no_claims() -> None:
    def move(box: Box, claims: Claims, command: MoveBox) -> Moved:
        assert claims == Claims("box", {})
        return Moved()

    assert proposed(move, MoveBox(box_id="box")).facts


def test_a_new_entity_is_named_by_what_it_derives_from_or_else_by_the_request() -> None:
    def make(box: Box | None, command: MakeBox) -> tuple[Moved, Moved]:
        assert box is None
        return Moved(), Moved()

    by_request = proposed(make, MakeBox())
    assert by_request.entity_id == derived_id("box", "request", "somebody", "1")
    assert [each.version for each in by_request.facts] == [1, 2]
    assert proposed(make, MakeBox(named=("a", "b"))).entity_id == derived_id("box", "a", "b")


def test_what_is_written_is_not_among_the_reads() -> None:
    def move(box: Box, shelf: Shelf, command: MoveBox) -> Decision:
        return Decision((Moved(),), {"shelf": (Filled(), Filled())})

    proposal = proposed(move, MoveBox(box_id="box"))
    assert [(each.entity_id, each.version) for each in proposal.facts] == [("box", 4), ("shelf", 6), ("shelf", 7)]
    assert proposal.reads == {"appointment": 4}


def test_a_decision_may_write_what_it_has_not_looked_at() -> None:
    def move(box: Box, command: MoveBox) -> Decision:
        return Decision((Moved(),), {"shelf": (Filled(),), "new": (Filled(),)})

    facts = proposed(move, MoveBox(box_id="box")).facts
    assert [(each.entity_id, each.version) for each in facts] == [("box", 4), ("shelf", 6), ("new", 1)]


def test_a_decision_that_records_nothing_does_not_rest_on_the_appointment() -> None:
    def move(box: Box, command: MoveBox) -> tuple[()]:
        return ()

    proposal = proposed(move, MoveBox(box_id="box"))
    assert proposal.facts == ()
    assert "appointment" not in proposal.reads


def test_who_may_not_act_is_refused_before_anything_is_decided() -> None:
    def move(box: Box, command: MoveBox) -> Moved:
        raise AssertionError("decided for somebody who may not act")

    far = {**WORLD, "box": Entity("box", 3, Box(station_id="there"))}
    with pytest.raises(Refusal, match=r"authority\.station"):
        proposed(move, MoveBox(box_id="box"), far)


def test_a_fact_several_facts_and_a_decision_are_all_decisions() -> None:
    made = Decision((Moved(),), {"shelf": (Filled(),)})
    assert as_decision(made) is made
    assert as_decision(Moved()) == Decision((Moved(),))
    assert as_decision((Moved(), Moved())) == Decision((Moved(), Moved()))
    assert as_decision(()) == Decision()


def test_the_plan_says_what_fills_each_parameter_and_what_is_decided_on() -> None:
    def decide(
        box: Box | None, shelfs: Mapping[str, Shelf], claims: Claims, acting: Acting, command: MakeBox
    ) -> Decided:
        return ()

    made = plan(decide)
    assert [each.given for each in made.parameters] == [
        Given.ENTITY,
        Given.ENTITIES,
        Given.CLAIMS,
        Given.ACTING,
        Given.COMMAND,
    ]
    assert (made.target.name, made.target.optional, made.target.state) == ("box", True, Box)
    assert made.command is MakeBox
    assert made.creates
    assert decide(None, {}, Claims("", {}), Acting("", None, None, frozenset(), NOON), MakeBox()) == ()


def test_a_command_that_names_the_entity_decided_on_makes_nothing_new() -> None:
    def move(box: Box, command: MoveBox) -> Moved:
        return Moved()

    assert not plan(move).creates
    assert move(Box(), MoveBox(box_id="box")) == Moved()

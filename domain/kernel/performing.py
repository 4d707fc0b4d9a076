"""From a command to a commit: load what the decision rests on, check who acts, decide, and number the facts.

Pure: where entities come from is a function that is passed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, assert_never

from domain.kernel.acting import Acting
from domain.kernel.authority import answering, entitle, is_hidden
from domain.kernel.claims import Claims
from domain.kernel.commands import Command
from domain.kernel.deciding import Given, Parameter, Plan, as_decision
from domain.kernel.facts import Fact
from domain.kernel.ids import derived_id
from domain.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity as it stands: its state, and its version, which is the number of its facts."""

    id: str
    version: int
    state: Any


Load: TypeAlias = Callable[[str], Entity | None]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A fact with the place it is to take in its entity's life."""

    entity_id: str
    version: int
    fact: Fact


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is to be committed: facts at their places, and the versions of what the decision read without writing it.

    A read of 0 says that the entity did not exist.
    """

    entity_id: str
    facts: tuple[Numbered, ...]
    reads: Mapping[str, int]


@dataclass(slots=True)
class _World:
    """The entities that one decision has looked at."""

    load: Load
    acting: Acting
    seen: dict[str, Entity | None] = field(default_factory=dict)

    def get(self, id: str) -> Entity | None:
        if id not in self.seen:
            self.seen[id] = self.load(id)
        return self.seen[id]

    def state(self, id: str) -> Any:
        entity = self.get(id)
        return entity.state if entity else None

    def shown(self, id: str) -> Any:
        """The state, if there is one that who acts may know of."""
        state = self.state(id)
        return None if is_hidden(self.acting, state) else state

    def version(self, id: str) -> int:
        entity = self.get(id)
        return entity.version if entity else 0


def propose(
    plan: Plan,
    prefixes: Mapping[type[Any], str],
    command: Command,
    acting: Acting,
    request: tuple[str, ...],
    load: Load,
) -> Proposal:
    """Decide the command against what `load` knows; a rule that says no is a `Refusal`.

    `request` names the request, and through it the entity of a command that makes something new and does not say itself
    what the id derives from. What the command names and who acts may not know of counts as what is not there; only that
    something is taken which must be unique is told of it.
    """
    world = _World(load, acting)
    id = _target_id(plan, prefixes, command, request)
    entitle(acting, command, answering(world.shown(id), command))
    arguments: dict[str, Any] = {}
    for parameter in plan.parameters:
        arguments[parameter.name] = _argument(parameter, plan, prefixes, command, acting, id, arguments, world)
    decision = as_decision(plan.decide(**arguments))
    assert decision.facts or not decision.elsewhere, "a decision with facts elsewhere has facts of its own entity"
    written = {id: decision.facts, **decision.elsewhere}
    facts = tuple(
        Numbered(entity_id, world.version(entity_id) + number, fact)
        for entity_id, of_entity in written.items()
        for number, fact in enumerate(of_entity, start=1)
    )
    if facts and acting.appointment_id and command.ROLES:
        world.get(acting.appointment_id)
    changed = {numbered.entity_id for numbered in facts}
    return Proposal(id, facts, {seen: world.version(seen) for seen in world.seen if seen not in changed})


def _target_id(plan: Plan, prefixes: Mapping[type[Any], str], command: Command, request: tuple[str, ...]) -> str:
    target = plan.target
    if not plan.creates:
        return str(getattr(command, f"{target.name}_id"))
    assert target.state is not None
    return derived_id(prefixes[target.state], *(command.derives_from() or ("request", *request)))


def _argument(
    parameter: Parameter,
    plan: Plan,
    prefixes: Mapping[type[Any], str],
    command: Command,
    acting: Acting,
    target_id: str,
    earlier: Mapping[str, Any],
    world: _World,
) -> Any:
    match parameter.given:
        case Given.COMMAND:
            return command
        case Given.ACTING:
            return acting
        case Given.CLAIMS:
            return Claims(target_id, {key.id: world.state(key.id) for key in command.claims()})
        case Given.ENTITIES:
            ids: Iterable[str] = getattr(command, f"{parameter.name.removesuffix('s')}_ids")
            return {id: _existing(parameter, prefixes, id, world.shown(id)) for id in ids}
        case Given.ENTITY:
            is_target = parameter is plan.target
            id = target_id if is_target else _named(parameter.name, command, earlier)
            asked_for = not plan.creates if is_target else hasattr(command, f"{parameter.name}_id")
            find = world.shown if asked_for else world.state
            state = find(id) if id else None
            return state if parameter.optional else _existing(parameter, prefixes, id, state)
        case _:
            assert_never(parameter.given)


def _named(name: str, command: Command, earlier: Mapping[str, Any]) -> str | None:
    """The id in `<name>_id` of the command or, if it has nothing of that name, of an entity named before it."""
    holders = (command,) if hasattr(command, f"{name}_id") else earlier.values()
    for holder in holders:
        id: str | None = getattr(holder, f"{name}_id", None)
        if id is not None:
            return id
    return None


def _existing(parameter: Parameter, prefixes: Mapping[type[Any], str], id: str | None, state: Any) -> Any:
    if state is None:
        assert parameter.state is not None
        prefix = prefixes[parameter.state]
        raise Refusal(f"{prefix}.unknown", f"there is no {parameter.name} {id or ''}".rstrip())
    return state

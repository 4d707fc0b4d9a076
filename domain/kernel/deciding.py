"""How a decision is put together: what it needs is read off its signature, what it gives is one commit.

A decision is a pure function. Its parameters say what it rests on:

- `command: PublishNeed` is what was asked for;
- `need: Need` is the entity whose id stands in `command.need_id` or, if the command has nothing of that name, in
  `need_id` of an entity named before it; `need: Need | None` when there may be none (yet);
- `experts: Mapping[str, Expert]` are the entities whose ids stand in `command.expert_ids`;
- `acting: Acting` is who acts, for which station, in which role, and when;
- `claims: Claims` are the claims that the command names.

The first entity is the one decided on. What is only read is part of the commit: it fails if that has changed meanwhile.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Generic, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

from domain.kernel.acting import Acting
from domain.kernel.claims import Claims
from domain.kernel.commands import Command
from domain.kernel.facts import Fact

State = TypeVar("State")


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be recorded, in one commit: facts of the entity decided on, and facts of others by their ids."""

    facts: tuple[Fact, ...] = ()
    elsewhere: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)


Decided: TypeAlias = Fact | tuple[Fact, ...] | Decision


def as_decision(decided: Decided) -> Decision:
    """A decision about one entity may simply return its fact or facts."""
    match decided:
        case Decision():
            return decided
        case Fact():
            return Decision((decided,))
        case _:
            return Decision(decided)


class Given(Enum):
    """What fills a parameter of a decision."""

    COMMAND = "command"
    ACTING = "acting"
    CLAIMS = "claims"
    ENTITY = "entity"
    ENTITIES = "entities"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a decision: its name, what fills it, and for entities their state and whether one must exist."""

    name: str
    given: Given
    state: type[Any] | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A decision with what its signature says about it."""

    decide: Callable[..., Decided]
    command: type[Command]
    parameters: tuple[Parameter, ...]

    @property
    def target(self) -> Parameter:
        """The entity decided on: the first one."""
        return next(each for each in self.parameters if each.given is Given.ENTITY)

    @property
    def creates(self) -> bool:
        """Whether the command makes something new: it names no id for the entity decided on."""
        return f"{self.target.name}_id" not in self.command.model_fields


def plan(decide: Callable[..., Decided]) -> Plan:
    """Read a decision's signature; a parameter that nothing can fill is a programming error."""
    hints = get_type_hints(decide)
    parameters = tuple(_parameter(name, hints[name]) for name in inspect.signature(decide).parameters)
    command = next(hints[each.name] for each in parameters if each.given is Given.COMMAND)
    return Plan(decide, command, parameters)


def _parameter(name: str, annotation: Any) -> Parameter:
    if get_origin(annotation) is Mapping:
        return Parameter(name, Given.ENTITIES, get_args(annotation)[1])
    if get_origin(annotation) in (Union, UnionType):
        state = next(each for each in get_args(annotation) if each is not NoneType)
        return Parameter(name, Given.ENTITY, state, optional=True)
    if issubclass(annotation, Command):
        return Parameter(name, Given.COMMAND)
    if annotation is Acting:
        return Parameter(name, Given.ACTING)
    if annotation is Claims:
        return Parameter(name, Given.CLAIMS)
    return Parameter(name, Given.ENTITY, annotation)


@dataclass(frozen=True, slots=True)
class Slice(Generic[State]):
    """One noun of the domain: its id's prefix, its state, its facts, how facts change the state, and its decisions.

    `upcasters` turn a stored fact of an old version (`need.recorded.v1`) into the stored form of the next one.
    """

    prefix: str
    state: type[State]
    facts: tuple[type[Fact], ...]
    evolve: Callable[[State | None, Any], State]
    decisions: tuple[Callable[..., Decided], ...] = ()
    upcasters: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = field(default_factory=dict)

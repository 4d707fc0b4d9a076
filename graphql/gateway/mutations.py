"""Mutations: one for each command, made from the command itself."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import graphene
from pydantic import ValidationError

from domain.kernel.commands import Command
from domain.kernel.context import Asking, Context
from domain.kernel.deciding import Plan
from gateway.context import Request
from gateway.errors import GatewayError
from gateway.inputs import given, input_fields
from gateway.listing import Noun
from gateway.loading import load_node
from gateway.scalars import Position


def mutation_type(plans: Iterable[Plan], prefixes: dict[type[Any], str], nouns: dict[str, Noun]) -> Any:
    """The mutation root: a field for each command, `publishNeed(input)` for `PublishNeed`."""
    members: dict[str, Any] = {"__doc__": "What a station may do. The same requestId takes effect once."}
    for plan in plans:
        state = plan.target.state
        assert state is not None
        name = plan.command.__name__
        members[_snake(name)] = _field(plan, nouns[prefixes[state]])
    return type("Mutation", (graphene.ObjectType,), members)


def _field(plan: Plan, noun: Noun) -> Any:
    name = plan.command.__name__
    description = plan.decide.__doc__
    members = {
        "request_id": graphene.ID(
            required=True, description="Your own name for this request; sent again, it counts once."
        ),
        **input_fields(plan.command),
        "__doc__": f"What {name[0].lower()}{name[1:]} takes.",
    }
    input_type = type(f"{name}Input", (graphene.InputObjectType,), members)
    payload = _payload(name, noun)

    async def resolve(_root: Any, info: Any, input: dict[str, Any]) -> dict[str, Any]:
        return await perform(info.context, plan.command, dict(input), noun)

    return graphene.Field(
        payload, input=input_type(required=True), resolver=resolve, required=True, description=description
    )


def _payload(name: str, noun: Noun) -> Any:
    async def resolve_node(outcome: dict[str, Any], info: Any) -> Any:
        request: Request = info.context
        await request.wait_for(outcome["position"])
        request.loaders.clear()
        return await load_node(request, outcome["id"])

    members = {
        "__doc__": f"What came of {name[0].lower()}{name[1:]}.",
        "id": graphene.ID(required=True),
        "position": graphene.NonNull(Position, description="Reads that show this position show what was done."),
        "changed": graphene.Boolean(required=True, description="False when there was nothing to record."),
        "repeated": graphene.Boolean(required=True, description="True when this request had been answered before."),
        noun.singular: graphene.Field(noun.type, resolver=resolve_node),
    }
    return type(f"{name}Payload", (graphene.ObjectType,), members)


async def perform(request: Request, command_type: type[Command], input: dict[str, Any], noun: Noun) -> dict[str, Any]:
    """Give a command at the desk, on behalf of the viewer."""
    viewer = request.viewer
    if viewer.person_id is None:
        raise GatewayError("UNAUTHENTICATED", "takes a bearer token; `yizhan token --as NAME` gives one")
    request_id = input.pop("request_id")
    try:
        command = command_type.model_validate(given(input))
        asking = Asking(request_id=request_id)
    except ValidationError as error:
        raise GatewayError("BAD_INPUT", "the input does not fit", problems=problems(error)) from None
    context = Context(
        actor=viewer.person_id, station_id=viewer.station_id, request_id=asking.request_id, at=request.services.clock()
    )
    began = time.perf_counter()
    try:
        outcome = await request.services.desk.perform_async(command, context)
    finally:
        request.commanding += time.perf_counter() - began
    return {
        "id": outcome.entity_id,
        "position": outcome.position,
        "changed": outcome.changed,
        "repeated": outcome.repeated,
    }


def problems(error: ValidationError) -> list[dict[str, str]]:
    """What does not fit: where, and what would."""
    return [{"where": ".".join(map(str, each["loc"])), "what": each["msg"]} for each in error.errors()]


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")

"""The ways to answer a query: by its plan, alone or with others, and field by field by graphql-core, the judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from graphql import ExecutionResult

from gateway import answers
from gateway.context import Request
from gateway.errors import formatted
from gateway.operations import operation
from gateway.planning.plans import planned
from gateway.ports import Answer, Graph, OneRecord

MANY = 2
"""So many are answered by one statement."""


@dataclass(frozen=True)
class OneOfMany:
    """A graph that gives every record as it is read for many at once, and gives it to all of them."""

    graph: Graph

    async def read(self, statement: str, parameters: Mapping[str, Any]) -> Answer:
        if not isinstance(statement, OneRecord):
            return await self.graph.read(statement, parameters)
        answer = await self.graph.read(statement.for_all, statement.asked([parameters] * MANY))
        assert [row[0] for row in answer.rows] == list(range(MANY))
        first, *others = statement.records(answer.rows)
        assert all(each == first for each in others)
        return Answer(answer.position, [first])

    async def settled(self) -> int:
        return await self.graph.settled()


@dataclass(frozen=True)
class Sent:
    """An answer as it is sent: its data as bytes, and its errors in the order of their paths, without ids of errors."""

    data: bytes
    errors: list[dict[str, Any]] = field(default_factory=list)


async def by_plan(request: Request, document: str, variables: Mapping[str, Any]) -> Sent | None:
    """The answer by a plan; None where there is none."""
    found = operation(document, None)
    result = await planned(request, found, found.variables(variables))
    return None if result is None else _sent(result)


async def together(request: Request, document: str, variables: Mapping[str, Any]) -> Sent | None:
    """The answer by a plan where others ask for the same at that moment; None where there is none."""
    services = replace(request.services, graph=OneOfMany(request.services.graph))
    return await by_plan(replace(request, services=services), document, variables)


async def by_field(request: Request, document: str, variables: Mapping[str, Any]) -> Sent:
    """The answer by the resolvers."""
    return _sent(await answers.by_field(request, operation(document, None), variables))


def says_something(data: Any) -> bool:
    """Whether an answer tells of any record, and not only that there is none."""
    match data:
        case dict():
            return any(says_something(each) for name, each in data.items() if not name.endswith("__typename"))
        case list():
            return any(map(says_something, data))
        case str():
            return "_" in data or " " in data or not data.isascii() or any(map(str.isdigit, data))
        case _:
            return isinstance(data, int | float) and not isinstance(data, bool) and data > 0


def _sent(result: ExecutionResult) -> Sent:
    errors = [formatted(each) for each in result.errors or ()]
    for each in errors:
        if (id := each.get("extensions", {}).pop("errorId", None)) is not None:
            each["message"] = each["message"].replace(id, "…")
    return Sent(orjson.dumps(result.data), sorted(errors, key=lambda each: str(each.get("path"))))

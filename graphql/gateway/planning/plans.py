"""Plans of operations: compiled once for those who see the same, and then only filled in, read and built."""

from __future__ import annotations

import time
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, TypeAlias

from graphql import ExecutionResult, GraphQLEnumType, GraphQLInputObjectType, GraphQLList, GraphQLNonNull

from domain.kernel.ids import prefix_of
from gateway.context import Request
from gateway.errors import GatewayError
from gateway.loading import labels_by_prefix
from gateway.operations import Operation
from gateway.planning.compilation import Asking, UnplannableError
from gateway.planning.compiling import Plan, compiled
from gateway.planning.completing import Rules
from gateway.seeing import sort_of
from gateway.tracing import ANSWER, PLAN

PLANS = 16
"""So many plans of one operation: by who sees the same, and by the shapes of variables."""


async def planned(request: Request, operation: Operation, variables: dict[str, Any]) -> ExecutionResult | None:
    """The result of a query by its plan; None where it is left to graphql-core, and nothing has been read yet.

    That is so for what is not to be planned, and for what is to be refused: graphql-core says why.
    """
    began = time.perf_counter()
    try:
        with request.services.tracing.step(PLAN):
            if (plan := plan_of(request, operation, variables)) is None:
                return None
            if plan.searches:
                await request.indexed()
            parameters, asking = plan.bound(request, variables)
    except GatewayError:
        return None
    finally:
        request.planning += time.perf_counter() - began
    return await _read(plan, request, parameters, asking)


def plan_of(request: Request, operation: Operation, variables: dict[str, Any]) -> Plan | None:
    """The plan for this viewer and these variables; None where there can be none."""
    shapes = tuple(_shape(kind, variables.get(name)) for name, kind in operation.kinds)
    key = sort_of(request.viewer), shapes
    if key not in operation.plans:
        if len(operation.plans) >= PLANS:
            operation.plans.clear()
        try:
            operation.plans[key] = compiled(operation.definition, operation.fragments, request, variables)
        except UnplannableError:
            operation.plans[key] = None
    plan: Plan | None = operation.plans[key]
    return plan


async def _read(plan: Plan, request: Request, parameters: Mapping[str, Any], asking: Asking) -> ExecutionResult:
    """Read the record and make the answer of it; by the rules where something is amiss."""
    record: Sequence[Any]
    try:
        record = (await request.rows(plan.statement, parameters))[0] if plan.statement else ()
    except Exception as error:
        record = _Unread(error)
    with request.services.tracing.step(ANSWER):
        try:
            return ExecutionResult(plan.build(record, asking))
        except Exception:  # whatever it is, the rules come upon it again, and say where it is
            rules = Rules(plan.source, asking)
            return ExecutionResult(rules.data(plan.members, record), rules.errors)


class _Unread(Sequence[Any]):
    """The record that could not be read: whoever looks into it comes upon the reason."""

    def __init__(self, reason: Exception) -> None:
        self._reason = reason

    def __getitem__(self, _place: Any) -> Any:
        raise self._reason

    def __len__(self) -> int:
        raise self._reason


Shape: TypeAlias = Hashable


def _shape(kind: Any, value: Any) -> Shape:
    """What of a variable decides what is read, and not only which values it is compared with."""
    if isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    if value is None:
        return None
    if isinstance(kind, GraphQLList):
        return True
    if isinstance(kind, GraphQLInputObjectType):
        fields = {each.out_name or name: each.type for name, each in kind.fields.items()}
        return tuple((name, _shape(fields[name], each)) for name, each in value.items())
    if isinstance(kind, GraphQLEnumType) or kind.name == "Boolean":
        return value if isinstance(value, Hashable) else None
    return labels_by_prefix().get(prefix_of(value)) if kind.name == "ID" else True

"""The same query answered both ways: by its plan, and field by field by graphql-core, which is the judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from asking import Asking
from graphql import ExecutionResult

from gateway.answers import by_field
from gateway.context import Request
from gateway.errors import formatted
from gateway.operations import operation
from gateway.planning.plans import planned
from gateway.ports import Services


@dataclass(frozen=True)
class Sent:
    """An answer as it is sent: its data as bytes, and its errors in the order of their paths, without ids of errors."""

    data: bytes
    errors: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class BothWays:
    """Asks these services on behalf of the people of the small network."""

    asking: Asking
    services: Services

    def by_plan(self, document: str, who: str | None = None, variables: Mapping[str, Any] | None = None) -> Sent | None:
        """The answer by a plan; None where there is none."""
        found = operation(document, None)
        result = self.asking.runner.run(planned(self._request(who), found, found.variables(variables or {})))
        return None if result is None else _sent(result)

    def by_field(self, document: str, who: str | None = None, variables: Mapping[str, Any] | None = None) -> Sent:
        """The answer by the resolvers."""
        return _sent(self.asking.runner.run(by_field(self._request(who), operation(document, None), variables or {})))

    def _request(self, who: str | None) -> Request:
        token = self.asking.token(who) if who else None
        head = self.services.history.head()
        return Request(self.services, self.services.identities.viewer(token, None), at_least=head)


def _sent(result: ExecutionResult) -> Sent:
    errors = [formatted(each) for each in result.errors or ()]
    for each in errors:
        if (id := each.get("extensions", {}).pop("errorId", None)) is not None:
            each["message"] = each["message"].replace(id, "…")
    return Sent(orjson.dumps(result.data), sorted(errors, key=lambda each: str(each.get("path"))))

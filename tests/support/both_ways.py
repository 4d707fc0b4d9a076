"""The same query answered both ways: by its plan, and field by field by graphql-core, which is the judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from asking import Asking
from chance import ways
from chance.ways import Sent

from gateway.context import Request
from gateway.ports import Services


@dataclass(frozen=True)
class BothWays:
    """Asks these services on behalf of the people of the small network."""

    asking: Asking
    services: Services

    def by_plan(self, document: str, who: str | None = None, variables: Mapping[str, Any] | None = None) -> Sent | None:
        """The answer by a plan; None where there is none."""
        return self.asking.runner.run(ways.by_plan(self._request(who), document, variables or {}))

    def by_field(self, document: str, who: str | None = None, variables: Mapping[str, Any] | None = None) -> Sent:
        """The answer by the resolvers."""
        return self.asking.runner.run(ways.by_field(self._request(who), document, variables or {}))

    def _request(self, who: str | None) -> Request:
        token = self.asking.token(who) if who else None
        head = self.services.history.head()
        return Request(self.services, self.services.identities.viewer(token, None), at_least=head)

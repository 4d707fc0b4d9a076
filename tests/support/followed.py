"""Following in the process of the tests: the answers to a subscription while something happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from asking import Asking

from gateway.callers import AT_LEAST, Caller
from gateway.over_http import Asked
from gateway.ports import Services
from gateway.streams import UnansweredError, streamed

SOON = 0.3
"""Seconds after which nothing more is expected."""
LATEST = 15.0


@dataclass(frozen=True)
class Followed:
    """Follows on behalf of the people of the small network."""

    asking: Asking
    services: Services

    def caller(self, who: str | None = None, **headers: str) -> Caller:
        said = {AT_LEAST.lower(): str(self.asking.made.log.head()), **headers}
        if who is not None:
            said["authorization"] = f"Bearer {self.asking.token(who)}"
        return Caller.of(self.services, said)

    def answers(
        self,
        query: str,
        who: str | None = None,
        then: Callable[[], object] = lambda: None,
        most: int = 100,
        **variables: Any,
    ) -> list[dict[str, Any]]:
        """The answers to a subscription, before and while this happens, until none comes any more."""

        async def follow() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = []
            async with aclosing(await streamed(self.caller(who), Asked(query, None, variables))) as answers:
                coming = asyncio.ensure_future(anext(answers, None))
                await asyncio.wait([coming], timeout=SOON)
                happening = asyncio.ensure_future(asyncio.to_thread(then))
                while len(found) < most:
                    over = happening.done() and self._shown()
                    waiting = {coming} if happening.done() else {coming, happening}
                    patience = SOON if over else LATEST
                    done, _ = await asyncio.wait(waiting, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
                    if coming in done:
                        if (answer := coming.result()) is None:
                            break
                        found.append(answer)
                        coming = asyncio.ensure_future(anext(answers, None))
                    elif over:
                        break
                coming.cancel()
                await asyncio.wait([coming])
                await happening
            return found

        return self.asking.runner.run(follow())

    def errors(self, query: str, who: str | None = None, **variables: Any) -> list[dict[str, Any]]:
        """The errors of a subscription of which nothing is answered."""

        async def follow() -> list[dict[str, Any]]:
            try:
                async with aclosing(await streamed(self.caller(who), Asked(query, None, variables))) as answers:
                    answer = await anext(answers)
                    return list(answer["errors"])
            except UnansweredError as refused:
                return refused.errors

        return self.asking.runner.run(follow())

    def _shown(self) -> bool:
        """Whether the graph shows all that is recorded."""
        return self.services.progress.position() >= self.asking.made.log.head()

"""What one request carries with it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.errors import GatewayError
from gateway.ports import Services, Viewer
from gateway.tracing import WAITING


@dataclass(slots=True)
class Request:
    """One request: who reads, in which language, through which services, and the position that it has seen.

    `consistent` asks for all of it from one state of the graph, `at_least` for one that shows this position.
    """

    services: Services
    viewer: Viewer
    language: str = "zh"
    consistent: bool = False
    at_least: int = 0
    position: int | None = None
    loaders: dict[Any, Any] = field(default_factory=dict)
    again: Callable[[], Awaitable[Request]] | None = None
    """Makes the same request as of later: with what its sender may see by then."""
    reading: float = 0.0
    """Seconds that the graph database has taken; what is read at the same time counts each for itself."""
    planning: float = 0.0
    """Seconds that looking for a plan, or making one, has taken."""
    commanding: float = 0.0
    """Seconds until commands were decided on and recorded."""
    address: str = ""
    """From where it came."""

    async def rows(self, statement: str, parameters: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """Rows from the graph. The lowest position among the reads of a request is the one it answers for.

        A consistent request knows its position before it reads.
        """
        began = time.perf_counter()
        answer = await self.services.graph.read(statement, parameters)
        self.reading += time.perf_counter() - began
        if not self.consistent:
            self.position = answer.position if self.position is None else min(self.position, answer.position)
        return answer.rows

    async def indexed(self) -> None:
        """Wait until the index of words is where the request is to be answered; its position counts as a read.

        Raises GatewayError where that takes longer than the server's patience.
        """
        wanted = max(self.at_least, (self.position or 0) if self.consistent else 0)
        reached = await self.services.indexing.wait_for(wanted, self.services.patience)
        if reached < 0:
            raise GatewayError("UNAVAILABLE", "the texts are still being read; searching begins when all of them are")
        if reached < wanted:
            raise GatewayError("NOT_YET", f"the index of words is at {reached} and did not reach {wanted}")
        if not self.consistent:
            self.position = reached if self.position is None else min(self.position, reached)

    async def wait_for(self, position: int) -> None:
        """Wait until the graph shows the position; `NOT_YET` when that takes longer than the server's patience."""
        patience, tracing = self.services.patience, self.services.tracing
        with tracing.step(WAITING):
            tracing.note("yizhan.position", position)
            reached = await self.services.progress.wait_for(position, patience)
        if reached < position:
            raise GatewayError(
                "NOT_YET", f"the graph is at {reached} and did not reach {position} in {patience:g} s", position=reached
            )

"""The gateway of the small network behind a guard of a test's own, and the time that it goes by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import httpx
from asking import Asking

from gateway.guarding import Guard
from gateway.server import application
from infra.server import Running


@dataclass
class Hours:
    """A clock that goes on when it is told to."""

    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


def guarded(asking: Asking, system: Running, guard: Guard) -> Asking:
    """The same gateway, behind this guard."""
    return replace(asking, gateway=application(replace(system.services, guard=guard)))


def from_elsewhere(there: Asking, address: str, **sent: Any) -> httpx.Response:
    """A question that comes from this address."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=there.gateway, client=(address, 50_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://yizhan.test") as client:
            return await client.post("/graphql", **sent)

    return there.runner.run(send())


def turned_away(system: Running, code: str) -> float:
    """How many questions the system has turned away so."""
    begin = f'yizhan_turned_away_total{{code="{code}"}} '
    lines = system.services.metrics.text().decode().splitlines()
    return sum(float(line.removeprefix(begin)) for line in lines if line.startswith(begin))

"""Counterparts through the gateway: p50 and p99 on the sample network, beside a look-up of one node in the same run.

Each published need and achievement of the sample is asked for its counterparts once in a round, and looked up once,
in turn. The first round warms everything up and does not count.

Run: python benchmarks/counterparts.py [--quick] [--json FILE]
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

import httpx
from measuring import Results, finish, options, quantile
from sampled import record_sample, token_of

from infra.server import Running, running
from infra.settings import Settings

COUNTERPARTS = """query ($id: ID!) { counterparts(of: $id, first: 10) { edges { node {
  score profile { reference title { en } country } contact { name { en } } reasons { rule contribution text { zh en } }
} } } }"""
LOOK_UP = "query ($id: ID!) { node(id: $id) { id ... on Need { title { zh } } ... on Achievement { title { zh } } } }"
SUBJECTS = """{ needs(filter: {stage: [PUBLISHED]}, first: 100) { edges { node { id } } }
  achievements(filter: {stage: [PUBLISHED]}, first: 100) { edges { node { id } } } }"""


async def measured(system: Running, token: str, rounds: int, most: int) -> dict[str, list[float]]:
    """Seconds of each question, by what was asked."""
    transport = httpx.ASGITransport(app=system.gateway)
    headers = {"Authorization": f"Bearer {token}"}
    samples: dict[str, list[float]] = {"look-up of one node": [], "counterparts": []}
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway", headers=headers) as client:

        async def ask(query: str, **variables: str) -> dict[str, dict[str, list[dict[str, dict[str, str]]]]]:
            answer = await client.post("/graphql", json={"query": query, "variables": variables}, timeout=60)
            found = answer.json()
            assert "errors" not in found, found
            return found["data"]  # type: ignore[no-any-return]  # the shape that the query asks for

        found = await ask(SUBJECTS)
        ids = [edge["node"]["id"] for noun in ("needs", "achievements") for edge in found[noun]["edges"]][:most]
        for round in range(rounds + 1):
            for id in ids:
                for what, query in (("look-up of one node", LOOK_UP), ("counterparts", COUNTERPARTS)):
                    began = time.perf_counter()
                    await ask(query, id=id)
                    if round:
                        samples[what].append(time.perf_counter() - began)
    return samples


def main() -> None:
    chosen = options(__doc__)
    with tempfile.TemporaryDirectory() as name, running(Settings(data=Path(name))) as system:
        record_sample(system, Path(name), quick=chosen.quick)
        token = token_of("international", Path(name))
        samples = asyncio.run(measured(system, token, *((1, 5) if chosen.quick else (5, 200))))
        events = system.network.head()
    results = Results(f"Counterparts on the sample network, {events:,} events, milliseconds")
    base = statistics.median(samples["look-up of one node"])
    for what, seconds in samples.items():
        p50, p99 = quantile(seconds, 0.50), quantile(seconds, 0.99)
        results.row(what=what, asked=len(seconds), p50=1_000 * p50, p99=1_000 * p99, p50_of_look_up=p50 / base)
    finish(results, chosen)


if __name__ == "__main__":
    main()

"""Plans beside what is over and under them: the same questions by a plan, field by field, and by the bare driver.

Beside a plan is the driver of the database: the same statement with the same parameters as a transaction of its own,
and nothing made of the record. Under it is our own reading, with nothing made of the record either. Over it is
graphql-core with the resolvers, which load each level of a question in one statement. All read the sample network on
the same Neo4j, by turns; each is warmed up, and the median of the rounds is shown. HTTP is left out. No document is
parsed or validated again, as in a server that has been asked it before.

Those are asked one after the other. When sixteen ask the same at once, a plan is read as the server reads it, for
several `together`, and with a statement for everybody, `apart`.

Run: python benchmarks/plans.py [--quick] [--json FILE]
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import uvloop
from measuring import Results, finish, options
from neo4j import READ_ACCESS, AsyncDriver, AsyncGraphDatabase, Query
from sampled import leave, record_sample, token_of

from gateway.answers import by_field
from gateway.context import Request
from gateway.operations import operation
from gateway.planning.plans import plan_of, planned
from gateway.ports import Services
from infra.graphdb.engines.arcadedb import USER, ArcadeDBEngine
from infra.graphdb.engines.interface import GraphEngine
from infra.graphdb.engines.neo4j import Neo4jEngine
from infra.graphdb.reader import GraphReader
from infra.server import Running, running
from infra.servers.neo4j import Neo4jServer
from infra.settings import Settings

SHAPES = {
    "one node": "query ($id: ID!) { need(id: $id) { id title { zh en } stage mode keywords station { name { zh } } } }",
    "100 nodes of 8 fields": """{ needs(first: 100) { edges { node {
        id created recordedAt stage mode goal title { zh } publishedAt } } } }""",
    "20 × 10 × 3 nested": """{ stations(first: 20) { edges { node { id name { zh } needs(first: 10) { edges { node {
        id stage title { zh } matches(first: 3) { edges { node { id stage score } } } } } } } } } }""",
    "a filtered page of 50": """query ($after: String) {
        needs(filter: {stage: [PUBLISHED], fields: [NEW_MATERIALS, HEALTH_CARE]}, first: 50, after: $after) {
        edges { cursor node { id title { zh } stage fields } } pageInfo { hasNextPage endCursor } } }""",
    "a page of 20 with its facets": """{ needs(filter: {stage: [PUBLISHED]}, first: 20) { totalCount
        edges { node { id title { zh } } }
        facets { stage { value count } fields { value count } region { value name { zh } count } } } }""",
}
MANY = 16
Way = Callable[[], Awaitable[Any]]


@dataclass(frozen=True)
class Question:
    """A question that somebody asks again and again."""

    system: Running
    viewer: Any
    text: str
    variables: dict[str, Any]

    @property
    def services(self) -> Services:
        return self.system.services

    def by_plan(self, services: Services) -> Way:
        """It is answered by its plan, through these services."""
        asked = operation(self.text, None)

        async def ask() -> Any:
            return await planned(Request(services, self.viewer), asked, asked.variables(self.variables))

        return ask

    def ways(self, driver: AsyncDriver) -> dict[str, Way]:
        """Each way to ask it once."""
        asked = operation(self.text, None)
        variables = asked.variables(self.variables)
        by_plan = self.by_plan(self.services)

        def request() -> Request:
            return Request(self.services, self.viewer)

        async def by_resolvers() -> Any:
            return await by_field(request(), asked, self.variables)

        plan = plan_of(request(), asked, variables)
        assert plan is not None
        assert plan.statement is not None
        statement, (parameters, _) = plan.statement, plan.bound(request(), variables)
        generation = self.system.keeper.shown().generation
        query = Query(generation.statement(statement), timeout=8)

        async def reading() -> Any:
            return await self.services.graph.read(statement, parameters)

        async def bare() -> Any:
            async with driver.session(database=generation.database, default_access_mode=READ_ACCESS) as session:
                return await (await session.run(query, dict(parameters))).values()

        return {"driver": bare, "reading": reading, "plan": by_plan, "fields": by_resolvers}


async def rates(ways: dict[str, Way], rounds: int, seconds: float, askers: int = 1) -> dict[str, float]:
    """Questions a second, each way, by turns, when so many ask at once."""

    async def ask(way: Way, end: float) -> int:
        count = 0
        while time.perf_counter() < end or count < 3:
            await way()
            count += 1
        return count

    samples: dict[str, list[float]] = {name: [] for name in ways}
    for round in range(rounds + 1):
        for name, way in ways.items():
            began = time.perf_counter()
            counts = await asyncio.gather(*(ask(way, began + seconds) for _ in range(askers)))
            if round:
                samples[name].append(sum(counts) / (time.perf_counter() - began))
    return {name: statistics.median(each) for name, each in samples.items()}


def driver_of(engine: GraphEngine) -> AsyncDriver:
    """The driver of the database, as an application uses it."""
    if isinstance(engine, Neo4jEngine):
        auth = engine.user, engine.password
        return AsyncGraphDatabase.driver(engine.uri, auth=auth, notifications_min_severity="OFF")
    assert isinstance(engine, ArcadeDBEngine)
    address = engine.address
    return AsyncGraphDatabase.driver(f"bolt://127.0.0.1:{address.ports.bolt}", auth=(USER, address.password))


async def same(ways: dict[str, Way]) -> None:
    """See that a plan and the resolvers give the same."""
    ours, theirs = await ways["plan"](), await ways["fields"]()
    assert not ours.errors
    assert ours.data == theirs.data


def measured(system: Running, folder: Path, results: Results, rounds: int, seconds: float) -> None:
    viewer = system.services.identities.viewer(token_of("adviser", folder), None)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
        listed = operation("{ needs(first: 1) { edges { node { id } } } }", None)
        found = loop.run(by_field(Request(system.services, viewer), listed, {}))
        assert found.data is not None
        id = found.data["needs"]["edges"][0]["node"]["id"]
        driver = driver_of(system.engine)
        apart = GraphReader(system.engine, system.keeper.shown)
        for name, text in SHAPES.items():
            question = Question(system, viewer, text, {"id": id} if "$id" in text else {})
            ways = question.ways(driver)
            loop.run(same(ways))
            figures = loop.run(rates(ways, rounds, seconds))
            many = {
                "apart": question.by_plan(replace(system.services, graph=apart)),
                "together": question.by_plan(system.services),
            }
            figures |= loop.run(rates(many, rounds, seconds, MANY))
            of_driver, of_fields = figures["plan"] / figures["driver"], figures["plan"] / figures["fields"]
            results.row(question=name, **figures, of_fields=of_fields)
            results.bar(f"{name}: by a plan, of the driver", of_driver, 0.85)
        loop.run(driver.close())
        loop.run(apart.close())
        loop.run(leave(system))


def main() -> None:
    chosen = options(__doc__)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        settings = Settings(data=folder / "data")
        if not chosen.quick:
            server = stack.enter_context(Neo4jServer(folder / "neo4j", heap="2g", measured=True))
            settings = Settings(
                data=folder / "data", graph=server.uri, graph_username=server.user, graph_password=server.password
            )
        system = stack.enter_context(running(settings))
        record_sample(system, folder / "data", quick=chosen.quick)
        engine = "ArcadeDB" if chosen.quick else "Neo4j"
        results = Results(f"The sample network on {engine}, {system.network.head():,} events: questions a second")
        measured(system, folder / "data", results, *((1, 0.2) if chosen.quick else (5, 2.0)))
    finish(results, chosen)


if __name__ == "__main__":
    main()

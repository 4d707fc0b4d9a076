"""Ground: one log, and a graph of it on each engine, asked by the people of the sample network."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from sampled import PATIENCE, leave, read_texts, record_sample, token_of

from chance.known import Known
from chance.ways import Sent, by_field, by_plan, together
from gateway.context import Request
from infra.identity.directory import Directory
from infra.server import Running, running
from infra.servers.neo4j import Neo4jServer
from infra.settings import Settings
from projections.memory import Graph
from projections.network import network as projection

ENGINES = {"arcadedb": ("arcadedb",), "neo4j": ("neo4j",), "both": ("arcadedb", "neo4j")}
READERS = ("the public", "adviser", "manager", "international", "auditor", "administrator")
"""Who asks; those of them whom the sample network does not have are left out."""


@dataclass(frozen=True)
class Ground:
    """The running systems by engine, the event loop that they live in, and tokens of those who ask."""

    systems: dict[str, Running]
    loop: asyncio.Runner
    tokens: dict[str, str | None]

    def request(self, engine: str, who: str) -> Request:
        services = self.systems[engine].services
        return Request(services, services.identities.viewer(self.tokens[who], None))

    def by_plan(self, engine: str, who: str, document: str, variables: dict[str, Any]) -> Sent | None:
        return self.loop.run(by_plan(self.request(engine, who), document, variables))

    def together(self, engine: str, who: str, document: str, variables: dict[str, Any]) -> Sent | None:
        """The answer by a plan as one of many; None where there is no plan, or everybody is answered alone."""
        if self.systems[engine].engine.at_once is None:
            return None
        return self.loop.run(together(self.request(engine, who), document, variables))

    def by_field(self, engine: str, who: str, document: str, variables: dict[str, Any]) -> Sent:
        return self.loop.run(by_field(self.request(engine, who), document, variables))

    def known(self) -> Known:
        """What can be asked by, as somebody sees it who sees all."""
        engine, system = next(iter(self.systems.items()))
        graph = Graph()
        graph.apply(projection().changes(system.network.commits(0, system.network.head())))

        def ask(document: str) -> Any:
            answer = self.by_field(engine, "administrator", document, {})
            assert not answer.errors, answer.errors
            return orjson.loads(answer.data)

        return Known.of(graph, system.network.head(), ask)


@contextmanager
def ground(folder: Path, engines: Sequence[str], *, quick: bool) -> Iterator[Ground]:
    """The sample network, or a small one, with its graph on each of these engines."""
    data = folder / "data"
    with ExitStack() as stack:
        loop = stack.enter_context(asyncio.Runner())
        systems: dict[str, Running] = {}
        for engine in engines:
            system = stack.enter_context(running(_settings(engine, folder, stack, quick=quick)))
            stack.callback(lambda it=system: loop.run(leave(it)))  # type: ignore[misc]  # it is this one
            if not systems:
                record_sample(system, data, quick=quick)
            system.keeper.wait_for(system.network.head(), PATIENCE)
            loop.run(read_texts(system))
            systems[engine] = system
        people = {person.name for person in Directory(data / "people.json").people()}
        tokens = {who: token_of(who, data) for who in READERS if who in people}
        yield Ground(systems, loop, {"the public": None, **tokens})


def _settings(engine: str, folder: Path, stack: ExitStack, *, quick: bool) -> Settings:
    """One data folder for all; Neo4j is a server of its own, which runs until the stack is unwound."""
    data = folder / "data"
    if engine != "neo4j":
        return Settings(data=data, graph_heap="512m")
    server = stack.enter_context(Neo4jServer(folder / "neo4j", heap="512m" if quick else "2g"))
    return Settings(data=data, graph=server.uri, graph_username=server.user, graph_password=server.password)

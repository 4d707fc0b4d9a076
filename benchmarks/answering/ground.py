"""What all sides stand on: one graph, the variables that it is asked with, and the plans that our gateway makes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from sampled import leave, read_texts, token_of

from answering.definitions import definitions, full_text
from answering.documents import OURS, QUESTIONS
from answering.statements import Statements
from answering.variations import Variables, Variations
from gateway.context import Request
from gateway.operations import operation
from gateway.planning.compilation import Asking
from gateway.planning.compiling import Plan
from gateway.planning.plans import plan_of
from infra.server import Running
from infra.servers.neo4j import Neo4jServer

READER = "adviser"
"""Who asks our gateway. A member sees all needs, stations, matches and profiles: what the others answer as well."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One graph: `graph` says where it is and what its labels end with, `asked` the variables of each question."""

    graph: Mapping[str, Any]
    data: Path
    token: str
    definitions: str
    statements: Path
    asked: Mapping[str, Sequence[Variables]]
    plans: Mapping[str, Sequence[tuple[Plan, Asking]]]

    def built(self, question: str, number: int, record: Any) -> Mapping[str, Any]:
        """The data that our gateway makes of the record of its statement."""
        plan, asking = self.plans[question][number]
        data: Mapping[str, Any] = orjson.loads(orjson.dumps(plan.build(record, asking)))
        return data


def laid(system: Running, server: Neo4jServer, data: Path, file: Path) -> Ground:
    """The ground over a system whose graph is up to its log; it outlasts that system. `file` is for the statements."""
    shown = system.keeper.shown().generation
    asyncio.run(_indexed(system))
    with server.driver() as driver:
        driver.execute_query(full_text(shown), database_=shown.database)
        driver.execute_query("CALL db.awaitIndexes(60)", database_=shown.database)
        asked = {question: Variations(driver, shown).of(question) for question in QUESTIONS}
    graph = {"uri": server.uri, "user": server.user, "password": server.password, "database": shown.database}
    token = token_of(READER, data)
    request = Request(system.services, system.services.identities.viewer(token, None))
    planned = {
        question: [_planned(request, question, variables) for variables in variations]
        for question, variations in asked.items()
    }
    Statements(
        **graph,
        texts={question: shown.statement(each[0][0].statement or "") for question, each in planned.items()},
        parameters={question: [dict(parameters) for _, parameters, _ in each] for question, each in planned.items()},
    ).write(file)
    plans = {question: [(plan, asking) for plan, _, asking in each] for question, each in planned.items()}
    return Ground({**graph, "suffix": shown.suffix}, data, token, definitions(shown), file, asked, plans)


async def _indexed(system: Running) -> None:
    await read_texts(system)
    await leave(system)


def _planned(request: Request, question: str, given: Variables) -> tuple[Plan, Mapping[str, Any], Asking]:
    """The plan of a question, and what fills it in."""
    found = operation(OURS[question], None)
    variables = found.variables(given)
    plan = plan_of(request, found, variables)
    assert plan is not None, f"{question} is not answered by a plan"
    return plan, *plan.bound(request, variables)

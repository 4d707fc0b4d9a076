"""The bare driver under load: the statement of a plan again and again, so many tasks at once, in one process.

No HTTP, no token, and nothing made of the record: what the gateway stands on. `python -m answering.driver FILE`, the
file being that of the statements, reads its work from standard input and prints what it found as JSON.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import uvloop
from measuring import quantile
from neo4j import AsyncDriver

from answering.load import Sample
from answering.processes import module
from answering.statements import Statements
from infra.interpreter import collect_rarely

WARM_UP = 0.3
"""Seconds of load before what is measured."""
PATIENCE = 120.0
"""Seconds that the process may take."""


@dataclass(frozen=True, slots=True)
class Work:
    """A question, how many tasks ask it at once, and for how long."""

    question: str
    tasks: int
    seconds: float


def measured(statements: Path, question: str, tasks: int, seconds: float) -> Sample:
    """Measure it once, in a process of its own. `statements` is the file of them."""
    return Sample(**_worked(statements, Work(question, tasks, seconds)))


def records(statements: Path) -> dict[str, Any]:
    """The record of each question in its first variation."""
    return _worked(statements, None)


def _worked(statements: Path, work: Work | None) -> dict[str, Any]:
    command = module("answering.driver", str(statements))
    ran = subprocess.run(command, input=orjson.dumps(work), stdout=subprocess.PIPE, timeout=PATIENCE, check=True)
    found: dict[str, Any] = orjson.loads(ran.stdout)
    return found


async def asked_once(statements: Statements) -> dict[str, Any]:
    async with statements.driver() as driver:
        return {question: await statements.record(driver, question, 0) for question in statements.texts}


async def done(statements: Statements, work: Work) -> dict[str, Any]:
    async with statements.driver() as driver:
        await load(statements, driver, work, min(WARM_UP, work.seconds))
        began = time.perf_counter()
        latencies = await load(statements, driver, work, work.seconds)
        seconds = time.perf_counter() - began
    p50, p99 = (quantile(latencies, share) * 1000 for share in (0.5, 0.99))
    return {"per_second": len(latencies) / seconds, "p50": p50, "p99": p99}


async def load(statements: Statements, driver: AsyncDriver, work: Work, seconds: float) -> list[float]:
    """Ask for so many seconds; gives how many seconds each answer took."""
    latencies: list[float] = []
    end = time.perf_counter() + seconds

    async def ask(number: int) -> None:
        while (began := time.perf_counter()) < end or len(latencies) < 2:
            await statements.record(driver, work.question, number)
            latencies.append(time.perf_counter() - began)
            number += work.tasks

    async with asyncio.TaskGroup() as tasks:
        for number in range(work.tasks):
            tasks.create_task(ask(number))
    return latencies


def main() -> None:
    collect_rarely()
    statements, told = Statements.read(Path(sys.argv[1])), orjson.loads(sys.stdin.buffer.read())
    found = uvloop.run(done(statements, Work(**told)) if told else asked_once(statements))
    sys.stdout.buffer.write(orjson.dumps(found))


if __name__ == "__main__":
    main()

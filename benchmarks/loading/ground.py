"""The ground: what is laid before there is load. Topics with their counterparts, an organisation for each hand, needs
that everybody amends.

Topics are what needs of the network are about. Each is recorded once more and left alone, and its counterparts are
asked for while nothing moves: a need that is about the same has the same ones, however often it changes meanwhile.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count
from random import Random
from typing import Any, Final

import orjson

from domain.kernel.days import day_of
from infra.application import now
from loading.connection import Connection, Reply
from loading.hand import CONSISTENT, WEIGHTS, Ground, Hand
from loading.judge import Judge
from loading.lives import Does, Lives
from loading.questions import DOCUMENTS, Question, Topic
from loading.telling import Told

TOPICS: Final = 6
SHARED: Final = 10
"""Needs that everybody amends."""
AT_ONCE: Final = 20
"""Organisations that are recorded at the same time."""
PATIENCE: Final = 60.0
"""Seconds for which something is asked for again."""
OF_A_NEED: Final = (Question.ONE, Question.SHARED, Question.COUNTERPARTS)

ABOUT: Final = """{ me { stationId } needs(first: 100, orderBy: OLDEST) { totalCount edges { node {
    id description { zh } title { zh } goal keywords fields } } } }"""
FOUND: Final = """mutation found($input: RecordOrganisationInput!) {
    recordOrganisation(input: $input) { id position } }"""


@dataclass(frozen=True, slots=True)
class Laid:
    """The ground, the judge who knows what was done to lay it, and those who are ready to ask.

    `founded` are the positions at which organisations were recorded.
    """

    ground: Ground
    judge: Judge
    hands: tuple[Hand, ...]
    founded: frozenset[int]

    @property
    def positions(self) -> set[int]:
        """All positions of the log that somebody was told of."""
        return self.judge.lives.positions | self.founded


async def laid(connections: list[Connection], run: str, told: Told) -> Laid:
    """Lay it for so many hands. `run` names it among others on the same network."""
    first = connections[0]
    about = await asked(first, ABOUT, {})
    topics = Random(run).sample([_topic(each["node"]) for each in about["needs"]["edges"]], TOPICS)
    judge = Judge(Lives(before=about["needs"]["totalCount"]), tuple(topics))
    station = about["me"]["stationId"]
    founded = await _organisations(connections, station, run)
    organisations = tuple(founded)
    ground = Ground(
        station=station,
        topics=tuple(topics),
        organisations=organisations[:-1],
        shared=(),
        of_shared=organisations[-1],
        day=day_of(now()).isoformat(),
        numbers=count(),
        run=run,
    )
    recorder = Hand(0, ground, judge, told, first, Random(run))
    models = [await _recorded(recorder) for _ in topics]
    shared = [await _recorded(recorder) for _ in range(SHARED)]
    ranked = [await _ranked(recorder, topic, model) for topic, model in zip(topics, models, strict=True)]
    judge.topics = tuple(ranked)
    ground = replace(ground, shared=tuple(shared))
    hands = tuple(
        Hand(number, ground, judge, told, connection, Random(f"{run}/{number}"))
        for number, connection in enumerate(connections)
    )
    for question in WEIGHTS:
        about = shared[0] if question in OF_A_NEED else organisations[0]
        await asked(first, DOCUMENTS[question], {"id": about}, CONSISTENT)  # the first time all have to be planned
    told.answered.clear()
    told.mutations.clear()
    told.counterparts = [each.counterparts["totalCount"] for each in ranked]
    return Laid(ground, judge, hands, frozenset(founded.values()))


async def asked(
    connection: Connection, document: str, variables: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> Any:
    """The data of an answer without errors; it is asked for again for a while. Raises AssertionError."""
    body = orjson.dumps({"query": document, "variables": dict(variables)})
    until = time.monotonic() + PATIENCE
    while True:
        reply: Reply = await connection.post(body, headers or {})
        answer = reply.json()
        if answer and not answer.get("errors"):
            return answer["data"]
        assert time.monotonic() < until, f"{reply.status}: {answer}"
        await asyncio.sleep(0.2)


async def _organisations(connections: list[Connection], station: str, run: str) -> dict[str, int]:
    """An organisation for each hand, and one more, each with the position at which it was recorded."""
    found: dict[int, tuple[str, int]] = {}

    async def record(connection: Connection, numbers: range) -> None:
        for number in numbers:
            details = {"name": {"zh": f"某公司 {number}"}, "kind": "ENTERPRISE"}
            input = {"requestId": f"{run}-organisation-{number}", "stationId": station, "details": details}
            outcome = (await asked(connection, FOUND, {"input": input}))["recordOrganisation"]
            found[number] = outcome["id"], outcome["position"]

    some, total = connections[:AT_ONCE], len(connections) + 1
    async with asyncio.TaskGroup() as tasks:
        for place, connection in enumerate(some):
            tasks.create_task(record(connection, range(place, total, len(some))))
    return dict(found[number] for number in range(total))


async def _recorded(recorder: Hand) -> str:
    """A need of the organisation whose needs everybody amends, about the topic of its number."""
    ground = recorder.ground
    id = await recorder.give(Does.RECORD, "", next(ground.numbers), ground.of_shared)
    assert id is not None, "it is not known what came of a mutation"
    return id


async def _ranked(recorder: Hand, topic: Topic, model: str) -> Topic:
    """The topic with the counterparts that a need about it has."""
    headers = {**CONSISTENT, "Yizhan-At-Least": str(max(recorder.judge.lives.positions))}
    about = {"id": model, "on": recorder.ground.day}
    found = await asked(recorder.connection, DOCUMENTS[Question.COUNTERPARTS], about, headers)
    return replace(topic, counterparts=found["counterparts"])


def _topic(node: Mapping[str, Any]) -> Topic:
    said = {name: node[name] for name in ("title", "goal", "keywords", "fields")}
    return Topic(said, (node["description"] or {}).get("zh"))

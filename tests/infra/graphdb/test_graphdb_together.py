"""Asking together, on the real engines: one statement answers all who come while others are under way, each alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from gateway.errors import GatewayError
from gateway.ports import Answer, OneRecord
from infra.graphdb.bolt.errors import StatementError
from infra.graphdb.engines.interface import GraphEngine
from infra.graphdb.generation import Generation
from infra.graphdb.reader import GraphReader
from infra.graphdb.shown import Shown
from infra.graphdb.together import MOST, Together

T = TypeVar("T")

TENTH = OneRecord(
    "RETURN 10 / $by, [i IN range(1, 3) | i * $by]",
    "UNWIND $asked AS asked RETURN asked.place, 10 / asked.by, [i IN range(1, 3) | i * asked.by]",
    (),
)
FIRST = OneRecord(
    "RETURN $name, COLLECT { UNWIND range(1, 9) AS i WITH i ORDER BY i LIMIT $limit RETURN i }",
    "UNWIND $asked AS asked RETURN asked.place, asked.name, "
    "COLLECT { UNWIND range(1, 9) AS i WITH i ORDER BY i LIMIT $limit RETURN i }",
    ("limit",),
)


def tenth(by: int) -> list[Any]:
    return [[10 // by, [by, 2 * by, 3 * by]]]


@dataclass
class Door:
    """Lets statements through to a reader when it is opened, and remembers them."""

    reader: GraphReader
    sent: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    broken_off: int = 0

    async def read(self, statement: str, parameters: Mapping[str, Any]) -> Answer:
        self.sent.append((str(statement), parameters))
        try:
            await self.opened.wait()
        except asyncio.CancelledError:
            self.broken_off += 1
            raise
        return await self.reader.read(str(statement), parameters)


def at_the_door(engine: GraphEngine, generation: Generation, work: Callable[[Door], Awaitable[T]]) -> T:
    async def run() -> T:
        reader = GraphReader(engine, lambda: Shown(generation, 7))
        try:
            return await work(Door(reader))
        finally:
            await reader.close()

    return asyncio.run(run())


def asking_together(door: Door, at_once: int) -> Together:
    return Together(door.read, at_once, longest=60)  # however busy this machine is


async def begun(*coroutines: Any) -> list[asyncio.Task[Answer]]:
    """Those who ask, once all of them have come to it, in this order."""
    tasks = [asyncio.ensure_future(each) for each in coroutines]
    await asyncio.sleep(0)
    return tasks


async def answered(
    door: Door, record: OneRecord, askings: Sequence[Mapping[str, Any]], at_once: int = 1
) -> list[Answer | BaseException]:
    """What all get who ask before the door is opened."""
    together = asking_together(door, at_once)
    tasks = await begun(*(together.read(record, each) for each in askings))
    door.opened.set()
    return await asyncio.gather(*tasks, return_exceptions=True)


def test_who_asks_alone_sends_the_statement_as_it_is(engine: GraphEngine, generation: Generation) -> None:
    async def ask(door: Door) -> Answer:
        door.opened.set()
        answer = await asking_together(door, at_once=1).read(TENTH, {"by": 5})
        assert door.sent == [(TENTH, {"by": 5})]
        return answer

    assert at_the_door(engine, generation, ask) == Answer(7, tenth(5))


def test_those_who_come_while_others_are_under_way_are_answered_by_one_statement(
    engine: GraphEngine, generation: Generation
) -> None:
    async def ask(door: Door) -> list[Answer | BaseException]:
        answers = await answered(door, TENTH, [{"by": by} for by in range(1, 8)], at_once=2)
        assert [text for text, _ in door.sent] == [TENTH, TENTH, TENTH.for_all]
        return answers

    assert at_the_door(engine, generation, ask) == [Answer(7, tenth(by)) for by in range(1, 8)]


def test_no_more_than_so_many_are_answered_by_one(engine: GraphEngine, generation: Generation) -> None:
    async def ask(door: Door) -> None:
        by = range(1, 3 * MOST + 1)
        assert await answered(door, TENTH, [{"by": each} for each in by]) == [Answer(7, tenth(each)) for each in by]
        sizes = [len(parameters.get("asked", [None])) for _, parameters in door.sent]
        assert sum(sizes) == 3 * MOST
        assert max(sizes) <= MOST

    at_the_door(engine, generation, ask)


def test_what_several_ask_for_with_the_same_values_is_read_once(engine: GraphEngine, generation: Generation) -> None:
    async def ask(door: Door) -> None:
        by = [number % 3 + 1 for number in range(4 * MOST)]
        assert await answered(door, TENTH, [{"by": each} for each in by]) == [Answer(7, tenth(each)) for each in by]
        alone, for_all = door.sent
        assert alone == (TENTH, {"by": 1})
        assert [each["by"] for each in for_all[1]["asked"]] == [2, 3, 1]

    at_the_door(engine, generation, ask)


def test_those_who_all_ask_the_same_are_answered_by_the_statement_as_it_is(
    engine: GraphEngine, generation: Generation
) -> None:
    async def ask(door: Door) -> None:
        assert await answered(door, TENTH, [{"by": 5}] * 2 * MOST) == [Answer(7, tenth(5))] * 2 * MOST
        assert door.sent == [(TENTH, {"by": 5})] * 2

    at_the_door(engine, generation, ask)


def test_values_that_only_python_takes_for_the_same_are_told_apart(engine: GraphEngine, generation: Generation) -> None:
    said = OneRecord("RETURN $it", "UNWIND $asked AS asked RETURN asked.place, asked.it", ())

    async def ask(door: Door) -> None:
        given = [0, 1, True, 1.0, "1", True, 1]
        found = await answered(door, said, [{"it": each} for each in given])
        assert [repr(answer.rows) for answer in found if isinstance(answer, Answer)] == [f"[[{it!r}]]" for it in given]

    at_the_door(engine, generation, ask)


def test_what_is_shared_is_asked_for_together_only_where_it_is_the_same(
    engine: GraphEngine, generation: Generation
) -> None:
    async def ask(door: Door) -> None:
        asked = [(name, limit) for name in "驿站伙" for limit in (1, 4)]
        found = await answered(door, FIRST, [{"name": name, "limit": limit} for name, limit in asked])
        assert found == [Answer(7, [[name, list(range(1, limit + 1))]]) for name, limit in asked]
        assert {parameters["limit"] for text, parameters in door.sent if text == FIRST.for_all} == {1, 4}

    at_the_door(engine, generation, ask)


def test_one_whose_values_the_database_refuses_spoils_it_for_nobody_else(
    engine: GraphEngine, generation: Generation
) -> None:
    async def ask(door: Door) -> None:
        first, second, wrong, third = await answered(door, TENTH, [{"by": by} for by in (1, 2, 0, 5)])
        assert [first, second, third] == [Answer(7, tenth(by)) for by in (1, 2, 5)]
        assert isinstance(wrong, StatementError)

    at_the_door(engine, generation, ask)


def test_what_the_database_refuses_to_answer_for_many_is_asked_for_alone_from_then_on(
    engine: GraphEngine, generation: Generation
) -> None:
    single = OneRecord(TENTH, "UNWIND $asked AS asked RETURN nonsense.place", ())

    async def ask(door: Door) -> None:
        by = [number % 9 + 1 for number in range(2 * MOST)]
        assert await answered(door, single, [{"by": each} for each in by]) == [Answer(7, tenth(each)) for each in by]
        assert [text for text, _ in door.sent].count(single.for_all) == 1

    at_the_door(engine, generation, ask)


def test_one_who_goes_leaves_the_others_their_answers(engine: GraphEngine, generation: Generation) -> None:
    async def ask(door: Door) -> None:
        together = asking_together(door, at_once=1)
        first, gone, other = await begun(*(together.read(TENTH, {"by": by}) for by in (1, 2, 5)))
        gone.cancel()
        first.cancel()
        door.opened.set()
        assert await other == Answer(7, tenth(5))
        assert door.sent[1:] == [(TENTH, {"by": 5})]

    at_the_door(engine, generation, ask)


def test_a_statement_for_which_nobody_waits_any_more_is_broken_off(engine: GraphEngine, generation: Generation) -> None:
    async def ask(door: Door) -> None:
        together = asking_together(door, at_once=1)
        first, *others = await begun(*(together.read(TENTH, {"by": by}) for by in (1, 2, 5)))
        first.cancel()
        while len(door.sent) < 2:
            await asyncio.sleep(0)
        assert door.sent[1][0] == TENTH.for_all
        others[0].cancel()
        await asyncio.sleep(0)
        assert door.broken_off == 1
        others[1].cancel()
        while door.broken_off < 2:
            await asyncio.sleep(0)
        door.opened.set()
        assert await together.read(TENTH, {"by": 2}) == Answer(7, tenth(2))

    at_the_door(engine, generation, ask)


def test_who_waits_for_others_waits_no_longer_than_for_an_own_answer(
    engine: GraphEngine, generation: Generation
) -> None:
    slow = OneRecord(
        "UNWIND range(1, $many) AS i WITH i WHERE i % 7 = 3 WITH i ORDER BY i % 1000 RETURN max(i)", "RETURN 1", ()
    )

    async def run() -> None:
        reader = GraphReader(engine, lambda: Shown(generation), timeout=0.3, at_once=1)
        tasks = await begun(*(reader.read(slow, {"many": 3_000_000}) for _ in range(2)))
        for each in await asyncio.gather(*tasks, return_exceptions=True):
            assert isinstance(each, GatewayError)
            assert each.code == "UNAVAILABLE"
        await reader.close()

    asyncio.run(run())

"""Asking together: who asks for what is being asked for already waits a moment, and one statement answers all."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Mapping
from contextvars import Context
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeAlias

from gateway.ports import Answer, OneRecord
from gateway.tracing import UNTRACED, Tracing
from infra.graphdb.bolt.errors import StatementError

MOST: Final = 32
"""So many askings are answered by one statement at most."""
LONGEST: Final = 0.02
"""Seconds for which one statement is to be at work at most; what takes long for each is asked for by fewer together."""
LANES: Final = 1_000
SLOWER, FASTER = 0.05, 0.5
"""How much one statement that took longer, or less long, changes what the next one is expected to take.

It is the database that is to be known, and not what else it was doing at the moment, or that it had to plan first.
"""

Read: TypeAlias = Callable[[str, Mapping[str, Any]], Awaitable[Answer]]


@dataclass(slots=True, eq=False)
class _Asking:
    """One who waits. None comes where the statement for all came to nothing; then everybody asks alone."""

    parameters: Mapping[str, Any]
    answer: asyncio.Future[Answer | None]
    together: int = 1
    """How many are answered by the same statement."""
    written: str = field(init=False)
    """The parameters, told apart as they are written: to Python 1 and True are the same."""

    def __post_init__(self) -> None:
        self.written = repr(self.parameters)


@dataclass(slots=True)
class _Lane:
    """What is asked for in the same words: how many statements are under way, who waits, and how long each takes."""

    record: OneRecord
    under_way: int = 0
    seconds: float = 0.0
    apart: bool = False
    """Whether the database refused to answer many at once."""
    waiting: deque[_Asking] = field(default_factory=deque)

    def took(self, seconds: float, askings: int) -> None:
        """A statement for so many took so long."""
        change = seconds / askings - self.seconds
        self.seconds += change * (SLOWER if change > 0 else FASTER)

    def next(self, longest: float) -> list[_Asking]:
        """The next ones who still wait: as many as are answered in so many seconds, those who ask the same as one."""
        found: list[_Asking] = []
        different: set[str] = set()
        room = self._room(longest)
        while self.waiting and (len(different) < room or self.waiting[0].written in different):
            if not (asking := self.waiting.popleft()).answer.done():
                found.append(asking)
                different.add(asking.written)
        return found

    def _room(self, longest: float) -> int:
        if self.apart:
            return 1
        return MOST if self.seconds * MOST <= longest else max(1, int(longest / self.seconds))


class Together:
    """Gives the records of statements that `read` reads, to many at once where they ask at once.

    Alone, everybody is answered as if it were not there. The transaction around a short statement takes the database
    many times what the statement itself takes: when more than `at_once` ask in the same words, those who come wait for
    one of the statements that are under way, and are then asked for in one. What several of them ask for with the same
    values is read once, and nobody may change what is in an answer. How long anybody waits is for the callers: a
    statement that all of them have given up is broken off. It belongs to one event loop.
    """

    def __init__(self, read: Read, at_once: int, tracing: Tracing = UNTRACED, *, longest: float = LONGEST) -> None:
        self._read = read
        self._longest = longest
        self._at_once = at_once
        self._tracing = tracing
        self._lanes: dict[Hashable, _Lane] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def read(self, record: OneRecord, parameters: Mapping[str, Any]) -> Answer:
        """The record, and how far the graph was known to be when it was asked for. Raises what `read` raises."""
        lane = self._lane(record, parameters)
        if lane.apart or lane.under_way < self._at_once:
            return await self._alone(lane, parameters)
        asking = _Asking(parameters, asyncio.get_running_loop().create_future())
        lane.waiting.append(asking)
        answer = await asking.answer
        self._tracing.note("db.operation.batch.size", asking.together)
        return answer or await self._read(record, parameters)

    def _lane(self, record: OneRecord, parameters: Mapping[str, Any]) -> _Lane:
        key = (record, *(parameters[name] for name in record.shared))
        lane = self._lanes.get(key)
        if lane is None:
            if len(self._lanes) >= LANES:
                self._lanes = {key: lane for key, lane in self._lanes.items() if lane.under_way}
            lane = self._lanes[key] = _Lane(record)
        return lane

    async def _alone(self, lane: _Lane, parameters: Mapping[str, Any]) -> Answer:
        lane.under_way += 1
        try:
            began = time.perf_counter()
            answer = await self._read(lane.record, parameters)
            lane.took(time.perf_counter() - began, 1)
            return answer
        finally:
            lane.under_way -= 1
            self._go_on(lane)

    def _go_on(self, lane: _Lane) -> None:
        """Ask for those who wait, as far as there is room."""
        while lane.under_way < self._at_once and (askings := lane.next(self._longest)):
            lane.under_way += 1
            # Of nobody's context: everybody tells of the statement as of an own one.
            task = asyncio.create_task(self._for_all(lane, askings), context=Context())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            for asking in askings:
                asking.together = len(askings)
                asking.answer.add_done_callback(partial(_end, task, askings))

    async def _for_all(self, lane: _Lane, askings: list[_Asking]) -> None:
        answers: list[Answer] | list[None] = [None] * len(askings)
        try:
            began = time.perf_counter()
            answers = await self._answers(lane.record, askings)
            lane.took(time.perf_counter() - began, len({asking.written for asking in askings}))
        except StatementError:
            lane.apart = True
        except Exception:  # whatever it is, everybody comes upon it alone
            pass
        finally:
            for asking, answer in zip(askings, answers, strict=True):
                if not asking.answer.done():
                    asking.answer.set_result(answer)
            lane.under_way -= 1
            self._go_on(lane)

    async def _answers(self, record: OneRecord, askings: list[_Asking]) -> list[Answer]:
        different = {asking.written: asking.parameters for asking in askings}
        if len(different) == 1:
            return [await self._read(record, askings[0].parameters)] * len(askings)
        found = await self._read(record.for_all, record.asked(list(different.values())))
        records = dict(zip(different, record.records(found.rows), strict=True))
        return [Answer(found.position, [records[asking.written]]) for asking in askings]


def _end(task: asyncio.Task[None], askings: list[_Asking], _: object) -> None:
    """Break the statement off when nobody waits for it any more."""
    if all(asking.answer.cancelled() for asking in askings):
        task.cancel()

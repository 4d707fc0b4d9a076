"""The process that asks: so many connections on one event loop, and the judge beside them.

`python -m loading.driver FILE` reads its work from the file, and goes on until a line comes on its standard input. As
long as there is load it prints how many answers it has. Then it looks at everything once more, and writes what it has
to tell.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from pathlib import Path
from typing import Final

import msgspec
import uvloop

from infra.interpreter import collect_rarely
from loading.connection import Connection
from loading.findings import Kind
from loading.ground import Laid, asked, laid
from loading.questions import Question
from loading.telling import Told

HOST: Final = "127.0.0.1"
JSON: Final = "application/graphql-response+json"
PATIENCE: Final = 60.0
"""Seconds that the graph may take to show everything in the end."""
EVERY: Final = 0.5
"""Seconds between two words on how many answers there have been."""
HEAD: Final = "{ standing { head } }"


class Work(msgspec.Struct, frozen=True):
    """What is to be done: where, by whom (tokens that take turns), on how many connections, and where it is told."""

    port: int
    tokens: tuple[str, ...]
    connections: int
    seed: int
    told: str

    def opened(self, number: int) -> Connection:
        token = self.tokens[number % len(self.tokens)]
        return Connection(HOST, self.port, {"Accept": JSON, "Authorization": f"Bearer {token}"})


async def under_load(work: Work) -> Told:
    """Lay the ground, ask until standard input says that it is enough, and look at everything once more."""
    told = Told()
    connections = [work.opened(number) for number in range(work.connections)]
    before = await _head(connections[0])
    ground = await laid(connections, f"load-{work.seed}", told)
    over = asyncio.Event()
    _when_told(asyncio.get_running_loop(), over)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_say_how_far(told, over))
        for hand in ground.hands:
            tasks.create_task(hand.go_on(over))
    await _looked_at_all(work, ground)
    await _held_to_the_log(connections[0], ground, before)
    ground.judge.close()
    told.findings = {str(kind): number for kind, number in ground.judge.findings.counts.items()}
    told.words, told.judged = ground.judge.findings.words, ground.judge.judged
    told.needs = len(ground.judge.lives)
    for connection in connections:
        connection.close()
    return told


def _when_told(loop: asyncio.AbstractEventLoop, over: asyncio.Event) -> None:
    """Set `over` when a line comes, or when who started this is gone."""

    def listen() -> None:
        sys.stdin.readline()
        loop.call_soon_threadsafe(over.set)

    threading.Thread(target=listen, daemon=True).start()


async def _say_how_far(told: Told, over: asyncio.Event) -> None:
    """Print now and then how many answers there have been."""
    while not over.is_set():
        print(len(told.answered), flush=True)
        await asyncio.sleep(EVERY)


async def _looked_at_all(work: Work, laid: Laid) -> None:
    """Ask for all needs of every organisation once the graph shows all that was done: now there is one right answer."""
    last = max(laid.positions)
    for hand in laid.hands:
        until = time.monotonic() + PATIENCE
        while not await hand.look(Question.CONSISTENT, hand.organisation, last):
            if time.monotonic() > until:
                laid.judge.findings.add(Kind.MISSING, f"no answer of {last} within {PATIENCE:g} s after the load")
                return
            await asyncio.sleep(0.1)
    for need in laid.ground.shared:
        await laid.hands[0].look(Question.SHARED, need, last)


async def _held_to_the_log(connection: Connection, laid: Laid, before: int) -> None:
    """See that the log holds what was acknowledged, once, and nothing else."""
    there, told = set(range(before + 1, await _head(connection) + 1)), laid.positions
    if told != there:
        words = f"not told of {sorted(there - told)[:10]}, and told of {sorted(told - there)[:10]}, where nothing is"
        laid.judge.findings.add(Kind.LOG, words)


async def _head(connection: Connection) -> int:
    return int((await asked(connection, HEAD, {}))["standing"]["head"])


def main() -> None:
    collect_rarely()
    work = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Work)
    uvloop.run(under_load(work)).write(Path(work.told))


if __name__ == "__main__":
    main()

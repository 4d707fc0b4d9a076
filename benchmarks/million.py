"""A million events on Neo4j: projected, and built again while one reads and writes; then the graph is held to its log.

Each event is a need of its own, with two links: a graph of a million needs. While it grows, the rate at 100,000 needs
is taken beside the rate at the end, and the memory of the process with the projector in it. While it is built again,
needs are recorded and the graph is read. Every answer is checked: no position goes back; a need whose event is in the
graph is found with both its links; and where the graph stood still around an answer, it holds as many needs as events.
In the end an independent fold of the whole log is compared with what the database holds.

Run: python benchmarks/million.py [--quick] [--json FILE]
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event

import psutil
from graphing.lives import lives, need_id
from graphing.stand import Stand, beside, recording, stand
from measuring import Results, finish, options, quantile

from infra.graphdb.reader import GraphReader
from infra.graphdb.rebuild import rebuild
from infra.graphdb.verifying import verify
from infra.interpreter import collect_rarely, share_arenas, take_turns_often

PATIENCE = 1_800.0
"""Seconds that the graph may take to come to where the log is."""
WRITES = 20.0
"""Needs recorded in a second while the graph is built again."""
FOUND = (
    "MATCH (n:Need {id: $id})-[:NEED_RECORDED_BY]->(:Station) MATCH (n)-[:NEEDED_BY]->(:Organisation) RETURN n.created"
)
MEGABYTE = 1_000_000


@dataclass
class Growth:
    """How far the projector was at which moment, and how much memory the process had."""

    samples: list[tuple[float, int, int]] = field(default_factory=list)

    def sample(self, position: int) -> None:
        self.samples.append((time.perf_counter(), position, psutil.Process().memory_info().rss))

    def rate(self, after: int, until: int) -> float:
        """Events a second from the last sample before a position to the first one at another."""
        first, low, _ = [each for each in self.samples if each[1] <= after][-1]
        last, high, _ = next(each for each in self.samples if each[1] >= until)
        return (high - low) / (last - first)

    def memory(self, after: int, until: int) -> int:
        """The most memory between two positions, in bytes."""
        return max((used for _, position, used in self.samples if after <= position <= until), default=MEGABYTE)


@dataclass
class Reads:
    """What was read, and what was wrong with it."""

    seconds: list[float] = field(default_factory=list)
    counted: int = 0
    wrong: list[str] = field(default_factory=list)


def grown(made: Stand, head: int) -> Growth:
    """Look on until the graph is up to its log."""
    growth = Growth()
    growth.sample(0)

    def done() -> bool:
        growth.sample(made.keeper.position)
        return made.keeper.ready() and made.keeper.position >= head

    made.wait(done, PATIENCE)
    return growth


@contextmanager
def reading(made: Stand, born: int) -> Iterator[Reads]:
    """Read, one answer after the other, and check each of them."""
    reads, chance = Reads(), random.Random(3)

    async def read(stop: Event) -> None:
        reader, highest = GraphReader(made.engine, made.keeper.shown), 0
        while not stop.is_set():
            id = need_id(chance.randint(1, born))
            began = time.perf_counter()
            answer = await reader.read(FOUND, {"id": id})
            reads.seconds.append(time.perf_counter() - began)
            if len(answer.rows) != 1:
                reads.wrong.append(f"{id} was found {len(answer.rows)} times")
            if answer.position < highest:
                reads.wrong.append(f"an answer of position {answer.position} after one of {highest}")
            highest = max(highest, answer.position)
            before = await reader.settled()
            ((count,),) = (await reader.read("MATCH (n:Need) RETURN count(n)")).rows
            if before == await reader.settled():
                reads.counted += 1
                if count != before:
                    reads.wrong.append(f"{count} needs at position {before}")
            await asyncio.sleep(0.02)
        await reader.close()

    with beside(lambda stop: asyncio.run(read(stop))):
        yield reads


def report(reached: int, of: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{reached:,} of {of:,}", end="", file=sys.stderr)


def main() -> None:
    chosen = options(__doc__)
    events = 3_000 if chosen.quick else 1_000_000
    share_arenas()
    collect_rarely()
    take_turns_often()
    with stand(lives(events, life=1), heap="4g", measured=not chosen.quick) as made:
        growth = grown(made, events)
        more = lives(events, seed=2, life=1)
        with reading(made, events) as reads, recording(made.network, more, WRITES):
            first = made.keeper.shown().generation.number
            rebuilt = rebuild(made.generations, made.network, report, Event())
            made.wait(lambda: made.keeper.shown().generation.number != first, PATIENCE)
            time.sleep(1)
        made.wait(lambda: made.keeper.lag() == 0, PATIENCE)
        verified = verify(made.generations, made.driver, made.network, report, Event())
    for each in [*reads.wrong[:20], *verified.differences[:20]]:
        print(each, file=sys.stderr)
    step = events // 10
    early, late = growth.rate(step // 2, step * 3 // 2), growth.rate(events - step, events)
    results = Results(f"A graph of {events:,} needs on Neo4j")
    for what, figure in (
        (f"projected at {step:,} needs, events a second", f"{early:,.0f}"),
        (f"projected at {events:,} needs, events a second", f"{late:,.0f}"),
        ("memory of the process at first, MB", f"{growth.samples[0][2] / MEGABYTE:,.0f}"),
        (
            "the most in each tenth, MB",
            " ".join(f"{growth.memory(step * part, step * (part + 1)) / MEGABYTE:.0f}" for part in range(10)),
        ),
        ("built again while one reads and writes, events a second", f"{rebuilt.position / rebuilt.seconds:,.0f}"),
        ("written meanwhile, events", f"{verified.position - events:,}"),
        ("answers checked", f"{len(reads.seconds):,}, of which {reads.counted:,} counts where the graph stood still"),
        ("an answer meanwhile, ms", f"p50 {quantile(reads.seconds, 0.5) * 1000:.1f}"),
        ("compared in the end", f"{verified.nodes:,} nodes and {verified.links:,} links at {verified.position:,}"),
    ):
        results.row(what=what, figure=figure)
    results.bar("wrong answers", len(reads.wrong), 0, at_most=True)
    results.bar("differences from the fold of the log", verified.differing, 0, at_most=True)
    results.bar(f"rate at {events:,} needs / at {step:,}", late / early, 0.8)
    half = events // 2
    results.bar(
        "memory in the second half / in the first",
        growth.memory(half, events) / growth.memory(step, half),
        1.05,
        at_most=True,
    )
    finish(results, chosen)


if __name__ == "__main__":
    main()

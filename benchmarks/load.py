"""Load with the graph killed in the middle: many connections read and write all the while, and each answer is judged.

An installation as it is run apart: Kafka, Neo4j, an API and a projector, each a process of its own. On each connection
somebody reads (one record, lists, neighbours, pages, counts, counterparts, and now and then all of one state), and one
request in twenty changes something. A tenth of the mutations are cut off before their answer and sent again, another
tenth are sent again after it: the outcome has to be the first one. In the middle Neo4j is killed (SIGKILL) and started
again 20 seconds later.

A judge that knows only what the mutations were told holds every answer against it, by the position that it says it
shows: a record is as the last change up to there made it, or as one made it that had been sent by the time the answer
came; an answer of one state is exactly as the log has it there. Pages, counts and orders follow from that. Nothing may
go back for anybody, and who asks for a position gets it. Counterparts are those that the same words had before there
was load. In the outage answers may fail with a documented code, and at no other time; mutations go on. In the end
every acknowledged mutation stands in the log once and nothing else does, every list is as it has to be, and an
independent fold of the log is compared with all that the database holds.

Memory is compared between the second fifth and the last of the samples outside of the outage. The connections are
driven by a process of its own on the same machine, which takes its part of the processors. Needs Java and Maven.

Run: python benchmarks/load.py [--connections N] [--minutes N] [--seed N] [--quick] [--json FILE]
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
from answering.processes import module
from loading.driver import Work
from loading.installation import Installation, installation
from loading.memory import Memory
from loading.report import Outage, Report
from loading.telling import Told
from measuring import Results, finish

from infra.server import unwinding
from infra.servers.node import write_private

EVERY = 1.0
"""Seconds between two samples of memory."""
PATIENCE = 300.0
"""Seconds that the process that asks may take to prepare, and again to look at everything once more."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is done: connections, seconds before the outage, away and after it, and the size of the network."""

    connections: int
    before: float
    away: float
    after: float
    visits: int
    heap: str

    @classmethod
    def of(cls, connections: int, minutes: float) -> Effort:
        away = 20.0
        half = (minutes * 60 - away) / 2
        return cls(connections, half, away, half, visits=200, heap="1g")


QUICK = Effort(20, before=5.0, away=2.0, after=5.0, visits=20, heap="384m")


@contextmanager
def asking(work: Work, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The process that asks, once there is load; it is gone at the end."""
    file = folder / "work.json"
    write_private(file, msgspec.json.encode(work).decode())
    process = subprocess.Popen(
        module("loading.driver", str(file)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        if process.stdout.readline() != "begun\n":
            raise SystemExit("the process that asks did not come to it")
        yield process
    finally:
        process.kill()
        process.communicate()


def watched(memory: dict[str, Memory], seconds: float) -> None:
    """Look at the memory of all until so many seconds have passed."""
    end = time.monotonic() + seconds
    while (at := time.monotonic()) < end:
        for each in memory.values():
            each.sample(at)
        time.sleep(min(EVERY, max(0.0, end - at)))


def suffered(there: Installation, effort: Effort, memory: dict[str, Memory]) -> Outage:
    """Half of the load, the outage, and the other half."""
    watched(memory, effort.before)
    there.neo4j.kill()
    killed = time.monotonic()
    time.sleep(effort.away)
    started = time.monotonic()
    there.neo4j.start()
    answered = time.monotonic()
    watched(memory, effort.after)
    return Outage(killed, started, answered)


def loaded(folder: Path, effort: Effort, seed: int) -> Report:
    """Bring it all about, and look at what came of it."""
    with installation(folder, visits=effort.visits, heap=effort.heap) as there:
        told = folder / "told.json"
        work = Work(there.api.port, there.tokens, effort.connections, seed, str(told))
        memory = {each.name: Memory(each.pid or 0) for each in (there.api, there.projector)}
        with asking(work, folder) as process:
            begun = time.monotonic()
            outage = suffered(there, effort, memory)
            process.communicate("enough\n", timeout=PATIENCE)
            if process.returncode:
                raise SystemExit(f"the process that asks ended with {process.returncode}")
        return Report(Told.read(told), outage, memory, begun, there.verified())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=5.0, help="how long there is load, the outage in the middle")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="a small run that shows that it works; no figure to quote")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results here as well")
    chosen = parser.parse_args()
    effort = QUICK if chosen.quick else Effort.of(chosen.connections, chosen.minutes)
    with unwinding(signal.SIGTERM), tempfile.TemporaryDirectory(prefix="load-") as name:
        report = loaded(Path(name), effort, chosen.seed)
    for words in report.told.words:
        print(words, file=sys.stderr)
    results = Results(f"{effort.connections} connections, seed {chosen.seed}; Neo4j killed in the middle")
    report.write(results, timed=not chosen.quick)
    chosen.quick = False  # a finding is a finding, however short the run
    finish(results, chosen)


if __name__ == "__main__":
    main()

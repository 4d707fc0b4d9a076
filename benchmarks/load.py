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
from threading import Event, Thread

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
    """How much is done: connections, seconds before the outage, away and after it, and the size of the network.

    Before and after it there are `least` answers as well, however long they take.
    """

    connections: int
    before: float
    away: float
    after: float
    least: int
    visits: int
    heap: str

    @classmethod
    def of(cls, connections: int, minutes: float) -> Effort:
        half = (minutes * 60 - AWAY) / 2
        return cls(connections, half, AWAY, half, least=1_000, visits=200, heap="1g")


AWAY = 20.0
QUICK = Effort(20, before=2.0, away=1.0, after=2.0, least=100, visits=20, heap="384m")


class Asking:
    """The process that asks, and how many answers it has told of."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.answers = 0
        self._process = process
        self._begun = Event()
        self._listening = Thread(target=self._listen, daemon=True)
        self._listening.start()

    def wait(self) -> None:
        """Wait until there is load."""
        if not self._begun.wait(PATIENCE) or self._process.poll() is not None:
            raise SystemExit("the process that asks did not come to it")

    def end(self) -> None:
        """Let it come to an end, and wait for that."""
        assert self._process.stdin is not None
        self._process.stdin.write("enough\n")
        self._process.stdin.close()
        if self._process.wait(PATIENCE):
            raise SystemExit(f"the process that asks ended with {self._process.returncode}")

    def gone(self) -> bool:
        return self._process.poll() is not None

    def leave(self) -> None:
        self._process.kill()
        self._process.wait()
        self._listening.join()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self.answers = int(line)
                self._begun.set()
        self._begun.set()


@contextmanager
def asking(work: Work, folder: Path) -> Iterator[Asking]:
    """The process that asks, once there is load; it is gone at the end."""
    file = folder / "work.json"
    write_private(file, msgspec.json.encode(work).decode())
    command = module("loading.driver", str(file))
    made = Asking(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
    try:
        made.wait()
        yield made
    finally:
        made.leave()


def watched(memory: dict[str, Memory], asking: Asking, seconds: float, least: int) -> None:
    """Look at the memory of all until so many seconds have passed, and so many answers have come."""
    end, enough = time.monotonic() + seconds, asking.answers + least
    while (at := time.monotonic()) < end or asking.answers < enough:
        if asking.gone() or at > end + PATIENCE:
            raise SystemExit(f"{asking.answers:,} answers, where there should be {enough:,}")
        for each in memory.values():
            each.sample(at)
        time.sleep(EVERY if at > end else min(EVERY, end - at))


def suffered(there: Installation, asking: Asking, effort: Effort, memory: dict[str, Memory]) -> Outage:
    """Half of the load, the outage, and the other half."""
    watched(memory, asking, effort.before, effort.least)
    killed = time.monotonic()
    there.neo4j.kill()
    time.sleep(effort.away)
    started = time.monotonic()
    there.neo4j.start()
    answered = time.monotonic()
    watched(memory, asking, effort.after, effort.least)
    return Outage(killed, started, answered)


def loaded(folder: Path, effort: Effort, seed: int) -> Report:
    """Bring it all about, and look at what came of it."""
    with installation(folder, visits=effort.visits, heap=effort.heap) as there:
        told = folder / "told.json"
        work = Work(there.api.port, there.tokens, effort.connections, seed, str(told))
        memory = {each.name: Memory(each.pid or 0) for each in (there.api, there.projector)}
        with asking(work, folder) as process:
            begun = time.monotonic()
            outage = suffered(there, process, effort, memory)
            process.end()
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

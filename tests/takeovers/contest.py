"""Projectors that compete for one generation, what is done to them, and readers that look on all the while."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Event, Thread

from neo4j import READ_ACCESS, Driver, ManagedTransaction
from neo4j.exceptions import DriverError, Neo4jError
from small_graph import SMALL, history
from waiting import until

from infra.graphdb.bolt.errors import BoltError
from infra.graphdb.embedded import tether
from infra.graphdb.generation import Generation
from infra.graphdb.ownership import Ownership, Standing
from infra.graphdb.snapshot import snapshot
from infra.graphdb.writer import Writer
from projections.memory import Graph
from projections.values import number
from tests.takeovers.job import Job

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
SIZE, READERS = 3, 2
Summary = tuple[int, int, int, int]
"""How many needs, how often they were asked for in all, and how many links of each kind."""

SUMMARY = (
    "MATCH (n:SmallNeed) RETURN count(n), coalesce(sum(n.asked), 0)",
    "MATCH (:SmallNeed)-[x:SMALL_CARED_BY]->(:SmallStation) RETURN count(x)",
    "MATCH (:SmallNeed)-[x:SMALL_SEEN_BY]->(:SmallStation) RETURN count(x)",
)


class Contestant:
    """One projector process; a new one takes the place of one that was killed."""

    def __init__(self, job: Job, errors: Path) -> None:
        self._job = job
        self._errors = errors
        self.process = self._start()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process = self._start()

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def end(self) -> bool:
        """Whether it ends as it should; one that was started a moment ago may not know yet how to."""
        self.process.terminate()
        return self.process.wait(PATIENCE) in (0, -signal.SIGTERM)

    def _start(self) -> subprocess.Popen[bytes]:
        path = os.pathsep.join((str(ROOT), str(ROOT / "graphql"), str(ROOT / "tests" / "support")))
        command = [sys.executable, "-S", tether.__file__, str(os.getpid())]
        command += [sys.executable, "-m", "tests.takeovers.worker", self._job.text()]
        with self._errors.open("ab") as errors:
            return subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, stdout=errors, stderr=errors
            )


@dataclass
class Seen:
    """What readers saw: summaries by the position that stood before and after them."""

    consistent: list[tuple[int, Summary]] = field(default_factory=list)
    between: int = 0
    failed: int = 0


class Contest:
    """Three projectors on one generation. `restart` kills the engine and brings it back."""

    def __init__(self, job: Job, driver: Driver, folder: Path, restart: Callable[[], None]) -> None:
        self.job = job
        self.generation = job.engine.generation(SMALL, job.number)
        self._engine = job.engine
        self.done: Counter[str] = Counter()
        self.seen = Seen()
        self._driver = driver
        self._head = history(job.seed, job.commits)[-1].position
        self._restart = restart
        self._contestants = [Contestant(job, folder / f"contestant{number}.log") for number in range(SIZE)]

    # -- trouble ---------------------------------------------------------------

    def run(self, chance: random.Random, takeovers: int, engine_deaths: int) -> list[str]:
        """The whole contest, with readers looking on; gives what is wrong in the end.

        Without locks nobody is ever taken over: all project at once, to the end of the history.
        """
        with self.watched():
            try:
                if self.job.locks:
                    self.trouble(chance, takeovers, engine_deaths)
                    self.go_on()
                else:
                    patience = PATIENCE + self.job.commits / self.job.rate
                    until(self._over, patience, about="not all of the history came into the graph")
                self.settle()
            except TimeoutError as stuck:
                return [str(stuck), *self.findings()]
        return self.findings()

    def trouble(self, chance: random.Random, takeovers: int, engine_deaths: int) -> None:
        """Kill or freeze owners until others have taken over so many times, and meanwhile the engine so many times.

        It ends with the history, too: what happens to owners with nothing to do shows little.
        """
        deaths = set(chance.sample(range(1, takeovers), engine_deaths))
        _, first = self._owner()
        for turn in count():
            if self.done["takeovers"] >= takeovers or self._over():
                return
            time.sleep(chance.uniform(0.05, 0.4))
            if turn in deaths:
                self._restart()
                self.done["engine killed"] += 1
            owner, epoch = self._owner()
            self.done["takeovers"] = epoch - first
            if owner is None:
                continue
            if chance.random() < 0.5:
                owner.kill()
                self.done["owner killed"] += 1
                self._taken_over(epoch)
            else:
                owner.signal(signal.SIGSTOP)
                time.sleep(0 if chance.random() < 0.2 else self.job.silence * chance.uniform(0.9, 2.0))
                if chance.random() < 0.7:
                    self._taken_over(epoch)
                owner.signal(signal.SIGCONT)
                self.done["owner frozen"] += 1

    def go_on(self) -> None:
        """Wait until somebody projects."""
        reached = self._look().position
        until(lambda: self._over() or self._look().position > reached, about="nobody projects any more")

    def settle(self) -> None:
        """End everybody."""
        self.done["contestants that failed"] = sum(not each.end() for each in self._contestants)

    def _over(self) -> bool:
        """Whether all of the history is projected."""
        return self._look().position >= self._head

    def end(self) -> None:
        for each in self._contestants:
            each.process.kill()
            each.process.wait()

    def _owner(self) -> tuple[Contestant | None, int]:
        """The process that owns the generation, and its epoch."""
        until(lambda: self._look().owner is not None, about="nobody owns the graph")
        standing = self._look()
        pid = int((standing.owner or "?/0").split("/")[1])
        return next((each for each in self._contestants if each.process.pid == pid), None), standing.epoch

    def _taken_over(self, epoch: int) -> None:
        until(lambda: self._look().epoch > epoch, about="nobody took over")

    def _look(self) -> Standing:
        """How things stand; while nobody can tell, as if nothing had begun."""
        try:
            return Ownership(self._driver, self.generation).look() or Standing()
        except (DriverError, Neo4jError, OSError):
            return Standing()

    # -- readers ---------------------------------------------------------------

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Readers at work: each summary between two looks at the settled position."""
        stop = Event()
        readers = [Thread(target=self._read_on, args=(stop,)) for _ in range(READERS)]
        for each in readers:
            each.start()
        try:
            yield
        finally:
            stop.set()
            for each in readers:
                each.join()

    def _read_on(self, stop: Event) -> None:
        with Writer(Ownership(self._driver, self.generation), self._engine) as looking:
            self._look_on(looking, stop)

    def _look_on(self, looking: Writer, stop: Event) -> None:
        while not stop.wait(0.005):
            try:
                before = (looking.settled() or Standing()).position
                with self._driver.session(
                    database=self.generation.database, default_access_mode=READ_ACCESS
                ) as session:
                    summary = session.execute_read(summarised, self.generation)
                after = (looking.settled() or Standing()).position
            except (BoltError, DriverError, Neo4jError):
                self.seen.failed += 1
                continue
            if before == after:
                self.seen.consistent.append((before, summary))
            else:
                self.seen.between += 1

    # -- the verdict -------------------------------------------------------------

    def findings(self) -> list[str]:
        """What is wrong, in the end and in what readers saw; nothing, if all went well."""
        graph, model = Graph(), {0: (0, 0, 0, 0)}
        reached = self._look().position
        if reached == 0:
            return ["nothing came into the graph"]
        for commit in history(self.job.seed, self.job.commits):
            if commit.position > reached:
                break
            graph.apply(SMALL.changes([commit]))
            model[commit.position] = summary_of(graph)
        found = []
        if snapshot(self._driver, self.generation) != graph:
            found.append("the graph is not the one that the history makes")
        wrong = [(position, summary) for position, summary in self.seen.consistent if model.get(position) != summary]
        found += [f"a reader saw {summary} at {position}, not {model.get(position)}" for position, summary in wrong]
        return found


def summarised(transaction: ManagedTransaction, generation: Generation) -> Summary:
    (needs, asked), (cared,), (seen,) = (
        transaction.run(generation.statement(statement)).single(strict=True).values() for statement in SUMMARY
    )
    return needs, asked, cared, seen


def summary_of(graph: Graph) -> Summary:
    needs = [held for (label, _), held in graph.nodes.items() if label == "SmallNeed"]
    links: Counter[str] = Counter()
    for (type, _), targets in graph.links.items():
        links[type.name] += len(targets)
    asked = sum(number(held.get("asked")) for held in needs)
    return len(needs), asked, links["SMALL_CARED_BY"], links["SMALL_SEEN_BY"]

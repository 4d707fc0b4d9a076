"""Writers in several processes, and everything that can happen to them and to their log, for as long as one likes.

Rounds follow each other, each on a log of its own: one broker, one embedded file, three brokers. In each, writers with
either client commit on few entities, while writers are killed, indexes deleted, brokers frozen and killed, records sent
twice and too late. At the end of each round a checker that shares no code with the log holds the topic, the journals
of the writers and what the nodes say against each other. What is counted is what was done; the bars are what was found,
which is to be nothing. A run is given again by its seed, except for what the machine's scheduler adds.

Run: python benchmarks/faults.py [--minutes N] [--seed N] [--quick] [--json FILE]
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from measuring import Results, finish

sys.path.insert(0, str(Path(__file__).parents[1]))

from infra.servers.cluster import Cluster
from infra.servers.kafka import Broker
from tests.faults.answers import Kind
from tests.faults.checker import Evidence, check
from tests.faults.cluster_trouble import ClusterTrouble
from tests.faults.crew import Crew
from tests.faults.job import Job
from tests.faults.mischief import Mischief
from tests.faults.stand import CLIENTS, Stand
from tests.faults.trouble import Trouble

ROUND, QUICK_ROUND = 90.0, 8.0
"""Seconds of trouble in one round."""


@dataclass
class Tally:
    """What was done, told and found in all rounds."""

    done: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    found: Counter[Kind] = field(default_factory=Counter)

    def add(self, name: str, seed: int, done: Counter[str], evidence: Evidence) -> None:
        """Count a round, and say at once what is wrong in it."""
        findings = check(evidence)
        self.done += done
        self.done["commits in logs"] += len(evidence.stood)
        self.done["commits whose writer was killed"] += sum(len(told.cut_off) for told in evidence.journals.values())
        for told in evidence.journals.values():
            self.told.update(str(answer.outcome) for answer in told.answers.values())
            self.told["outcome unknown, and settled"] += told.doubts
        self.found.update(finding.kind for finding in findings)
        print(f"{name}, seed {seed}: {len(evidence.stood):,} commits, {len(findings)} findings", file=sys.stderr)
        for finding in findings[:20]:
            print(f"  {finding.kind}: {finding.where}: {finding.words[:300]}", file=sys.stderr)


def on_one_broker(seed: int, folder: Path, broker: Broker, seconds: float, tally: Tally) -> None:
    chance = random.Random(seed)
    deadline = chance.choice([1.0, 2.0, 4.0])
    stand = Stand.made(broker, folder, window=chance.choice([50, 400, 100_000]), deadline=deadline)
    jobs = [
        stand.job("threads", seed=seed, client=chance.choice(CLIENTS)),
        stand.job("loop", seed=seed, client=chance.choice(CLIENTS), on_a_loop=True, ways=12),
        stand.job("other", seed=seed, client=chance.choice(CLIENTS), ways=2),
        stand.job("reader", seed=seed, client=chance.choice(CLIENTS), silent=True),
    ]
    mischief = Mischief(broker.bootstrap, stand.topic, folder, chance)
    with Crew(jobs) as crew:
        trouble = Trouble(crew, chance, broker=broker, mischief=mischief)
        trouble.happen_for(seconds, 0.2, 2.0)
        crew.end()
    tally.add("one broker", seed, trouble.counts, crew.evidence(broker.bootstrap, stand.topic))


def on_one_file(seed: int, folder: Path, seconds: float, tally: Tally) -> None:
    chance = random.Random(seed)
    job = Job("threads", str(folder), f"sqlite:{folder / 'log.db'}", seed)
    jobs = [job, replace(job, name="loop", on_a_loop=True, ways=12), replace(job, name="third", ways=2)]
    with Crew(jobs) as crew:
        trouble = Trouble(crew, chance)
        trouble.happen_for(seconds, 0.1, 1.0)
        crew.end()
    tally.add("one file", seed, trouble.counts, crew.evidence())


def on_three_brokers(seed: int, folder: Path, cluster: Cluster, seconds: float, tally: Tally) -> None:
    chance = random.Random(seed)
    stand = Stand.made(cluster, folder, deadline=4.0)
    jobs = [stand.job(client, seed=seed, client=client, on_a_loop=chance.random() < 0.5) for client in CLIENTS]
    with Crew([*jobs, stand.job("reader", seed=seed, silent=True)]) as crew:
        trouble = ClusterTrouble(crew, chance, cluster, stand.topic)
        trouble.happen_for(seconds, 0.5, 3.0)
        crew.end()
    tally.add("three brokers", seed, trouble.counts, crew.evidence(cluster.bootstrap, stand.topic))


def one_round(number: int, seed: int, seconds: float, tally: Tally) -> None:
    """The rounds take turns on a broker, a file and a cluster, each in a folder that goes with it."""
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        folder, servers = Path(name) / "nodes", Path(name) / "servers"
        folder.mkdir()
        match number % 3:
            case 0:
                with Broker(servers) as broker:
                    on_one_broker(seed, folder, broker, seconds, tally)
            case 1:
                on_one_file(seed, folder, seconds / 3, tally)
            case _:
                with Cluster(servers) as cluster:
                    on_three_brokers(seed, folder, cluster, seconds, tally)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="a small run that shows that it works; no figure to quote")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results here as well")
    chosen = parser.parse_args()
    tally = Tally()
    end = time.monotonic() + chosen.minutes * 60
    number = 0
    while number < 2 or (not chosen.quick and time.monotonic() < end):
        one_round(number, chosen.seed + number, QUICK_ROUND if chosen.quick else ROUND, tally)
        number += 1
    results = Results(f"Faults, seed {chosen.seed}")
    for what, count in (*sorted(tally.done.items()), *sorted(tally.told.items())):
        if count:
            results.row(what=what, times=count)
    for kind in Kind:
        results.bar(kind.value, tally.found[kind], 0, at_most=True)
    chosen.quick = False  # a finding is a finding, however short the run
    finish(results, chosen)


if __name__ == "__main__":
    main()

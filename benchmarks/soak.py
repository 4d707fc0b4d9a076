"""The log over Kafka for a long time: does anything grow that should not?

One process commits with 32 threads by confluent-kafka, at half of the rate that it reached just before; another one
follows by kafka-python. Every entity has two events, so that far more of them come than any cache holds, and the caches
are full early. Each second both processes' memory, file handles and threads are read, and how far the follower is
behind: the events that stand in the log and are not folded when it asks.

Bars compare the medians of the second and the last fifth; the first fifth is warming up. Memory may be a tenth more,
which in twenty minutes is about three bytes a commit: less than anything that is kept for one. Handles may be two more
(a connection being renewed), threads one. The follower may fall behind by a tenth of a second's commits.

A full run takes some 10 GB of disk for temporary files, and draws `docs/figures/log-soak.svg`. Needs Java and Maven.

Run: python benchmarks/soak.py [--minutes N] [--quick] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import psutil
from appending.chart import Panel, picture
from appending.jobs import Job
from appending.load import Window
from appending.workers import Worker
from measuring import Results, finish

from infra.servers.kafka import Broker

FIGURE = Path(__file__).parents[1] / "docs" / "figures" / "log-soak.svg"
WRITERS = 32
WRITER, FOLLOWER = "writer (confluent)", "follower (kafka-python)"
MEMORY, HANDLES, THREADS = "memory, MB", "file handles", "threads"
LAG = "events not folded yet"

WAIT = "wait for the newest, ms"
MEMORY_GROWTH, MORE_HANDLES, MORE_THREADS, BEHIND = 1.1, 2, 1, 0.1

Series = dict[str, dict[str, list[float]]]
"""By quantity and process: a figure for each second."""


def job(kind: str, broker: Broker, folder: Path, name: str, client: str, topic: str, pace: float = 0) -> Job:
    settings = {"url": broker.url(topic), "index": str(folder / f"{topic}-{name}.db"), "client": client}
    return Job(kind, settings | {"pace": str(pace)}, WRITERS, name=name)


def highest(broker: Broker, folder: Path, seconds: float, topic: str) -> float:
    """Commits a second without a pace."""
    with Worker(Path(sys.executable), job("write", broker, folder, "a", "confluent", topic)) as writer:
        writer.wait_until_ready()
        begin = time.monotonic()
        writer.go(Window(begin, begin + seconds))
        return writer.outcome().figures["per_second"]


def soaked(broker: Broker, folder: Path, pace: float, seconds: float) -> tuple[Series, int]:
    """What was seen each second, and how many events there are in the end."""
    series: Series = {MEMORY: {}, HANDLES: {}, THREADS: {}, LAG: {FOLLOWER: []}, WAIT: {FOLLOWER: []}}
    with ExitStack() as stack:
        jobs = {
            WRITER: job("write", broker, folder, "a", "confluent", "soak", pace),
            FOLLOWER: job("follow", broker, folder, "b", "kafka-python", "soak"),
        }
        workers = {name: Worker(Path(sys.executable), each, patience=seconds + 120) for name, each in jobs.items()}
        for worker in workers.values():
            stack.enter_context(worker).wait_until_ready()
        seen = {name: psutil.Process(worker.pid) for name, worker in workers.items()}
        begin = time.monotonic()
        for worker in workers.values():
            worker.go(Window(begin, begin + seconds))
        for _ in range(int(seconds) - 1):
            lag = json.loads(workers[FOLLOWER].line())
            series[LAG][FOLLOWER].append(lag["events"])
            series[WAIT][FOLLOWER].append(lag["seconds"] * 1000)
            for name, process in seen.items():
                with process.oneshot():
                    series[MEMORY].setdefault(name, []).append(process.memory_info().rss / 1e6)
                    series[HANDLES].setdefault(name, []).append(process.num_fds())
                    series[THREADS].setdefault(name, []).append(process.num_threads())
        written = workers[WRITER].outcome()
        workers[FOLLOWER].wait_until_ready()
        workers[FOLLOWER].go(Window(begin, begin + seconds))
        followed = workers[FOLLOWER].outcome()
        assert written.recorded == written.head == followed.head, "the follower has not got what was written"
        return series, written.recorded


def fifths(line: list[float]) -> tuple[float, float]:
    """The medians of the second fifth and of the last."""
    fifth = max(1, len(line) // 5)
    return statistics.median(line[fifth : 2 * fifth]), statistics.median(line[-fifth:])


def table(series: Series, pace: float, title: str) -> Results:
    results = Results(title)
    for quantity, lines in series.items():
        for name, line in lines.items():
            second, last = fifths(line)
            results.row(
                what=quantity,
                of=name,
                second_fifth=f"{second:,.1f}",
                last_fifth=f"{last:,.1f}",
                highest=f"{max(line):,.1f}",
            )
            about = f"{name}: {quantity}, last fifth"
            if quantity == MEMORY:
                results.bar(f"{about} / second fifth", last / second, MEMORY_GROWTH, at_most=True)
            elif quantity == HANDLES:
                results.bar(f"{about} - second fifth", last - second, MORE_HANDLES, at_most=True)
            elif quantity == THREADS:
                results.bar(f"{about} - second fifth", last - second, MORE_THREADS, at_most=True)
            elif quantity == LAG:
                behind = (last - second) / pace
                results.bar(f"{about} - second fifth, in seconds of commits", behind, BEHIND, at_most=True)
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0, help="how long, after the highest rate is known")
    parser.add_argument("--quick", action="store_true", help="ten seconds that show that it works; draws nothing")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results here as well")
    chosen = parser.parse_args()
    trial, seconds = (1.0, 10.0) if chosen.quick else (10.0, chosen.minutes * 60)
    with tempfile.TemporaryDirectory(prefix="soak-") as name, Broker(Path(name) / "kafka", heap="512m") as broker:
        if not chosen.quick:
            highest(broker, Path(name), trial, "warming")  # Java compiles what it runs often
        pace = highest(broker, Path(name), trial, "highest") / 2
        series, events = soaked(broker, Path(name), pace, seconds)
    title = f"{events:,} commits in {seconds / 60:.3g} minutes, {events / seconds:,.0f} a second"
    results = table(series, pace, title)
    if not chosen.quick:
        FIGURE.parent.mkdir(exist_ok=True)
        panels = [Panel(quantity, lines) for quantity, lines in series.items()]
        FIGURE.write_text(picture(title, seconds / 60, panels), encoding="utf-8")
    finish(results, chosen)


if __name__ == "__main__":
    main()

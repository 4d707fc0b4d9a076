"""What the running log and its graph count of themselves, in the text form that Prometheus reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, SummaryMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from gateway.ports import Answered
from infra.application import now
from infra.eventlog import Log
from infra.graphdb.keeper import Keeper

GAUGES = {
    "end": "Records in the log; -1 when it does not answer.",
    "folded": "Records that this node has folded.",
    "lag": "Records that this node is behind the log; -1 when it does not answer.",
    "head": "The notification id of the last event that is known here.",
    "index_bytes": "Bytes of the index and of its write-ahead log.",
    "unwritten_bytes": "Bytes of folded records that are not in the index yet.",
}
BUCKETS = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
"""Seconds of a part of the work on a question."""
NAMES = 100
"""So many names of operations are counted each for itself, the first ones that come."""
COUNTERS = {
    "accepted": "Commits that were accepted.",
    "duplicates": "Commits that stood in the log already and were ignored.",
    "cancels": "Cancels that were read.",
    "ignored": "Records that are nobody's.",
    "unknown": "Commits of this node whose outcome was not known in time.",
}


class LogCollector(Collector):
    """Asks a log for its measures each time that somebody asks for the figures."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def collect(self) -> Iterator[Metric]:
        measures = self._log.measures()
        for name, about in GAUGES.items():
            yield GaugeMetricFamily(f"yizhan_log_{name}", about, value=getattr(measures, name))
        yield GaugeMetricFamily(
            "yizhan_log_stopped", "1 when this node goes no further.", value=measures.stopped is not None
        )
        for name, about in COUNTERS.items():
            yield CounterMetricFamily(f"yizhan_log_{name}", about, value=getattr(measures, name))
        rejected = CounterMetricFamily(
            "yizhan_log_rejected", "Commits that were rejected, by reason.", labels=["reason"]
        )
        for reason, count in sorted(measures.rejected.items()):
            rejected.add_metric([reason], count)
        yield rejected
        times = self._log.time_to_outcome
        buckets = [("+Inf" if bound == float("inf") else str(bound), count) for bound, count in times.cumulative()]
        yield HistogramMetricFamily(
            "yizhan_log_outcome_seconds",
            "Seconds from a commit's arrival here to its outcome.",
            buckets=buckets,
            sum_value=times.sum,
        )


class GraphCollector(Collector):
    """Asks the keeper of a graph how far it is, each time that somebody asks for the figures."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    def collect(self) -> Iterator[Metric]:
        keeper = self._keeper
        for name, about, value in (
            ("position", "The last event that is in the graph.", keeper.position),
            ("lag", "Events that are not in the graph yet.", keeper.lag()),
            ("lag_seconds", "Seconds for which the oldest of them has been waiting.", keeper.waiting(now())),
            ("ready", "1 when there is a graph to read.", keeper.ready()),
            ("owned", "1 when this process is the one that projects.", keeper.owns),
            ("stopped", "1 when the graph goes no further.", keeper.stopped is not None),
        ):
            yield GaugeMetricFamily(f"yizhan_graph_{name}", about, value=float(value))


class OperationTimes(Collector):
    """Adds up how long the parts of the work on each operation took.

    One thread adds, for every question; others may collect. The library's own sums lock for each of them.
    """

    def __init__(self) -> None:
        self._sums: dict[tuple[str, str], tuple[int, float]] = {}

    def add(self, operation: str, part: str, seconds: float) -> None:
        count, before = self._sums.get((operation, part), (0, 0.0))
        self._sums[operation, part] = count + 1, before + seconds

    def collect(self) -> Iterator[Metric]:
        about = "Seconds that questions took, by the name of the operation and the part of the work."
        family = SummaryMetricFamily("yizhan_operation_seconds", about, labels=["operation", "part"])
        for (operation, part), (count, seconds) in sorted(self._sums.copy().items()):
            family.add_metric([operation, part], count, seconds)
        yield family


class Questions:
    """Counts the questions that were answered, and how long the parts of the work on them took."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._names: set[str] = set()
        self._asked = Counter(
            "yizhan_questions",
            "GraphQL questions, by the name of the operation, the way they were answered, and the outcome.",
            ["operation", "way", "outcome"],
            registry=registry,
        )
        self._turned_away = Counter(
            "yizhan_turned_away",
            "GraphQL questions that the guard did not let through, by the code of their error.",
            ["code"],
            registry=registry,
        )
        self._following = Gauge(
            "yizhan_subscriptions",
            "Subscriptions that go on, by the name of the operation.",
            ["operation"],
            registry=registry,
        )
        self._seconds = Histogram(
            "yizhan_question_seconds",
            "Seconds that questions took, by the way they were answered and the part of the work.",
            ["way", "part"],
            buckets=BUCKETS,
            registry=registry,
        )
        self._parts: dict[tuple[str, str], Histogram] = {}
        self._times = OperationTimes()
        registry.register(self._times)

    def count(self, question: Answered) -> None:
        operation = self._known(question.operation)
        self._asked.labels(operation, question.way, question.outcome).inc()
        for part, seconds in question.seconds.items():
            self._of_part(question.way, part).observe(seconds)
            self._times.add(operation, part, seconds)

    def _of_part(self, way: str, part: str) -> Histogram:
        """The histogram of a part; the library looks it up anew each time, which takes as long as counting."""
        if (found := self._parts.get((way, part))) is None:
            found = self._parts[way, part] = self._seconds.labels(way, part)
        return found

    def turned_away(self, code: str) -> None:
        self._turned_away.labels(code).inc()

    def following(self, operation: str) -> AbstractContextManager[None]:
        return self._following.labels(self._known(operation)).track_inprogress()

    def _known(self, name: str) -> str:
        """The name, one of a bounded number: names are their senders' own."""
        if len(self._names) < NAMES:
            self._names.add(name)
        return name if name in self._names else "…"


class Figures:
    """The figures of a running log, its graph and its gateway, as a web server hands them out."""

    def __init__(self, log: Log, keeper: Keeper) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(LogCollector(log))
        self._registry.register(GraphCollector(keeper))
        self._questions = Questions(self._registry)

    def answered(self, question: Answered) -> None:
        self._questions.count(question)

    def turned_away(self, code: str) -> None:
        self._questions.turned_away(code)

    @contextmanager
    def following(self, operation: str) -> Iterator[None]:
        with self._questions.following(operation):
            yield

    def text(self) -> bytes:
        return generate_latest(self._registry)

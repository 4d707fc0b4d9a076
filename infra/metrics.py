"""What the running log counts of itself, in the text form that Prometheus reads."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from infra.eventlog import Log

GAUGES = {
    "end": "Records in the log; -1 when it does not answer.",
    "folded": "Records that this node has folded.",
    "lag": "Records that this node is behind the log; -1 when it does not answer.",
    "head": "The notification id of the last event that is known here.",
    "index_bytes": "Bytes of the index and of its write-ahead log.",
    "unwritten_bytes": "Bytes of folded records that are not in the index yet.",
}
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


class Figures:
    """The figures of a running log, as a web server hands them out."""

    def __init__(self, log: Log) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(LogCollector(log))

    def text(self) -> bytes:
        return generate_latest(self._registry)

"""Topics that stand, folded by fresh indexes."""

from __future__ import annotations

from dataclasses import dataclass, field

from confluent_kafka import Consumer, TopicPartition

from appending.jobs import Job
from appending.measurement import PROCESSES, of_process, run_workers
from appending.places import Places
from appending.sides import CONFLUENT, KAFKA_PYTHON, Side

WRITERS = 32
"""Threads in each process that writes."""


@dataclass(slots=True)
class Replays:
    """What folding one topic came to.

    commits, records: what stands in it; a record holds what was committed at the same time. record_bytes: of the
    records' values. per_second: commits folded, by client and round; written_per_second: the same until the whole index
    is on the disk. index_bytes: of the last index.
    """

    with_context: bool
    commits: int
    records: int
    record_bytes: int
    per_second: dict[Side, list[float]] = field(default_factory=dict)
    written_per_second: dict[Side, list[float]] = field(default_factory=dict)
    index_bytes: int = 0


def replayed(places: Places, writing: float, processes: int, *, rounds: int, with_context: bool) -> Replays:
    """Write a topic for some seconds, one event a commit, and fold it with each client in turn."""
    with places.fresh(CONFLUENT) as settings:
        told = {**settings, "context": "yes"} if with_context else settings
        job = Job("log", told, WRITERS)
        written = run_workers(
            places, CONFLUENT, [of_process(job, process) for process in PROCESSES[:processes]], writing
        )
        commits = sum(each.recorded for each in written)
        topic = settings["url"].rpartition("/")[2]
        result = Replays(with_context, commits, *weigh(places.kafka.bootstrap, topic))
        for round in range(rounds):
            for side in (CONFLUENT, KAFKA_PYTHON):
                index = settings["index"].format(process=f"{side.client}-{round}")
                folding = Job("replay", {**settings, "index": index, "client": side.client}, events=commits)
                (outcome,) = run_workers(places, side, [folding], 0)
                result.per_second.setdefault(side, []).append(commits / outcome.figures["seconds"])
                result.written_per_second.setdefault(side, []).append(commits / outcome.figures["whole"])
                result.index_bytes = int(outcome.figures["index_bytes"])
    return result


def weigh(bootstrap: str, topic: str) -> tuple[int, int]:
    """How many records a topic holds, and the bytes of their values."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "weighing", "enable.auto.commit": False})
    try:
        first, end = consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=10)
        consumer.assign([TopicPartition(topic, 0, first)])
        records = size = 0
        while records < end - first:
            messages = consumer.consume(10_000, timeout=10)
            if not messages or messages[0].error():
                raise RuntimeError(f"the topic stopped at {records} of {end - first} records")
            for message in messages:
                records += 1
                size += len(message.value() or b"")
        return records, size
    finally:
        consumer.close()

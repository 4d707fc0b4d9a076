"""Published events in a real Kafka topic: killed publishers, a broker that goes away, topics that do not fit."""

from __future__ import annotations

import gc
import threading
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from threading import Event as Flag
from threading import Thread

import orjson
import pytest
from busy import Busy
from cloudevents.core.bindings.kafka import KafkaMessage, from_kafka
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from kafka.errors import KafkaError
from kafka.record import MemoryRecords
from real_servers import fresh_topic
from told import ORIGIN, parsed
from waiting import until

from infra.publishing.events import Event
from infra.publishing.kafka import MOST_BYTES, KafkaOutlet
from infra.publishing.outlet import End, OutletError
from infra.publishing.publisher import Publisher
from infra.publishing.topic import LARGEST
from infra.servers.kafka import Broker


def event(number: int, size: int = 10) -> Event:
    said = {"source": ORIGIN, "id": str(number), "sequence": str(number), "text": "x" * size}
    return Event(number, f"need_{number}", orjson.dumps(said))


def records(kafka: Broker, topic: str) -> list[ConsumerRecord]:
    """Everything in the topic, as any consumer reads it."""
    partition = TopicPartition(topic, 0)
    consumer = KafkaConsumer(**kafka.client(), group_id=None, enable_auto_commit=False, metrics_enabled=False)
    with closing(consumer):
        consumer.assign([partition])
        consumer.seek_to_beginning(partition)
        end, found = consumer.end_offsets([partition])[partition], list[ConsumerRecord]()
        while consumer.position(partition) < end:
            found.extend(consumer.poll(timeout_ms=1_000).get(partition, ()))
    return found


def ends_at(kafka: Broker, topic: str) -> int:
    partition = TopicPartition(topic, 0)
    with closing(KafkaConsumer(**kafka.client(), group_id=None, metrics_enabled=False)) as consumer:
        found: int = consumer.end_offsets([partition])[partition]
    return found


def deduped(found: list[ConsumerRecord]) -> list[bytes]:
    """What a consumer handles that drops every event whose id is not above the highest one so far."""
    highest, kept = 0, []
    for record in found:
        if (number := int(orjson.loads(record.value)["id"])) > highest:
            highest = number
            kept.append(record.value)
    return kept


def test_a_publisher_killed_again_and_again_leaves_nothing_out_and_repeats_only_the_same(
    busy: Busy, kafka: Broker
) -> None:
    topic = fresh_topic("killed")
    with closing(KafkaOutlet(topic, kafka.client())) as outlet:
        assert outlet.end() is None
    killed_at = []
    for share in (0.1, 0.5):
        process = busy.publish(kafka.bootstrap, topic, limit=3)
        until(lambda: ends_at(kafka, topic) >= share * len(busy.expected))  # noqa: B023  # at once
        process.kill()
        process.wait(10)
        killed_at.append(ends_at(kafka, topic))
    assert killed_at[0] < len(busy.expected), "it was to be killed on its way"
    assert busy.publish(kafka.bootstrap, topic, limit=500).wait(60) == 0
    found = records(kafka, topic)
    assert len(found) > len(busy.expected)
    assert deduped(found) == busy.expected
    assert {record.value for record in found} == set(busy.expected)


def test_several_publishers_of_one_log_leave_nothing_out_and_the_first_of_each_come_in_order(
    busy: Busy, kafka: Broker
) -> None:
    topic = fresh_topic("several")
    processes = [busy.publish(kafka.bootstrap, topic, limit=limit) for limit in (2, 7)]
    assert [process.wait(60) for process in processes] == [0, 0]
    assert deduped(records(kafka, topic)) == busy.expected


def clients_threads() -> set[threading.Thread]:
    """The threads of clients of Kafka: each client that could not be made would leave one."""
    return {thread for thread in threading.enumerate() if "kafka-python" in thread.name}


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_a_broker_that_goes_away_is_waited_for(busy: Busy, kafka: Broker) -> None:
    topic, before = fresh_topic("away"), clients_threads()
    outlet = KafkaOutlet(topic, kafka.client(), patience=3)
    publisher, stop = Publisher(busy.network, outlet, ORIGIN, limit=2), Flag()
    thread = Thread(target=publisher.run, args=(stop,))
    thread.start()
    try:
        until(lambda: (publisher.position or 0) > 20)
        kafka.kill()
        until(lambda: publisher.trouble is not None)
        kafka.start()
        until(lambda: publisher.position == busy.network.head(), 60)
        assert publisher.trouble is None
    finally:
        stop.set()
        publisher.wake()
        thread.join(60)
    assert not thread.is_alive()
    until(lambda: clients_threads() <= before)
    assert deduped(records(kafka, topic)) == busy.expected
    gc.collect()  # kafka-python leaves the sockets of refused connections to the garbage collector


def test_a_consumer_finds_the_entity_as_key_and_a_cloudevent_as_value(busy: Busy, kafka: Broker) -> None:
    topic = fresh_topic("consumed")
    publisher = Publisher(busy.network, outlet := KafkaOutlet(topic, kafka.client()), ORIGIN)
    with closing(outlet):
        while publisher.step():
            pass
    found = records(kafka, topic)
    assert [record.value for record in found] == busy.expected
    for record in found[:20]:
        message = KafkaMessage(dict(record.headers), record.key, record.value)
        read = from_kafka(message, JSONFormat())
        assert isinstance(read, CloudEvent)
        assert read.get_attributes() == parsed(record.value).get_attributes()
        assert record.key.decode() == read.get_subject()


def test_what_is_sent_together_is_taken_whole(kafka: Broker) -> None:
    topic = fresh_topic("batches")
    with closing(KafkaOutlet(topic, kafka.client())) as outlet:
        assert outlet.end() is None
        outlet.send([event(number) for number in range(1, 401)], 0)
        outlet.send([event(401)], 400)
        large = MOST_BYTES // 3
        outlet.send([event(number, large) for number in range(402, 406)], 401)
        assert outlet.end() == End(403, ORIGIN)
    (segment,) = Path(kafka.folder, "data", f"{topic}-0").glob("*.log")
    batches = [(batch.base_offset, sum(1 for _ in batch)) for batch in MemoryRecords(segment.read_bytes())]
    assert batches == [(0, 400), (400, 1), (401, 2), (403, 2)]


def test_the_end_is_where_everything_is_there_for_certain(kafka: Broker) -> None:
    topic = fresh_topic("end")
    with closing(KafkaOutlet(topic, kafka.client())) as outlet:
        assert outlet.end() is None
        outlet.send([event(3), event(5)], 0)
        assert outlet.end() == End(0, ORIGIN)
        outlet.send([event(8)], 7)
        assert outlet.end() == End(7, ORIGIN)


def test_an_event_that_is_too_large_is_an_error_and_the_next_one_goes_out(kafka: Broker) -> None:
    topic = fresh_topic("large")
    with closing(KafkaOutlet(topic, kafka.client())) as outlet:
        assert outlet.end() is None
        with pytest.raises(KafkaError):
            outlet.send([event(1, 3_000_000)], 0)
        outlet.send([event(2)], 1)
        assert outlet.end() == End(1, ORIGIN)


def make(kafka: Broker, topic: str, partitions: int = 1, settings: Mapping[str, str] | None = None) -> None:
    with closing(KafkaAdminClient(**kafka.client())) as admin:
        admin.create_topics(
            {topic: {"num_partitions": partitions, "replication_factor": 1, "configs": settings or {}}},
            wait_for_metadata=True,
        )


def test_a_topic_of_several_partitions_is_refused(kafka: Broker) -> None:
    topic = fresh_topic("several-partitions")
    make(kafka, topic, 3)
    with closing(KafkaOutlet(topic, kafka.client())) as outlet, pytest.raises(OutletError, match="has 3 partitions"):
        outlet.end()


def test_a_topic_that_does_not_take_what_is_sent_together_is_refused(kafka: Broker) -> None:
    topic = fresh_topic("small")
    make(kafka, topic, settings={LARGEST: "10000"})
    with closing(KafkaOutlet(topic, kafka.client())) as outlet, pytest.raises(OutletError, match="takes 10000 bytes"):
        outlet.end()


def test_a_topic_of_something_else_is_refused(kafka: Broker) -> None:
    topic = fresh_topic("else")
    make(kafka, topic)
    with closing(KafkaProducer(**kafka.client(), metrics_enabled=False)) as producer:
        producer.send(topic, b"{}", partition=0).get(10)
    with closing(KafkaOutlet(topic, kafka.client())) as outlet, pytest.raises(OutletError, match="not one of a publis"):
        outlet.end()


def test_a_topic_is_made_only_when_that_is_wanted_and_then_keeps_everything(kafka: Broker) -> None:
    topic = fresh_topic("made")
    with (
        closing(KafkaOutlet(topic, kafka.client(), create=False)) as outlet,
        pytest.raises(OutletError, match=f"there is no topic {topic}"),
    ):
        outlet.end()
    with closing(KafkaOutlet(topic, kafka.client(), settings={"min.insync.replicas": "1"})) as outlet:
        assert outlet.end() is None
    with closing(KafkaOutlet(topic, kafka.client(), create=False)) as outlet:
        assert outlet.end() is None

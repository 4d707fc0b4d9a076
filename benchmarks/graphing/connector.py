"""The way of the official Kafka connector for Neo4j: one user query an event, batches of 1,000, an offset that guards.

The shape is the one that the connector (5.5, with variable scope in CALL) makes of a Cypher strategy with its setting
for exactly once; here the same Python driver runs it. The messages are JSON in a topic, flat, with the properties named
as the graph has them already, so that its user's query need not take anything apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import orjson
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]  # it is there
from neo4j import Driver, ManagedTransaction

from domain.kernel.history import Commit
from projections.changes import Link, Put
from projections.needs import project
from projections.values import Values, written

BATCH = 1_000
LABELS = "PeerNeed", "PeerStation", "PeerOrganisation", "KafkaOffset"
SCHEMA = (
    "CREATE CONSTRAINT peer_need IF NOT EXISTS FOR (n:PeerNeed) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT peer_station IF NOT EXISTS FOR (n:PeerStation) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT peer_organisation IF NOT EXISTS FOR (n:PeerOrganisation) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT peer_offset IF NOT EXISTS FOR (k:KafkaOffset) "
    "REQUIRE (k.strategy, k.topic, k.partition) IS UNIQUE",
    "CREATE INDEX peer_created IF NOT EXISTS FOR (n:PeerNeed) ON (n.created)",
    "CREATE INDEX peer_stage IF NOT EXISTS FOR (n:PeerNeed) ON (n.stage)",
)
QUERY = """
UNWIND $events AS e
MERGE (k:KafkaOffset {strategy: $strategy, topic: $topic, partition: $partition}) ON CREATE SET k.offset = -1
WITH k, e WHERE e.offset > k.offset
WITH k, e ORDER BY e.offset ASC
CALL (e) {
  WITH e.value AS value
  MERGE (n:PeerNeed {id: value.id}) SET n += value.properties
  FOREACH (id IN value.station | MERGE (s:PeerStation {id: id}) MERGE (n)-[:PEER_RECORDED_BY]->(s))
  FOREACH (id IN value.organisation | MERGE (o:PeerOrganisation {id: id}) MERGE (n)-[:PEER_NEEDED_BY]->(o))
}
WITH k, max(e.offset) AS newest SET k.offset = newest
FINISH
"""


def message(commit: Commit) -> bytes:
    """A commit of one event as a message that the query above takes."""
    (recorded,) = commit.events
    row = put(commit)
    ends: dict[str, list[str]] = {"station": [], "organisation": []}
    for change in project(recorded, commit.context):
        if isinstance(change, Link):
            ends[change.type.target.lower()].append(change.target)
    return orjson.dumps({"id": row["id"], "properties": row["p"], **ends})


def put(commit: Commit) -> dict[str, object]:
    """The properties that a commit of one event puts on its need, as the row of a statement."""
    (recorded,) = commit.events
    properties: Values = {}
    for change in project(recorded, commit.context):
        if isinstance(change, Put):
            properties |= written(change)
    return {"id": recorded.entity_id, "p": properties}


def publish(servers: str, topic: str, commits: Iterable[Commit]) -> None:
    """Make the topic, of one partition, and write a message for each commit."""
    admin = AdminClient({"bootstrap.servers": servers})
    for made in admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)]).values():
        made.result(timeout=30)
    producer = Producer({"bootstrap.servers": servers, "linger.ms": 20})
    for number, commit in enumerate(commits):
        producer.produce(topic, message(commit), partition=0)
        if number % 10_000 == 0:
            producer.flush()
    producer.flush()


def project_all(servers: str, topic: str, count: int, driver: Driver, database: str) -> None:
    """Read so many messages from the beginning of the topic, and write each batch in a transaction."""
    with driver.session(database=database) as session:
        for events in batches(servers, topic, count):
            session.execute_write(_write, topic, events)


def batches(servers: str, topic: str, count: int) -> Iterator[list[dict[str, object]]]:
    consumer = Consumer(
        {"bootstrap.servers": servers, "group.id": topic, "enable.auto.commit": False, "auto.offset.reset": "earliest"}
    )
    consumer.assign([TopicPartition(topic, 0, 0)])
    try:
        while count > 0:
            found = consumer.consume(min(BATCH, count), timeout=10)
            assert found, "the topic has fewer messages than were asked for"
            count -= len(found)
            yield [{"offset": each.offset(), "value": orjson.loads(each.value() or b"")} for each in found]
    finally:
        consumer.close()


def _write(transaction: ManagedTransaction, topic: str, events: list[dict[str, object]]) -> None:
    transaction.run(QUERY, events=events, strategy="cypher", topic=topic, partition=0).consume()

"""A topic on a broker, and nodes on it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from kafka import KafkaAdminClient

from infra.eventlog import Accepted, Draft
from infra.servers.cluster import Cluster
from infra.servers.kafka import Broker
from tests.faults.answers import Finding
from tests.faults.checker import Evidence, check
from tests.faults.dump import Dump
from tests.faults.job import Job
from tests.faults.journal import Told
from tests.faults.rule import Model, Stood
from tests.faults.topic import RawProducer, read_topic

CLIENTS = ("kafka-python", "confluent")
FOUNDING = 60.0
"""Seconds to make a topic on servers that may have come up this moment; how long that takes is not what is tested."""


@dataclass(frozen=True)
class Stand:
    """One topic, with its configuration in it; a node is a name, and its files are in the folder."""

    servers: Broker | Cluster
    folder: Path
    topic: str
    client: str = "kafka-python"
    window: int = 100_000
    deadline: float = 10.0

    @classmethod
    def made(cls, servers: Broker | Cluster, folder: Path, **more: Any) -> Stand:
        """A stand on a topic that nobody has used."""
        folder.mkdir(exist_ok=True)
        stand = cls(servers, folder, f"faults-{uuid4().hex[:12]}", **more)
        stand.open("founder", create=True, deadline=FOUNDING).close()
        return stand

    def job(self, name: str, **more: Any) -> Job:
        """What a writer of this name is told."""
        url = self.servers.url(self.topic)
        return replace(Job(name, str(self.folder), url, 1, self.client, self.window, self.deadline), **more)

    def open(self, name: str, *, create: bool = False, **more: Any) -> Any:
        """A node in this process."""
        return self.job(name, **more).open(create=create)

    def create(self) -> None:
        """The topic, with nothing in it."""
        with closing(KafkaAdminClient(**self.servers.client())) as admin:
            admin.create_topics({self.topic: {"num_partitions": 1}}, wait_for_metadata=True)

    def append(self, *values: bytes) -> list[int]:
        """Put bytes into the topic, past the engine; gives their offsets."""
        with RawProducer(self.servers.bootstrap, self.topic) as producer:
            return producer.append(values)

    def values(self) -> list[bytes]:
        """The records that are in the topic now."""
        return [value or b"" for _, value in read_topic(self.servers.bootstrap, self.topic)]

    def model(self) -> Model:
        """The topic as the rule reads it."""
        model = Model()
        model.fold(read_topic(self.servers.bootstrap, self.topic))
        return model


def note(log: Any, entity: str, version: int, state: bytes = b"noted", **more: Any) -> Accepted:
    """A small commit of one event."""
    accepted: Accepted = log.commit(Draft([(entity, version, "small.noted", state)], **more))
    return accepted


def dump(log: Any) -> Dump:
    """What a node in this process holds, once it has folded all that is in the log now."""
    log.barrier(timeout=30)
    return held(log)


def held(log: Any) -> Dump:
    """What a node in this process holds already."""
    position, chain = log.chain()
    return Dump(
        tuple(Stood(each.first, each.events, each.request, each.context) for each in all_of(log)),
        (position, chain.hex()),
    )


def all_of(log: Any) -> Any:
    """All commits that a node holds."""
    position = 0
    while commits := log.commits(position, 1_000):
        yield from commits
        position = commits[-1].last


def findings(model: Model | None, nodes: dict[str, Dump], journals: dict[str, Told]) -> list[Finding]:
    """What the checker says of these."""
    return check(Evidence(journals, nodes, model))

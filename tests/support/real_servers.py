"""Real servers for a whole run of the tests: each is started when the first test asks for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest

from infra.servers.cluster import Cluster
from infra.servers.errors import MissingToolError
from infra.servers.kafka import Broker
from infra.servers.neo4j import Neo4jServer
from infra.servers.secured import SecuredBroker


def fresh_topic(about: str = "topic") -> str:
    """The name of a topic that nobody has used."""
    return f"{about}-{uuid4().hex[:12]}"


@contextmanager
def or_skipped() -> Iterator[None]:
    """Skip the test on a machine without Java or Maven, and fail it there under CI."""
    try:
        yield
    except MissingToolError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker that runs as long as the tests do; a test that hurts it brings it back."""
    broker = Broker(tmp_path_factory.mktemp("kafka"))
    with or_skipped():
        broker.start()
    yield broker
    broker.stop()


@pytest.fixture(scope="session")
def kafka_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Three brokers that run as long as the tests do; a test that hurts them brings them back."""
    cluster = Cluster(tmp_path_factory.mktemp("kafka-cluster"))
    with or_skipped():
        cluster.start()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def kafka_secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredBroker]:
    """A broker with TLS and passwords that runs as long as the tests do."""
    broker = SecuredBroker(tmp_path_factory.mktemp("kafka-secured"))
    with or_skipped():
        broker.start()
    yield broker
    broker.stop()


@pytest.fixture(scope="session")
def neo4j(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jServer]:
    """A Neo4j that runs as long as the tests do; a test that hurts it brings it back."""
    server = Neo4jServer(tmp_path_factory.mktemp("neo4j"))
    with or_skipped():
        server.start()
    yield server
    server.stop()

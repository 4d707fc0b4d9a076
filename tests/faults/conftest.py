"""Servers of this room's own, because they are hurt here, and topics on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from real_servers import or_skipped

from infra.servers.cluster import Cluster
from infra.servers.kafka import Broker
from tests.faults.stand import CLIENTS, Stand


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker that every test leaves running."""
    broker = Broker(tmp_path_factory.mktemp("faulty-kafka"))
    with or_skipped():
        broker.start()
    yield broker
    broker.stop()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Three brokers that every test leaves running."""
    cluster = Cluster(tmp_path_factory.mktemp("faulty-cluster"))
    with or_skipped():
        cluster.start()
    yield cluster
    cluster.kill()


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest) -> str:
    """Each of the two clients."""
    return str(request.param)


@pytest.fixture
def new_stand(broker: Broker, client: str, tmp_path: Path) -> Callable[..., Stand]:
    """Makes topics on the broker, with the client's nodes."""

    def make(**more: Any) -> Stand:
        return Stand.made(broker, tmp_path, **{"client": client} | more)

    return make


@pytest.fixture
def stand(new_stand: Callable[..., Stand]) -> Stand:
    """A topic of the test's own."""
    return new_stand()

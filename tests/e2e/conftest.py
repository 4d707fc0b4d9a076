"""The graph of the whole network on Neo4j, for one test at a time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from infra.graphdb.engines.neo4j import Neo4jEngine
from infra.graphdb.generations import Generations
from infra.servers.neo4j import Neo4jServer
from projections.network import network as network_projection


@pytest.fixture
def graph(neo4j: Neo4jServer) -> Iterator[Generations]:
    """The generations of the network: none at first, and none afterwards."""
    engine = Neo4jEngine(neo4j.uri, neo4j.user, neo4j.password)
    with engine.driver() as driver:
        generations = Generations(engine, driver, network_projection())
        assert generations.home.records() == []
        yield generations
        for record in generations.home.records():
            generations.remove(record.number)

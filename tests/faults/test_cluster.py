"""Three brokers, of which some are killed: what was acknowledged stays, and what cannot be written is not."""

from __future__ import annotations

import random
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import OperationalError

from infra.eventlog.errors import NotRecordedError, OutcomeUnknownError
from infra.servers.cluster import Cluster
from infra.servers.kafka import Broker
from tests.faults.checker import check, nodes_wrong
from tests.faults.crew import Crew
from tests.faults.stand import CLIENTS, Stand, dump, held, note


def others(cluster: Cluster, leader: Broker) -> list[Broker]:
    return [broker for broker in cluster.brokers if broker is not leader]


def test_writers_go_on_through_the_death_of_a_leader_and_of_a_follower(cluster: Cluster, tmp_path: Path) -> None:
    chance = random.Random(107)
    stand = Stand.made(cluster, tmp_path, deadline=4.0)
    jobs = [stand.job(client, seed=107, client=client, on_a_loop=client == "confluent") for client in CLIENTS]
    with Crew([*jobs, stand.job("reader", seed=107, silent=True)]) as crew:
        for victim in (cluster.leader(stand.topic), chance.choice(others(cluster, cluster.leader(stand.topic)))):
            time.sleep(1)
            victim.kill()
            time.sleep(2.5)
            victim.start()
        time.sleep(1)
        crew.end()
    evidence = crew.evidence(cluster.bootstrap, stand.topic)
    assert check(evidence) == []
    assert len(evidence.nodes) == 3


@pytest.mark.parametrize("client", CLIENTS)
def test_with_two_brokers_killed_writes_stop_in_clear_words_and_reads_go_on(
    cluster: Cluster, tmp_path: Path, client: str
) -> None:
    stand = Stand.made(cluster, tmp_path, client=client, deadline=3.0)
    with closing(stand.open("node")) as log:
        for version in range(1, 6):
            note(log, "a", version)
        before = held(log)
        victims = [cluster.leader(stand.topic), others(cluster, cluster.leader(stand.topic))[0]]
        for victim in victims:
            victim.kill()
        with pytest.raises(OperationalError) as refused:
            note(log, "a", 6)
        assert "\n" not in str(refused.value)
        assert held(log) == before
        for victim in victims:
            victim.start()
        stands = settled(log, refused.value.commit_id) if isinstance(refused.value, OutcomeUnknownError) else 0
        assert note(log, "a", 6 + stands).first == 6 + stands
        model = stand.model()
        assert [commit.first for commit in model.stood] == list(range(1, 7 + stands))
        assert list(nodes_wrong(model.stood, {"node": dump(log)})) == []


def settled(log: Any, id: bytes) -> int:
    """Whether the commit stands, as a number. Raises OutcomeUnknownError when that stays unknown."""
    try:
        log.settle(id, timeout=30)
    except NotRecordedError:
        return 0
    return 1

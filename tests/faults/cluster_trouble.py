"""What happens to three brokers: the leader dies, a follower, or two at once; each comes back."""

from __future__ import annotations

import random
import time

from infra.servers.cluster import Cluster
from infra.servers.kafka import Broker
from tests.faults.crew import Crew
from tests.faults.trouble import Trouble


class ClusterTrouble(Trouble):
    """The troubles of a log on a cluster, counted."""

    def __init__(self, crew: Crew, chance: random.Random, cluster: Cluster, topic: str) -> None:
        super().__init__(crew, chance)
        self._cluster = cluster
        self._topic = topic
        self.kinds |= {
            "leaders killed": self.kill_leader,
            "followers killed": self.kill_follower,
            "two of three killed": self.kill_two,
            "leaders frozen": self.freeze_leader,
        }

    def kill_leader(self) -> int:
        return self._killed([self._cluster.leader(self._topic)])

    def kill_follower(self) -> int:
        return self._killed([self._chance.choice(self._followers())])

    def kill_two(self) -> int:
        """Two go, the leader often among them; nothing can be written until one is back."""
        return self._killed(self._chance.sample(self._cluster.brokers, 2))

    def freeze_leader(self) -> int:
        """The leader stands still until another one leads, and wakes as if nothing had been."""
        leader = self._cluster.leader(self._topic)
        leader.freeze()
        try:
            time.sleep(self._chance.uniform(1, 6))
        finally:
            leader.thaw()
        return 1

    def _killed(self, brokers: list[Broker]) -> int:
        for broker in brokers:
            broker.kill()
        time.sleep(self._chance.uniform(1, 5))
        for broker in brokers:
            broker.start()
        return len(brokers)

    def _followers(self) -> list[Broker]:
        leader = self._cluster.leader(self._topic)
        return [broker for broker in self._cluster.brokers if broker is not leader]

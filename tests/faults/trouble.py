"""What happens to a crew and its broker, by chance and by a seed: each trouble leaves everything running again."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence

from infra.servers.kafka import Broker
from tests.faults.crew import Crew, Hand
from tests.faults.mischief import Mischief


class Trouble:
    """The troubles of one log, counted. The broker and the raw client are missing where the log is one file."""

    def __init__(
        self,
        crew: Crew,
        chance: random.Random,
        *,
        broker: Broker | None = None,
        mischief: Mischief | None = None,
    ) -> None:
        self.crew = crew
        self.counts: Counter[str] = Counter()
        self._chance = chance
        self._broker = broker
        self._job = crew.hands[0].job
        self.kinds: dict[str, Callable[[], int]] = {"writers killed": self.kill_writer}
        if broker is not None:
            self.kinds |= {
                "indexes deleted": self.delete_index,
                "writers killed in a freeze": self.kill_in_a_freeze,
                "broker frozen": self.freeze,
                "broker frozen beyond the deadline": self.freeze_long,
                "broker killed": self.kill_broker,
            }
        if mischief is not None:
            self.kinds |= {
                "records sent twice": mischief.repeat,
                "commits sent late": lambda: mischief.late(self._job.window) + mischief.held_back(),
                "bytes that are no record": mischief.garbage,
            }

    def happen(self, kinds: Sequence[str], least: float, most: float) -> None:
        """These troubles one after the other, with so many seconds between them."""
        for kind in kinds:
            time.sleep(self._chance.uniform(least, most))
            self.counts[kind] += self.kinds[kind]()

    def happen_for(self, seconds: float, least: float, most: float) -> None:
        """Troubles of every kind by chance for so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.happen([self._chance.choice(sorted(self.kinds))], least, most)

    def kill_writer(self) -> int:
        """Kill -9, at any point of its work."""
        hand = self._any()
        hand.kill()
        return self._again(hand)

    def delete_index(self) -> int:
        """The node begins anew, from the log."""
        hand = self._any()
        hand.kill()
        hand.lose_index()
        return self._again(hand)

    def freeze(self) -> int:
        """The broker stands still for less than the deadline."""
        return self._frozen(self._job.deadline * self._chance.uniform(0.2, 0.6))

    def freeze_long(self) -> int:
        """The broker stands still for so long that commits are given up, and delivers them as it wakes."""
        return self._frozen(self._job.deadline * self._chance.uniform(1.2, 4.0))

    def kill_in_a_freeze(self) -> int:
        """A writer dies while the broker holds what it sent."""
        hand = self._any()
        assert self._broker is not None
        self._broker.freeze()
        time.sleep(self._chance.uniform(0.05, 0.3))
        hand.kill()
        self._broker.thaw()
        return self._again(hand)

    def kill_broker(self) -> int:
        assert self._broker is not None
        self._broker.kill()
        time.sleep(self._chance.uniform(0, 1))
        self._broker.start()
        return 1

    def _frozen(self, seconds: float) -> int:
        assert self._broker is not None
        self._broker.freeze()
        try:
            time.sleep(seconds)
        finally:
            self._broker.thaw()
        return 1

    def _any(self) -> Hand:
        return self._chance.choice(self.crew.hands)

    @staticmethod
    def _again(hand: Hand) -> int:
        hand.start()
        hand.wait_until("ready")
        return 1

"""A raw client that puts into the topic what no node would: records twice, commits too late, and no records at all."""

from __future__ import annotations

import random
from pathlib import Path

import msgpack

from tests.faults.journal import Journal
from tests.faults.rule import COMMIT, unpack
from tests.faults.topic import RawProducer, read_topic


class Mischief:
    """Acts on one topic. What it sends under a name of its own, it puts down in a journal, as every writer does."""

    def __init__(self, bootstrap: str, topic: str, folder: Path, chance: random.Random) -> None:
        self._bootstrap = bootstrap
        self._topic = topic
        self._chance = chance
        self._journal = Journal(folder / "mischief.journal")
        self._count = 0

    def repeat(self) -> int:
        """Send some records once more, byte for byte: newest ones and older ones, commits and cancels."""
        values = [value for _, value in read_topic(self._bootstrap, self._topic, newest=400) if value]
        again = [*self._chance.sample(values, min(8, len(values))), *values[-3:]]
        self._append(again)
        return len(again)

    def late(self, window: int) -> int:
        """Send two commits for which nothing but their base is a hindrance: one lies too far back, one ahead."""
        end = 1 + max((offset for offset, _ in read_topic(self._bootstrap, self._topic, newest=1)), default=-1)
        bases = [base for base in (max(0, end - window - 5), end + 1_000_000) if base > end or end - base > window]
        self._append([self._commit(base) for base in bases])
        return len(bases)

    def held_back(self) -> int:
        """Send a commit that stood under a new id, on the base and versions that it had then."""
        for _, value in read_topic(self._bootstrap, self._topic, newest=400):
            for item in unpack(value) or ():
                if item[0] == COMMIT and len(item) == 7 and item[4]:
                    events = [(entity, version, topic, state) for entity, version, topic, state in item[4]]
                    reads = [(entity, version) for entity, version in item[5]]
                    name = self._name()
                    self._journal.attempt(name, events, reads, item[3])
                    body = [COMMIT, self._id(), item[2], item[3], item[4], item[5], name.encode()]
                    self._append([msgpack.packb([1, [body]])])
                    return 1
        return 0

    def garbage(self) -> int:
        """Send what is no pack at all."""
        values = [b"", b"\xc1", b"no pack", self._chance.randbytes(40), msgpack.packb([1]), msgpack.packb({"a": 1})]
        self._append(values)
        return len(values)

    def _commit(self, base: int) -> bytes:
        name = self._name()
        events = [(f"{name}-entity", 1, "small.noted", b"late")]
        self._journal.attempt(name, events)
        record: bytes = msgpack.packb([1, [[COMMIT, self._id(), base, None, events, [], name.encode()]]])
        return record

    def _name(self) -> str:
        self._count += 1
        return f"mischief-{self._count}"

    def _id(self) -> bytes:
        return self._chance.randbytes(12)

    def _append(self, values: list[bytes]) -> None:
        with RawProducer(self._bootstrap, self._topic) as producer:
            producer.append(values)

"""What the writers decide: commits on few entities, on what they know, which is often not the newest."""

from __future__ import annotations

import hashlib
import random
import threading
from dataclasses import dataclass, field
from typing import Protocol

from infra.eventlog import Draft
from infra.eventlog.values import StoredCommit

SMALL, LARGE = (0, 200), (40_000, 120_000)
"""Bytes of a state: of nearly all, and of one in a few hundred."""
NEVER = "never"
"""An entity that nobody writes; reading it as absent is always right."""
SAME_REQUESTS = 6
"""Requests that all writers send at about the same time."""


class Commits(Protocol):
    """The part of a log that a writer decides on."""

    def head(self) -> int: ...
    def commits(self, after: int, limit: int) -> list[StoredCommit]: ...


@dataclass
class Heads:
    """The heads of all entities as far as this process has read the log; it reads through the log's own interface."""

    log: Commits
    position: int = 0
    heads: dict[str, int] = field(default_factory=dict)
    _reading: threading.Lock = field(default_factory=threading.Lock)

    def catch_up(self) -> None:
        """Read what is new here."""
        with self._reading:
            while commits := self.log.commits(self.position, 500):
                for commit in commits:
                    self.heads.update((entity, version) for entity, version, _, _ in commit.events)
                self.position = commits[-1].last

    def of(self, entity: str) -> int | None:
        return self.heads.get(entity)


def draft(
    chance: random.Random, heads: Heads, name: str, entities: int, again: bytes | None = None, *, tracking_only: bool
) -> Draft:
    """A commit of one to three entities, that rests on up to two others; `again` is a request to send once more."""
    chosen = chance.sample([f"e{number}" for number in range(entities)], min(entities, 5))
    if tracking_only and again is None and chance.random() < 0.01:
        return Draft((), context=name.encode(), tracking=("upstream", heads.position + chance.randrange(3)))
    events = []
    for entity in chosen[: chance.choice([1, 1, 1, 2, 3])]:
        version = heads.of(entity) or 0
        for _ in range(chance.choice([1, 1, 1, 2, 4])):
            version += 1
            size = chance.randint(*(LARGE if chance.random() < 0.003 else SMALL))
            events.append((entity, version, "small.noted", chance.randbytes(size)))
    reads = [(entity, heads.of(entity)) for entity in chosen[3 : 3 + chance.choice([0, 0, 1, 2])]]
    if chance.random() < 0.1:
        reads.append((NEVER, None))
    request = again
    if request is None and chance.random() < 0.4:
        request = request_key(heads.position // 10 + chance.randrange(SAME_REQUESTS))
    tracking = ("upstream", heads.position + chance.randrange(3)) if chance.random() < 0.05 else None
    return Draft(events, reads, request, name.encode(), tracking)


def request_key(number: int) -> bytes:
    return hashlib.sha256(b"request %d" % number).digest()[:16]

"""The fold: goes through the log in order, applies the rule to each commit, and remembers what was accepted.

It decides in memory, over a bounded cache of heads, and gathers rows in a batch; who owns it says when the batch is
written to the index. It belongs to one thread at a time.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from hashlib import sha256
from struct import Struct
from typing import Protocol

from msgspec import UNSET

from infra.eventlog.arbitration import Cancelled, Rejected, Verdict, rejection
from infra.eventlog.batch import Batch, PackRow
from infra.eventlog.chain import chained
from infra.eventlog.envelope import Cancel, Commit, Entry, NewerRecordError, unpack
from infra.eventlog.index import Index, State, reason_of
from infra.eventlog.recent import Recent
from infra.eventlog.values import Accepted, Rules

HEADS = 100_000
REQUESTS = 100_000


class Waiter(Protocol):
    """Who is told what became of a commit."""

    def decide(self, verdict: Verdict) -> None: ...


@dataclass(slots=True)
class Counts:
    """What was folded since the fold was opened."""

    accepted: int = 0
    duplicates: int = 0
    cancels: int = 0
    ignored: int = 0
    rejected: dict[str, int] = field(default_factory=dict)


class Fold:
    """What a node knows: the index, and beyond it what has not been written there yet."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.counts = Counts()
        self.reload()

    def reload(self) -> None:
        """Forget what is not in the index, and go on from what is."""
        state = self._index.state()
        self._state = state
        self.applied, self.head, self.chain, self.rules = state.applied, state.head, state.chain, state.rules
        self.batch, self.writing = Batch(), Batch()
        self.waiting: dict[bytes, Waiter] = {}
        empty = not state.applied
        self._heads: Recent[str, int] = Recent(HEADS, complete=empty)
        self._requests: Recent[bytes, Accepted] = Recent(REQUESTS, complete=empty)
        self._highest: dict[bytes, int] = {}
        self._refused: dict[bytes, tuple[int, Rejected]] = {}
        self._refusals: deque[tuple[int, bytes]] = deque()
        for offset, id, reason in self._index.refused():
            self._refuse(offset, id, reason)
        self._last: tuple[int, bytes | None] | None = None
        self._last_but_one: tuple[int, bytes | None] | None = None
        self.broken = False
        self._count = self.head
        self._pack = self.head + 1
        self._told: list[tuple[Waiter, Verdict]] = []

    # -- folding -------------------------------------------------------------

    def apply(self, offset: int, data: bytes | None) -> None:
        """Fold the record at this offset, and tell those who wait for a commit in it.

        Readers find its events before anybody is told. Raises `NewerRecordError`, and then has changed nothing. After
        any other error the fold is `broken`: what is in memory may be half a record, and is not to be written.
        """
        try:
            entries = unpack(data)
        except NewerRecordError as newer:
            raise NewerRecordError(
                f"record {offset} of the log is newer than this program: {newer}; upgrade this node"
            ) from newer
        if entries is None:
            self.counts.ignored += 1
        else:
            assert data is not None
            self.broken = True
            self._apply(offset, data, entries)
            self.broken = False
        self.applied = offset + 1
        self.batch.size += len(data or b"") + 1
        self._last_but_one, self._last = self._last, (offset, data)
        if self._told:
            told, self._told = self._told, []
            for waiter, verdict in told:
                waiter.decide(verdict)

    def _apply(self, offset: int, data: bytes, entries: tuple[Entry, ...]) -> None:
        first, refused = self._count + 1, []
        self._pack = first
        self._forget(offset)
        self._heads.forget()
        self._requests.forget()
        for place, entry in enumerate(entries):
            if isinstance(entry, Commit):
                if not self._judge(entry, offset):
                    refused.append(place)
            elif isinstance(entry, Cancel):
                self._cancel(entry.id, offset)
            elif self.rules is None:
                self.rules = Rules(entry.window, entry.first_version)
        if self._count >= first:
            self.batch.packs.append(PackRow(first, self._count, offset, tuple(refused), data))
            self.head = self._count

    def _judge(self, commit: Commit, offset: int) -> bool:
        """Decide a commit, remember it and tell its writer; whether it was accepted."""
        id = commit.id
        prefix, counter = _parts(id)
        highest = self._highest.get(prefix)
        if highest is None:
            highest = self._highest_of(prefix)
        if id in self._refused or (counter <= highest and self._was_accepted(prefix, counter)):
            self.counts.duplicates += 1
            return False
        if (rejected := rejection(commit, offset, self.rules, self)) is not None:
            self.counts.rejected[rejected.name] = self.counts.rejected.get(rejected.name, 0) + 1
            self._reject(offset, id, rejected)
            return False
        accepted = self._accept(commit)
        self._remember(prefix, counter, highest)
        if self.waiting and (waiter := self.waiting.pop(id, None)) is not None:
            self._told.append((waiter, accepted))
        return True

    def _accept(self, commit: Commit) -> Accepted:
        batch, pack, events, heads = self.batch, self._pack, commit.events, self._heads.young
        first = position = self._count + 1
        for entity, version, _, _ in events:
            heads[entity] = version
            if entity not in batch.runs:
                batch.runs[entity] = ((version, position, 1),)
            else:
                runs = batch.growing(entity)
                if (run := runs[-1])[1] >= pack and run[1] + run[2] == position:
                    runs[-1] = (run[0], run[1], run[2] + 1)
                else:
                    runs.append((version, position, 1))
            position += 1
        self._count = position - 1
        accepted = Accepted(first, self._count)
        if events:
            self.chain = chained(self.chain, first, events)
        if (request := commit.request) is not None:
            self._requests.young[request] = accepted
            batch.requests[request] = accepted
        if commit.tracking is not UNSET:
            application, tracked = commit.tracking
            batch.tracking[application] = tracked
        self.counts.accepted += 1
        return accepted

    def _remember(self, prefix: bytes, counter: int, highest: int) -> None:
        """Keep the id of an accepted commit, for ever: ids that follow each other in one record take one row."""
        ids, pack = self.batch.ids, self._pack
        if ids and (last := ids[-1])[2] == counter - 1 and last[0] == prefix and last[3] == pack:
            ids[-1] = (prefix, last[1], counter, pack)
        else:
            ids.append((prefix, counter, counter, pack))
        if counter > highest:
            self._highest[prefix] = counter

    def _cancel(self, id: bytes, offset: int) -> None:
        """Refuse a commit before it arrives; one that stands already is not touched by it."""
        self.counts.cancels += 1
        prefix, counter = _parts(id)
        if id in self._refused or (counter <= self._highest_of(prefix) and self._was_accepted(prefix, counter)):
            return
        self._reject(offset, id, Cancelled())

    def _reject(self, offset: int, id: bytes, reason: Rejected) -> None:
        """Remember a commit that is not accepted, here and in the index, and tell its writer."""
        self._refuse(offset, id, reason)
        self.batch.refused.append((offset, id, reason_of(reason)))
        if (waiter := self.waiting.pop(id, None)) is not None:
            self._told.append((waiter, reason))

    # -- what is remembered ----------------------------------------------------

    def head_of(self, entity: str) -> int | None:
        """The last version of an entity; None when it does not exist."""
        if (known := self._heads.get(entity)) is not None or self._heads.complete:
            return known
        found = self.batch.head(entity)
        if found is None:
            found = self.writing.head(entity)
        if found is None:
            found = self._index.head(entity)
        if found is not None:
            self._heads.young[entity] = found
        return found

    def first_of(self, request: bytes) -> Accepted | None:
        """The accepted commit of a request."""
        if (known := self._requests.get(request)) is not None or self._requests.complete:
            return known
        unwritten = self.batch.requests.get(request) or self.writing.requests.get(request)
        return unwritten or self._index.request(request)

    def tracked(self, application: str) -> int | None:
        """The last position of an upstream application."""
        for batch in (self.batch, self.writing):
            if (position := batch.tracking.get(application)) is not None:
                return position
        return self._index.tracked(application)

    def outcome(self, id: bytes) -> Verdict | None:
        """What became of a commit, or None when it has not arrived (or was refused longer ago than the window)."""
        if (refused := self._refused.get(id)) is not None:
            return refused[1]
        pack = self._pack_of(*_parts(id))
        return None if pack is None else self._accepted_in(pack, id)

    def _accepted_in(self, pack: int, id: bytes) -> Accepted:
        """The outcome of a commit that stands in the record whose events begin with this notification id."""
        unwritten = [row for batch in (self.batch, self.writing) for row in batch.packs if row.first == pack]
        for row in unwritten or self._index.packs(pack, 1):
            for first, commit in row.accepted():
                if commit.id == id:
                    return Accepted(first, first + len(commit.events) - 1)
        return Accepted(pack, pack - 1)  # a commit that only tracks

    def _highest_of(self, prefix: bytes) -> int:
        if (highest := self._highest.get(prefix)) is None:
            unwritten = max(self.batch.highest(prefix), self.writing.highest(prefix))
            highest = self._highest[prefix] = max(unwritten, self._index.highest(prefix))
        return highest

    def _was_accepted(self, prefix: bytes, counter: int) -> bool:
        return self._pack_of(prefix, counter) is not None

    def _pack_of(self, prefix: bytes, counter: int) -> int | None:
        """The record in which the commit of this id was accepted: the notification id with which its events begin."""
        for find in (self.batch.pack_of, self.writing.pack_of, self._index.pack_of):
            if (pack := find(prefix, counter)) is not None:
                return pack
        return None

    def _refuse(self, offset: int, id: bytes, reason: Rejected) -> None:
        self._refused[id] = (offset, reason)
        self._refusals.append((offset, id))

    def _forget(self, offset: int) -> None:
        """Forget what was refused longer ago than the window: `base` rejects it from here on."""
        if self.rules is None:
            return
        while self._refusals and offset - self._refusals[0][0] > self.rules.window:
            del self._refused[self._refusals.popleft()[1]]

    def leave_out_refused(self, offset: int, data: bytes | None) -> None:
        """Make the record folded last one of its accepted commits alone: `data`, or nothing when there are none.

        For a log that nothing can reach late; there a refusal need not be remembered.
        """
        batch = self.batch
        self._refused.clear()
        self._refusals.clear()
        batch.refused.clear()
        if data is None:
            self.applied, self._last, batch.size = offset, self._last_but_one, 0
        else:
            batch.packs[-1] = batch.packs[-1]._replace(refused=(), data=data)
            self._last = (offset, data)

    # -- the batch -------------------------------------------------------------

    def take(self) -> tuple[Batch, State]:
        """What is to be written now. It stays in sight as `writing` until `written` is called."""
        self.writing, self.batch = self.batch, Batch()
        return self.writing, self.state()

    def keep(self) -> None:
        """Put what was folded last beside what is to be written later; `written` is called when that was done."""
        self.writing.add(self.batch)
        self.batch = Batch()

    def written(self) -> None:
        self.writing = Batch()

    def begin(self, topic: str) -> None:
        """Say which topic is folded, before its first record."""
        self._state = replace(self._state, topic=topic)

    def state(self) -> State:
        """How far the fold is, as the index keeps it."""
        if self._last is None:
            return self._state
        offset, data = self._last
        last = (offset, sha256(data or b"").digest())
        return State(self._state.topic, self.applied, self.head, self.chain, last, self.rules)


_parts = Struct(">8sI").unpack
"""The prefix of an id, and its counter."""

"""What a log can be asked: events by notification id, by entity, by request. Memory first, then the index.

Rows only ever move from the batch in memory to the one that is being written, and from there into the file; so whoever
looks in this order misses nothing. A record's rows come one after the other, and count once the head is beyond them:
whoever looks for the head before the rows sees records whole or not at all.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from threading import Lock

from infra.eventlog.batch import Batch, PackRow, Run
from infra.eventlog.chain import BEGINNING, chained
from infra.eventlog.index import LATEST, Index
from infra.eventlog.values import Event, StoredCommit

PACKS_AT_ONCE = 64
UNPACKED = 64


class Reading:
    """Reads over an index, and over the batches that are not in it yet. Any thread may call it."""

    def __init__(self, index: Index, unwritten: Callable[[], Sequence[Batch]], head: Callable[[], int]) -> None:
        self._index = index
        self._unwritten = unwritten
        self._head = head
        self._unpacked: OrderedDict[int, list[StoredCommit]] = OrderedDict()
        self._lock = Lock()
        self._chained = 0, BEGINNING

    def commits(self, after: int, limit: int) -> list[StoredCommit]:
        """The commits beyond a notification id: about `limit` events, and the last commit whole."""
        found: list[StoredCommit] = []
        if limit < 1:
            return found
        for commit in self._from(after + 1):
            if commit.last <= after:
                continue
            found.append(commit)
            if commit.last >= after + limit:
                break
        return found

    def events(self, start: int, stop: int) -> Iterator[tuple[int, Event]]:
        """The events with notification ids from `start` to `stop`, both included."""
        for commit in self._from(start):
            if commit.first > stop:
                return
            for id, event in enumerate(commit.events, start=commit.first):
                if start <= id <= stop:
                    yield id, event

    def request(self, key: bytes) -> StoredCommit | None:
        """The accepted commit of a request."""
        batches, head = self._unwritten(), self._head()
        first = next((batch.requests[key] for batch in batches if key in batch.requests), None)
        if first is None:
            first = self._index.request_read(key)
        return self.commit_of(first.first) if first and first.first <= head else None

    def commit_of(self, id: int) -> StoredCommit:
        """The commit that holds the event with this notification id."""
        commits = self._unpack(self._pack_of(id))
        return commits[bisect_right(commits, id, key=lambda commit: commit.first) - 1]

    def entity(
        self, entity: str, after: int, until: int = LATEST, *, latest_first: bool = False, limit: int | None = None
    ) -> Iterator[tuple[int, Event]]:
        """An entity's events with their notification ids, beyond version `after` and up to version `until`."""
        runs = self._runs(entity, after, until)
        numbers = (
            (id + step, version + step)
            for version, id, length in (reversed(runs) if latest_first else runs)
            for step in (reversed(range(length)) if latest_first else range(length))
            if after < version + step <= until
        )
        for taken, (id, _) in enumerate(numbers):
            if limit is not None and taken >= limit:
                return
            commit = self.commit_of(id)
            yield id, commit.events[id - commit.first]

    def chain_at(self, position: int) -> bytes:
        """The chain hash once the event at this position was accepted; it is always the last one of its commit."""
        known, chain = self._index.chain_before(position)
        if known < (last := self._chained)[0] <= position:
            known, chain = last
        for commit in self._from(known + 1):
            if commit.last <= known:
                continue
            if commit.first > position:
                break
            chain = chained(chain, commit.first, commit.events)
            known = commit.last
        if known != position:
            raise ValueError(f"{position} is not the last event of a commit that is known here")
        self._chained = known, chain
        return chain

    # -- records ---------------------------------------------------------------

    def _from(self, id: int) -> Iterator[StoredCommit]:
        """The commits from the record on that holds this notification id."""
        while packs := self._packs(id):
            for row in packs:
                yield from self._unpack(row)
            id = packs[-1].last + 1

    def _packs(self, id: int) -> list[PackRow]:
        memory = self._in_memory()
        begins = memory[0].first if memory else LATEST
        if id < begins:
            return [row for row in self._index.packs(id, PACKS_AT_ONCE) if row.first < begins]
        return memory[_place(memory, id) :]

    def _pack_of(self, id: int) -> PackRow:
        memory = self._in_memory()
        if memory and id >= memory[0].first:
            return memory[_place(memory, id)]
        return self._index.packs(id, 1)[0]

    def _in_memory(self) -> list[PackRow]:
        newer, older = [batch.packs[:] for batch in self._unwritten()] or ([], [])
        if older and newer and newer[0].first == older[0].first:
            return newer  # one batch, on its way from the one place to the other
        return older + newer

    def _unpack(self, row: PackRow) -> list[StoredCommit]:
        """The commits of a record, kept for a while: neighbours are often asked for next."""
        with self._lock:
            if (known := self._unpacked.get(row.first)) is not None:
                self._unpacked.move_to_end(row.first)
                return known
        commits = row.commits()
        with self._lock:
            self._unpacked[row.first] = commits
            if len(self._unpacked) > UNPACKED:
                self._unpacked.popitem(last=False)
        return commits

    def _runs(self, entity: str, after: int, until: int) -> list[Run]:
        batches, head = self._unwritten(), self._head()
        unwritten = [run for batch in batches for run in list(batch.runs.get(entity, ()))]
        runs = {run[0]: run for run in (*self._index.runs(entity, after, until), *unwritten) if run[1] <= head}
        return [runs[version] for version in sorted(runs)]


def _place(rows: Sequence[PackRow], id: int) -> int:
    """The place of the record that holds this notification id, or the end when it lies beyond them."""
    place = bisect_right(rows, id, key=lambda row: row.first) - 1
    return place if place >= 0 and rows[place].last >= id else place + 1

"""The fold: the same log gives the same index, however it is read; and its rule is that of a model of few lines."""

from __future__ import annotations

import random
import shutil
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgpack
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.eventlog import keeping
from infra.eventlog.errors import NotRecordedError, ReadMovedError, RequestRepeatedError, VersionConflictError
from infra.eventlog.fold import Fold
from infra.eventlog.index import Index
from infra.eventlog.log import answer
from infra.eventlog.persisting import Persister
from infra.eventlog.values import Accepted

WINDOW = 6
ENTITIES = "abc"
TABLES = ("packs", "runs", "ids", "requests", "tracking")


@dataclass
class Model:
    """The rule once more, as plainly as it can be said."""

    heads: dict[str, int] = field(default_factory=dict)
    requests: set[bytes] = field(default_factory=set)
    tracked: dict[str, int] = field(default_factory=dict)
    known: dict[bytes, int | None] = field(default_factory=dict)
    accepted: list[list[Any]] = field(default_factory=list)

    def takes(self, offset: int, entry: list[Any]) -> None:
        known = self.known.get(entry[1], -WINDOW - 1)
        if known is None or offset - known <= WINDOW:
            return
        self.known[entry[1]] = offset
        if entry[0] == 0 and self._right(offset, *entry[2:]):
            self.known[entry[1]] = None
            self.requests |= {entry[3]} - {None}
            self.heads |= {entity: version for entity, version, *_ in entry[4]}
            self.tracked |= dict(entry[7:])
            self.accepted.append(entry)

    def _right(self, offset: int, base: int, request: Any, events: Any, reads: Any, _: Any, *tracking: Any) -> bool:
        heads = dict(self.heads)
        for entity, version, *_rest in events:
            if version != heads.get(entity, 0) + 1:
                return False
            heads[entity] = version
        written = {entity for entity, *_ in events}
        return (
            request not in self.requests
            and 0 <= offset - base <= WINDOW
            and all(self.heads.get(entity) == read for entity, read in reads if entity not in written)
            and all(position > self.tracked.get(application, -1) for application, position in tracking)
        )


def history(chance: random.Random, length: int) -> list[bytes]:
    """A log that somebody might write: stale commits, repeats, cancels, late ones, packs, and bytes of nobody."""
    heads: dict[str, int] = {}
    sent: list[list[Any]] = []
    records: list[bytes] = [msgpack.packb([1, [[2, WINDOW, 1]]])]
    for offset in range(1, length):
        if chance.random() < 0.1:
            records.append(chance.choice([b"", b"nobody's", msgpack.packb([1, [[2, 99, 0]]])]))
            continue
        pack = []
        for _ in range(chance.choice([1, 1, 2, 4])):
            if sent and chance.random() < 0.25:
                again = chance.choice(sent)
                pack.append(chance.choice([again, [1, again[1]]]))
                continue
            entry = _commit(chance, offset, heads)
            sent.append(entry)
            if chance.random() < 0.8:
                pack.append(entry)
            if chance.random() < 0.1:
                pack.append([1, entry[1]])
        records.append(msgpack.packb([1, pack]))
    return records


def _commit(chance: random.Random, offset: int, heads: dict[str, int]) -> list[Any]:
    """A commit that is right more often than not, and moves the heads that its writer believes in."""
    versions = dict(heads)
    events = []
    for entity in chance.choices(ENTITIES, k=chance.choice([1, 1, 2, 3])):
        versions[entity] = versions.get(entity, 0) + chance.choice([1] * 9 + [2])
        events.append([entity, versions[entity], "t", chance.randbytes(3)])
    if chance.random() < 0.8:
        heads.update(versions)
    reads = [[entity, versions.get(entity)] for entity in chance.sample(ENTITIES, 1) if chance.random() < 0.3]
    request = chance.choice([None, None, bytes([chance.randrange(20)])])
    base = max(0, offset - chance.choice([0, 0, 1, WINDOW - 1, WINDOW, WINDOW + 1, -1]))
    id = chance.choice([b"prefix-1", b"prefix-2"]) + chance.randrange(2**16).to_bytes(4, "big")
    tracking = [["upstream", chance.randrange(30)]] if chance.random() < 0.1 else []
    return [0, id, base, request, events, reads, b"context", *tracking]


def wanted(records: Sequence[bytes]) -> list[list[Any]]:
    """What the model accepts of a log."""
    model, ruled = Model(), False
    for offset, data in enumerate(records):
        try:
            _, entries = msgpack.unpackb(data)
        except (ValueError, TypeError):
            continue
        for entry in entries:
            if entry[0] == 2:
                ruled = True
            elif ruled:
                model.takes(offset, entry)
    return model.accepted


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    shutil.rmtree(tmp_path)


def folded(path: Path, records: Sequence[bytes], stops: Sequence[int], reopen: bool) -> tuple[Index, Fold]:
    """Fold a log, writing to the index at these places, and opening it anew there if wished."""
    index = Index(path, durable=False)
    fold = Fold(index)
    fold.begin("topic")
    for offset, data in enumerate(records):
        fold.apply(offset, data)
        if offset in stops:
            write(index, fold)
            if reopen:
                index.close()
                index = Index(path, durable=False)
                fold = Fold(index)
    write(index, fold)
    return index, fold


def write(index: Index, fold: Fold) -> None:
    with index.transaction():
        index.write(*fold.take())
    fold.written()


def content(index: Index) -> dict[str, list[Any]]:
    """All that an index says of its log."""
    with sqlite3.connect(index.path) as connection:
        found = {table: connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in TABLES}
        found["state"] = connection.execute("SELECT * FROM state").fetchall()
    connection.close()
    return found


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32), st.integers(2, 60))
def test_the_fold_accepts_what_the_model_accepts_and_numbers_it_without_gaps(
    tmp_path_factory: pytest.TempPathFactory, seed: int, length: int
) -> None:
    records = history(random.Random(seed), length)
    index, fold = folded(tmp_path_factory.mktemp("fold") / "index.db", records, (), reopen=False)
    commits = [commit for row in index.packs(1, 1_000) for commit in row.commits()]
    accepted = wanted(records)
    assert [[list(event) for event in commit.events] for commit in commits] == [entry[4] for entry in accepted]
    ids = [id for commit in commits for id in range(commit.first, commit.last + 1)]
    assert ids == list(range(1, fold.head + 1))
    chain = bytes(32)
    for commit, entry in zip(commits, accepted, strict=True):
        chain = sha256(chain + msgpack.packb([commit.first, entry[4]])).digest()
    assert fold.chain == chain
    index.close()


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32), st.integers(2, 60), st.sets(st.integers(0, 60)), st.booleans())
def test_any_batching_and_any_reopening_gives_the_same_index(
    tmp_path_factory: pytest.TempPathFactory, seed: int, length: int, stops: set[int], reopen: bool
) -> None:
    records = history(random.Random(seed), length)
    path = tmp_path_factory.mktemp("fold")
    one, at_once = folded(path / "one.db", records, (), reopen=False)
    other, in_parts = folded(path / "other.db", records, sorted(stops), reopen)
    assert content(one) == content(other)
    ids = {bytes(entry[1]) for data in records[1:] for entry in _entries(data)}
    assert {id: at_once.outcome(id) for id in ids} == {id: in_parts.outcome(id) for id in ids}
    one.close()
    other.close()


def _entries(data: bytes) -> list[Any]:
    try:
        return [entry for entry in msgpack.unpackb(data)[1] if entry[0] != 2]
    except (ValueError, TypeError):
        return []


def entry(number: int, base: int, version: int, **fields: Any) -> list[Any]:
    """A commit of entity a."""
    about = {"request": None, "events": [["a", version, "t", b""]], "reads": [], "context": b""} | fields
    return [0, b"prefix-1" + number.to_bytes(4, "big"), base, *about.values()]


class Folding:
    """A fold that is given its records one by one."""

    def __init__(self, path: Path) -> None:
        self.index = Index(path / "index.db", durable=False)
        self.fold = Fold(self.index)
        self.give([2, WINDOW, 1])

    def give(self, *entries: list[Any]) -> None:
        self.fold.apply(self.fold.applied, msgpack.packb([1, list(entries)]))

    def outcome(self, number: int) -> Any:
        return self.fold.outcome(b"prefix-1" + number.to_bytes(4, "big"))


@pytest.fixture
def folding(folder: Path) -> Iterator[Folding]:
    made = Folding(folder)
    yield made
    made.index.close()


@pytest.mark.parametrize(("late", "taken"), [(WINDOW, True), (WINDOW + 1, False)])
def test_a_commit_is_taken_at_the_edge_of_the_window_and_no_later(folding: Folding, late: int, taken: bool) -> None:
    for _ in range(late - 1):
        folding.give()
    assert folding.fold.applied == late
    folding.give(entry(1, 0, 1))
    assert isinstance(folding.outcome(1), Accepted) is taken


def test_a_commit_that_claims_to_have_read_what_comes_after_it_is_rejected(folding: Folding) -> None:
    folding.give(entry(1, 2, 1))
    with pytest.raises(NotRecordedError):
        answer(folding.outcome(1))


def test_a_cancel_that_comes_first_wins_and_one_that_comes_later_does_nothing(folding: Folding) -> None:
    folding.give([1, entry(1, 0, 1)[1]], entry(1, 1, 1))
    assert not isinstance(folding.outcome(1), Accepted)
    folding.give(entry(2, 2, 1))
    folding.give([1, entry(2, 0, 1)[1]])
    assert folding.outcome(2) == Accepted(1, 1)


def test_each_refusal_says_what_was_expected_and_what_is(folding: Folding) -> None:
    folding.give(entry(1, 1, 1, request=b"r"))
    folding.give(
        entry(2, 2, 1),
        entry(3, 2, 1, request=b"r"),
        entry(4, 2, 1, events=[["b", 1, "t", b""]], reads=[["a", None]]),
    )
    with pytest.raises(VersionConflictError, match="a is at version 1; the commit writes version 1"):
        answer(folding.outcome(2))
    with pytest.raises(RequestRepeatedError) as repeated:
        answer(folding.outcome(3))
    assert repeated.value.first == Accepted(1, 1)
    with pytest.raises(ReadMovedError, match="a was read absent and is now at version 1"):
        answer(folding.outcome(4))
    assert folding.fold.counts.rejected == {"conflict": 1, "repeated": 1, "moved": 1}


def test_commits_before_the_first_configuration_are_rejected(folder: Path) -> None:
    index = Index(folder / "unruled.db", durable=False)
    fold = Fold(index)
    fold.apply(0, msgpack.packb([1, [entry(1, 0, 1)]]))
    assert fold.head == 0
    fold.apply(1, msgpack.packb([1, [[2, WINDOW, 1], [2, 99, 0]]]))
    assert (fold.rules.window, fold.rules.first_version) == (WINDOW, 1) if fold.rules else None
    index.close()


def test_half_a_record_is_never_written_when_the_index_fails_in_the_middle_of_it(folder: Path) -> None:
    begun = Folding(folder)
    begun.give(entry(1, 1, 1))
    write(begun.index, begun.fold)
    begun.index.close()
    index = Index(folder / "index.db", durable=False)
    fold = Fold(index)
    index._lookups.close()  # as a disk that goes away: known to the rule is only what is in memory
    with pytest.raises(sqlite3.ProgrammingError):
        fold.apply(2, msgpack.packb([1, [entry(2, 2, 2)]]))
    persister = Persister(fold, index, threading.Lock())
    persister.start()
    persister.folded()
    persister.stop()
    assert (state := keeping.folded(index.path)) is not None
    assert state.applied == 2
    assert [commit.first for row in index.packs(1, 10) for commit in row.commits()] == [1]
    index.close()

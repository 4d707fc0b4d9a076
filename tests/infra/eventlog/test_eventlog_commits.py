"""Commits in one file: whole or not at all, read back by position, by entity and by request, from any process."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import committing
import pytest
from committing import SHARED, opened
from eventsourcing.persistence import RecordConflictError, StoredEvent
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.eventlog import StoredCommit, embedded
from infra.eventlog.errors import NotRecordedError, ReadMovedError, RequestRepeatedError
from infra.eventlog.recorders import CommitRecorder


def writer(path: str, name: str, commits: int, out: Any = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    """A process that commits to this file."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, committing.__file__, path, name, str(commits)], stdout=out, env=environment
    )


def event(entity: str, version: int, state: bytes = b"{}") -> StoredEvent:
    return StoredEvent(entity, version, "t.v1", state)


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[CommitRecorder]:
    made = opened(str(tmp_path / "log.db"))
    yield made
    made.log.close()


def put(
    recorder: CommitRecorder,
    *events: StoredEvent,
    request: bytes | None = None,
    reads: Mapping[str, int | None] | None = None,
    context: bytes = b"{}",
) -> list[int]:
    return list(recorder.insert_events(list(events), context=context, request=request, reads=reads) or ())


def everything(recorder: CommitRecorder) -> list[tuple[int, str, int]]:
    return [
        (id, entity, version)
        for stored in recorder.select_commits(0, 10_000)
        for id, (entity, version, _, _) in enumerate(stored.events, start=stored.first)
    ]


def ids(stored: StoredCommit) -> tuple[int, ...]:
    return tuple(range(stored.first, stored.last + 1))


def filled(recorder: CommitRecorder, sizes: Sequence[int]) -> list[tuple[int, ...]]:
    """Commits of these sizes, each of as many entities; the positions of each."""
    return [
        tuple(
            put(recorder, *(event(f"e{part}", 1 + sum(size > part for size in sizes[:number])) for part in range(size)))
        )
        for number, size in enumerate(sizes)
    ]


def test_positions_count_from_one_without_gaps_also_after_refusals(recorder: CommitRecorder) -> None:
    assert put(recorder, event("a", 1), event("b", 1)) == [1, 2]
    with pytest.raises(RecordConflictError):
        put(recorder, event("c", 1), event("a", 1))
    assert put(recorder, event("a", 2)) == [3]


def test_a_commit_of_a_version_that_is_taken_is_refused_whole(recorder: CommitRecorder) -> None:
    put(recorder, event("a", 1))
    with pytest.raises(RecordConflictError):
        put(recorder, event("b", 1), event("a", 1), request=b"r")
    assert everything(recorder) == [(1, "a", 1)]
    assert recorder.select_request(b"r") is None


@pytest.mark.parametrize(("read", "now"), [(None, 1), (1, 2), (2, 0)])
def test_a_commit_whose_read_moved_is_refused_whole(recorder: CommitRecorder, read: int | None, now: int) -> None:
    for version in range(1, now + 1):
        put(recorder, event("read", version))
    was, is_now = (f"at version {each}" if each else "absent" for each in (read, now))
    with pytest.raises(ReadMovedError, match=f"read was read {was} and is now {is_now}"):
        put(recorder, event("a", 1), request=b"r", reads={"read": read})
    assert len(everything(recorder)) == now
    assert recorder.select_request(b"r") is None
    put(recorder, event("a", 1), request=b"r", reads={"read": now or None})
    assert recorder.select_request(b"r") is not None


def test_a_request_is_accepted_once(recorder: CommitRecorder) -> None:
    put(recorder, event("a", 1), request=b"r", context=b"first")
    with pytest.raises(RequestRepeatedError):
        put(recorder, event("b", 1), request=b"r", context=b"second")
    stored = recorder.select_request(b"r")
    assert stored is not None
    assert (stored.context, [entity for entity, *_ in stored.events]) == (b"first", ["a"])
    assert everything(recorder) == [(1, "a", 1)]


def test_commits_without_a_request_do_not_answer_each_other(recorder: CommitRecorder) -> None:
    put(recorder, event("a", 1))
    put(recorder, event("b", 1))
    assert len(recorder.select_commits(0, 10)) == 2


def test_nothing_to_record_is_no_commit(recorder: CommitRecorder) -> None:
    assert put(recorder, request=b"r") == []
    assert recorder.select_request(b"r") is None
    assert recorder.select_commits(0, 10) == []


def test_what_a_request_recorded_is_given_whole_and_alone(recorder: CommitRecorder) -> None:
    put(recorder, event("a", 1), event("b", 1), request=b"one")
    put(recorder, event("a", 2, b"later"), event("c", 1), request=b"two", context=b"ctx")
    stored = recorder.select_request(b"two")
    assert stored is not None
    assert stored.context == b"ctx"
    assert (stored.first, stored.events) == (3, (("a", 2, "t.v1", b"later"), ("c", 1, "t.v1", b"{}")))
    assert recorder.select_request(b"three") is None


def test_an_entity_is_given_with_the_contexts_of_its_commits_and_only_its_own_events(recorder: CommitRecorder) -> None:
    put(recorder, event("a", 1), event("b", 1), event("a", 2), context=b"one")
    put(recorder, event("b", 2), context=b"two")
    put(recorder, event("b", 3), event("a", 3), context=b"three")

    def found(after: int, limit: int) -> list[tuple[bytes, list[tuple[int, int]]]]:
        return [
            (stored.context, [(id, version) for id, (_, version, _, _) in events])
            for stored, events in recorder.select_entity("a", after, limit)
        ]

    assert found(0, 10) == [(b"one", [(1, 1), (3, 2)]), (b"three", [(6, 3)])]
    assert found(1, 10) == [(b"one", [(3, 2)]), (b"three", [(6, 3)])]
    assert found(0, 1) == [(b"one", [(1, 1)])]
    assert found(3, 10) == []
    assert list(recorder.select_entity("nobody", 0, 10)) == []


SIZES = st.lists(st.integers(1, 5), max_size=8)


@settings(max_examples=40, deadline=None)
@given(sizes=SIZES, after=st.integers(0, 45), limit=st.integers(0, 45))
def test_no_limit_splits_a_commit_and_one_is_given_where_there_is_one(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], after: int, limit: int
) -> None:
    recorder = opened(str(tmp_path_factory.mktemp("log") / "log.db"))
    whole = filled(recorder, sizes)
    given_back = [ids(stored) for stored in recorder.select_commits(after, limit)]
    beyond = [positions for positions in whole if positions[-1] > after]
    assert given_back == beyond[: len(given_back)]
    if limit:
        assert sum(map(len, given_back)) >= min(limit, sum(map(len, beyond)) - 4)
        assert bool(given_back) == bool(beyond)
    assert sum(map(len, given_back[:-1])) <= limit + 5
    recorder.log.close()


@settings(max_examples=20, deadline=None)
@given(sizes=SIZES, limit=st.integers(1, 12))
def test_reading_on_from_the_last_commit_reads_every_commit_once(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], limit: int
) -> None:
    recorder = opened(str(tmp_path_factory.mktemp("log") / "log.db"))
    whole, read, after = filled(recorder, sizes), [], 0
    while found := recorder.select_commits(after, limit):
        read += [ids(stored) for stored in found]
        after = read[-1][-1]
    assert read == whole
    recorder.log.close()


def check_whole(recorder: CommitRecorder) -> list[str]:
    """Positions run from 1 without a gap and every commit is whole; the context of each."""
    stored = recorder.select_commits(0, 1_000_000)
    positions = [id for commit in stored for id in ids(commit)]
    assert positions == list(range(1, len(positions) + 1))
    for number, commit in enumerate(stored, start=1):
        name = commit.context.decode()
        assert {state.decode() for *_, state in commit.events} == {name}
        assert len(commit.events) == 3
        assert commit.events[2][:2] == (SHARED, number)
    return [commit.context.decode() for commit in stored]


def test_two_processes_on_one_file_never_both_get_a_version(tmp_path: Path) -> None:
    path, commits = str(tmp_path / "log.db"), 150
    recorder = opened(path)
    writers = [writer(path, name, commits) for name in "xy"]
    assert [each.wait(timeout=120) for each in writers] == [0, 0]
    names = check_whole(recorder)
    assert sorted(names) == sorted(f"{name}{number}" for name in "xy" for number in range(1, commits + 1))
    recorder.log.close()


@pytest.mark.slow
def test_a_writer_that_is_killed_leaves_no_half_commit_and_nothing_it_was_told_stands_is_lost(tmp_path: Path) -> None:
    path, chance = str(tmp_path / "log.db"), random.Random(7)
    until, told, rounds = time.monotonic() + 15, [], 0
    while time.monotonic() < until:
        name = "abcdefghijklmnopqrstuvwxyz"[rounds]
        with (tmp_path / f"{name}.out").open("w") as out:
            victim = writer(path, name, 100_000, out)
            time.sleep(0.8 + chance.random() * 0.4)
            victim.kill()
            victim.wait()
        accepted = (tmp_path / f"{name}.out").read_text().split("\n")[:-1]
        told += [f"{name}{number}" for number in accepted]
        recorder = opened(path)
        names = check_whole(recorder)
        recorder.log.close()
        assert set(told) <= set(names)
        rounds += 1
    assert rounds >= 5
    assert len(told) > rounds


@pytest.mark.parametrize("write", ["journal", "write"])
def test_a_write_that_fails_in_python_is_not_answered_as_accepted(
    recorder: CommitRecorder, monkeypatch: pytest.MonkeyPatch, write: str
) -> None:
    def no_memory(*_: object) -> None:
        raise MemoryError

    put(recorder, event("a", 1))
    with monkeypatch.context() as machine:
        machine.setattr(recorder.log.index, write, no_memory)
        machine.setattr(embedded, "UNINDEXED", 0)
        with pytest.raises(NotRecordedError):
            put(recorder, event("a", 2))
    assert everything(recorder) == [(1, "a", 1)]
    assert put(recorder, event("a", 2)) == [2]

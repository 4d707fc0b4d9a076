"""Reading beside the fold: a record is seen whole or not at all, wherever its rows are at that moment."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import msgpack
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.eventlog.fold import Fold
from infra.eventlog.index import Index
from infra.eventlog.reading import Reading

RECORDS = 60
AT_ONCE = 40
"""Commits in a record, of one event each and all of one entity."""


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with closing(Index(tmp_path / "index.db", durable=False)) as index:
        yield index


@pytest.fixture
def many_turns() -> Iterator[None]:
    """Threads take turns so often that a reader comes in the middle of nearly every record."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def record(number: int) -> bytes:
    """A record whose commits have one request each; the first record begins the log."""
    entries: list[list[object]] = [[2, RECORDS, 1]] if not number else []
    for place in range(AT_ONCE):
        version = number * AT_ONCE + place + 1
        id, request = b"prefix-1" + version.to_bytes(4, "big"), b"request %d" % version
        entries.append([0, id, number, request, [["shared", version, "t", b"%d" % version]], [], b""])
    packed: bytes = msgpack.packb([1, entries])
    return packed


def read_beside(index: Index, look: Callable[[Reading], None]) -> None:
    """Fold all records, writing some of them to the index, and let two threads look all the while, each often."""
    fold, over, failed = Fold(index), threading.Event(), []
    looked = [threading.Semaphore(0), threading.Semaphore(0)]
    fold.begin("topic")
    reading = Reading(index, lambda: (fold.batch, fold.writing), lambda: fold.head)

    def looking(done: threading.Semaphore) -> None:
        try:
            while not over.is_set():
                look(reading)
                done.release()
        except Exception as error:
            failed.append(error)
            over.set()

    threads = [threading.Thread(target=looking, args=(done,)) for done in looked]
    for each in threads:
        each.start()
    for number in range(RECORDS):
        fold.apply(number, record(number))
        if number % 7 == 6:
            with index.transaction():
                index.write(*fold.take())
            fold.written()
            while not over.is_set() and not all(done.acquire(timeout=0.1) for done in looked):
                pass
    over.set()
    for each in threads:
        each.join()
    assert not failed, failed
    assert fold.head == RECORDS * AT_ONCE


@pytest.mark.usefixtures("many_turns")
def test_an_entity_is_read_in_whole_records_while_they_are_folded(index: Index) -> None:
    seen = []

    def look(reading: Reading) -> None:
        found = [(id, event[1], event[3]) for id, event in reading.entity("shared", 0)]
        assert found == [(place, place, b"%d" % place) for place in range(1, len(found) + 1)]
        assert len(found) % AT_ONCE == 0
        seen.append(len(found))

    read_beside(index, look)
    assert len(set(seen)) > 2


@pytest.mark.usefixtures("many_turns")
def test_a_request_is_found_once_its_record_is_folded_and_is_its_own(index: Index) -> None:
    seen = []

    def look(reading: Reading) -> None:
        last = max((commit.last for commit in reading.commits(0, RECORDS * AT_ONCE)), default=0)
        assert last % AT_ONCE == 0
        for number in (last, last + 1, last + AT_ONCE):
            commit = reading.request(b"request %d" % number)
            assert commit is not None or number == 0 or number > last
            if commit is not None:
                assert commit.events[0][1] == commit.first == number
        seen.append(last)

    read_beside(index, look)
    assert len(set(seen)) > 2


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(st.integers(1, 5 * AT_ONCE), min_size=2, max_size=12), written=st.integers(0, 5))
def test_the_chain_is_the_same_whichever_commits_it_was_asked_for_before(
    tmp_path_factory: pytest.TempPathFactory, asked: list[int], written: int
) -> None:
    with closing(Index(tmp_path_factory.mktemp("chain") / "index.db", durable=False)) as index:
        fold = Fold(index)
        fold.begin("topic")
        reading = Reading(index, lambda: (fold.batch, fold.writing), lambda: fold.head)
        for number in range(5):
            fold.apply(number, record(number))
            if number + 1 == written:
                with index.transaction():
                    index.write(*fold.take())
                fold.written()
        chains = [bytes(32)]
        for place in range(1, 5 * AT_ONCE + 1):
            commit = msgpack.packb([place, [["shared", place, "t", b"%d" % place]]])
            chains.append(sha256(chains[-1] + commit).digest())
        assert fold.chain == chains[-1]
        assert [reading.chain_at(place) for place in asked] == [chains[place] for place in asked]

"""Records as bytes: what is a pack, what is nobody's record, and what was written by a newer version."""

from __future__ import annotations

from typing import Any

import msgpack
import pytest
from eventsourcing.persistence import DataError
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.eventlog import Draft, Rules, envelope
from infra.eventlog.envelope import LARGEST_COMMIT, Cancel, Commit, Configuration, NewerRecordError, unpack
from infra.eventlog.errors import CommitTooLargeError

ID = bytes(range(12))
TEXT = st.text(max_size=20)
NUMBER = st.integers(0, 2**63 - 1)
DRAFTS = st.builds(
    Draft,
    st.lists(st.tuples(TEXT, NUMBER, TEXT, st.binary(max_size=300)), min_size=1, max_size=20),
    st.lists(st.tuples(TEXT, st.none() | NUMBER), max_size=20),
    st.none() | st.binary(max_size=40),
    st.binary(max_size=300),
    st.none() | st.tuples(TEXT, NUMBER),
)


def commit(**other: Any) -> list[Any]:
    """A commit as another program would write it, with some fields as given."""
    fields = {
        "kind": 0,
        "id": ID,
        "base": 7,
        "request": None,
        "events": [["a", 1, "t", b"s"]],
        "reads": [["b", None]],
        "context": b"c",
    }
    return list((fields | other).values())


@settings(deadline=None)
@given(st.lists(st.tuples(st.binary(min_size=12, max_size=12), NUMBER, DRAFTS), max_size=40))
def test_a_pack_is_what_msgpack_reads_and_gives_back_its_commits(commits: list[tuple[bytes, int, Draft]]) -> None:
    data = envelope.pack([envelope.commit(id, base, envelope.body_of(draft)) for id, base, draft in commits])
    entries = unpack(data)
    assert entries is not None
    for entry, plain, (id, base, draft) in zip(entries, msgpack.unpackb(data)[1], commits, strict=True):
        assert isinstance(entry, Commit)
        assert (entry.id, entry.base, entry.request, entry.context) == (id, base, draft.request, draft.context)
        assert (entry.events, entry.reads) == (tuple(draft.events), tuple(draft.reads))
        wanted = [
            0,
            id,
            base,
            draft.request,
            list(map(list, draft.events)),
            list(map(list, draft.reads)),
            draft.context,
        ]
        assert plain == (wanted if draft.tracking is None else [*wanted, list(draft.tracking)])


def test_cancels_and_configurations_are_entries_too() -> None:
    data = envelope.pack([envelope.configuration(Rules(9, 0)), envelope.cancel(ID)])
    assert unpack(data) == (Configuration(9, 0), Cancel(ID))
    assert msgpack.unpackb(data) == [1, [[2, 9, 0], [1, ID]]]


@pytest.mark.parametrize("length", [0, 1, 15, 16, 300])
def test_a_pack_may_hold_any_number_of_entries(length: int) -> None:
    assert unpack(envelope.pack([envelope.cancel(ID)] * length)) == (Cancel(ID),) * length


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_bytes_that_are_no_pack_are_nobodys_record(data: bytes) -> None:
    try:
        assert unpack(data) is None or msgpack.unpackb(data)[0] == 1
    except NewerRecordError:
        assert isinstance(msgpack.unpackb(data), list)


@pytest.mark.parametrize(
    "entry",
    [
        [],
        "text",
        [-1, ID],
        [True, ID],
        [1, ID[:11]],
        [1, "text of twelve"],
        [1, ID, 0],
        [2, 0, 1],
        [2, 5, 2],
        [2, 5],
        commit(id=b"short"),
        commit(base=-1),
        commit(base=2**63),
        commit(base=True),
        commit(request="text"),
        commit(events=[]),
        commit(events=[["a", 1, "t"]]),
        commit(events=[["a", -1, "t", b"s"]]),
        commit(events=[["a", 1, "t", "s"]]),
        commit(events=[[b"a", 1, "t", b"s"]]),
        commit(reads=[["b"]]),
        commit(reads=[["b", -1]]),
        commit(context="text"),
        commit()[:6],
        [*commit(), None],
        [*commit(), ["upstream", -1]],
        [*commit(), ["upstream", 1], 2],
        [*commit(events=[], request=b"r"), ["upstream", 1]],
    ],
)
def test_an_entry_that_is_not_well_formed_makes_the_record_nobodys(entry: Any) -> None:
    assert unpack(msgpack.packb([1, [commit(), entry]])) is None


def test_a_commit_that_only_tracks_has_no_events() -> None:
    entries = unpack(msgpack.packb([1, [[*commit(events=[]), ["upstream", 3]]]]))
    assert entries is not None
    assert isinstance(entries[0], Commit)
    assert (entries[0].events, entries[0].tracking) == ((), ("upstream", 3))


@pytest.mark.parametrize("data", [None, b"", b"\xc1", msgpack.packb([1]), msgpack.packb([0, []]), msgpack.packb({})])
def test_what_is_not_a_format_and_entries_is_nobodys_record(data: bytes | None) -> None:
    assert unpack(data) is None


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ([2, []], "format 2"),
        ([2, b"", {}], "format 2"),
        ([1, [commit(), [3, "what comes"]]], "kind 3"),
        ([1, [[9]]], "kind 9"),
    ],
)
def test_a_record_of_a_newer_version_says_so(record: Any, words: str) -> None:
    with pytest.raises(NewerRecordError, match=words):
        unpack(msgpack.packb(record))


def test_a_commit_that_is_too_large_says_how_large_it_may_be() -> None:
    with pytest.raises(CommitTooLargeError, match=f"takes at most {LARGEST_COMMIT:,}"):
        envelope.body_of(Draft([("a", 1, "t", bytes(LARGEST_COMMIT))]))
    assert envelope.body_of(Draft([("a", 1, "t", bytes(LARGEST_COMMIT - 100))]))


@pytest.mark.parametrize(
    "draft",
    [
        Draft([("a", -1, "t", b"")]),
        Draft([("a", 2**63, "t", b"")]),
        Draft([("a", 1, "t", "text")]),  # type: ignore[list-item]  # wrong on purpose
        Draft([("a", 1, "t", b"")], reads=[("b", -1)]),
        Draft([("a", 1, "t", b"")], request="text"),  # type: ignore[arg-type]  # wrong on purpose
        Draft([("a", 1, "t", b"")], tracking=("up", -1)),
        Draft(()),
        Draft((), request=b"r", tracking=("up", 1)),
    ],
)
def test_a_draft_that_would_be_nobodys_record_is_refused_before_it_is_sent(draft: Draft) -> None:
    with pytest.raises(DataError):
        envelope.body_of(draft)

"""Several processes' nodes on one file: each knows all that was accepted, whether the index is up to it or not."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from unittest import mock

import msgpack
import pytest
from eventsourcing.persistence import PersistenceError
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from infra.eventlog import Accepted, Draft, embedded
from infra.eventlog.batch import PackRow
from infra.eventlog.embedded import EmbeddedLog
from infra.eventlog.errors import LogStoppedError, VersionConflictError
from infra.eventlog.index import Index
from infra.eventlog.values import Event, Rules

ENTITIES, REQUESTS, APPLICATIONS = "abc", (b"r", b"s", b"t"), ("up", "other")
NODES = (0, 1, 2)
OFTEN = 250
"""Bytes of records after which the index is brought up to them: two or three commits here."""

nodes = st.sampled_from(NODES)


class OneFile(RuleBasedStateMachine):
    """Holds three nodes against what was acknowledged, kept in plain lists."""

    @initialize()
    def begin(self) -> None:
        self.often = mock.patch.object(embedded, "UNINDEXED", OFTEN)
        self.often.start()
        self.folder = Path(tempfile.mkdtemp())
        self.nodes = [self.opened() for _ in NODES]
        self.events: list[Event] = []
        self.requests: dict[bytes, Accepted] = {}
        self.tracked: dict[str, int] = {}

    def opened(self) -> EmbeddedLog:
        return EmbeddedLog(self.folder / "log.db", Rules())

    def version(self, entity: str) -> int:
        return sum(each[0] == entity for each in self.events)

    @rule(
        node=nodes,
        entities=st.sets(st.sampled_from(ENTITIES), min_size=1),
        ahead=st.sampled_from([1, 1, 1, 0, 2]),
        request=st.none() | st.sampled_from(REQUESTS),
        tracks=st.none() | st.tuples(st.sampled_from(APPLICATIONS), st.integers(0, 9)),
    )
    def commit(
        self, node: int, entities: set[str], ahead: int, request: bytes | None, tracks: tuple[str, int] | None
    ) -> None:
        events = [(entity, self.version(entity) + ahead, "t", entity.encode()) for entity in sorted(entities)]
        right = ahead == 1 and request not in self.requests and self.goes_on(tracks)
        accepted = self.told(node, Draft(events, request=request, tracking=tracks))
        assert accepted == (Accepted(len(self.events) + 1, len(self.events) + len(events)) if right else None)
        if accepted:
            self.events += events
            if request:
                self.requests[request] = accepted
            self.tracked |= [tracks] if tracks else []

    @rule(node=nodes, application=st.sampled_from(APPLICATIONS), position=st.integers(0, 9))
    def only_track(self, node: int, application: str, position: int) -> None:
        right = self.goes_on((application, position))
        accepted = self.told(node, Draft([], tracking=(application, position)))
        assert (accepted is not None) == right
        if accepted:
            self.tracked[application] = position

    def goes_on(self, tracks: tuple[str, int] | None) -> bool:
        return tracks is None or tracks[1] > self.tracked.get(tracks[0], -1)

    def told(self, node: int, draft: Draft) -> Accepted | None:
        try:
            return self.nodes[node].commit(draft)
        except PersistenceError:
            return None

    @rule(node=nodes, whole=st.booleans())
    def open_again(self, node: int, whole: bool) -> None:
        """A process ends, and has brought the index up to the records or, as one that is killed, has not."""
        log = self.nodes[node]
        with mock.patch.object(log, "_index", log._index if whole else lambda: None):
            log.close()
        self.nodes[node] = self.opened()

    @rule(node=nodes, fails=st.sampled_from(["journal", "write"]))
    def fail(self, node: int, fails: str) -> None:
        """A write that goes wrong takes no effect, and the node goes on."""
        entity = ENTITIES[0]
        log, draft = self.nodes[node], Draft([(entity, self.version(entity) + 1, "t", b"")])
        with mock.patch.object(log.index, fails, side_effect=MemoryError):
            if accepted := self.told(node, draft):
                assert accepted == Accepted(len(self.events) + 1, len(self.events) + 1)
                self.events += draft.events

    @rule(node=nodes, entity=st.sampled_from(ENTITIES))
    def read_an_entity(self, node: int, entity: str) -> None:
        found = list(self.nodes[node].reading.entity(entity, 0))
        assert found == [(place, event) for place, event in enumerate(self.events, 1) if event[0] == entity]

    @rule(node=nodes, request=st.sampled_from(REQUESTS))
    def read_a_request(self, node: int, request: bytes) -> None:
        found = self.nodes[node].reading.request(request)
        assert (found and Accepted(found.first, found.last)) == self.requests.get(request)

    @rule(node=nodes, application=st.sampled_from(APPLICATIONS))
    def read_what_is_tracked(self, node: int, application: str) -> None:
        assert self.nodes[node].tracked(application) == self.tracked.get(application)

    @rule(node=nodes, after=st.integers(0, 20))
    def read_on(self, node: int, after: int) -> None:
        found: Sequence[Event] = [event for _, event in self.nodes[node].reading.events(after + 1, 1_000)]
        assert found == self.events[after:]

    @rule(node=nodes)
    def compare(self, node: int) -> None:
        assert self.nodes[node].head() == len(self.events)
        assert self.nodes[node].chain() == self.nodes[0].chain()

    def teardown(self) -> None:
        for log in getattr(self, "nodes", []):
            log.close()
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)
            self.often.stop()


TestOneFile = OneFile.TestCase
TestOneFile.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_a_process_that_ends_before_the_index_is_written_leaves_all_to_the_next_one(tmp_path: Path) -> None:
    drafts = [Draft([("a", version, "t", b"")], request=bytes([version])) for version in range(1, 10)]
    ended = EmbeddedLog(tmp_path / "log.db", Rules())
    told = [ended.commit(draft) for draft in drafts]
    with mock.patch.object(ended, "_index"):
        ended.close()
    log = EmbeddedLog(tmp_path / "log.db", Rules())
    for draft, accepted in zip(drafts, told, strict=True):
        assert draft.request is not None
        found = log.reading.request(draft.request)
        assert found is not None
        assert Accepted(found.first, found.last) == accepted
    assert [event[1] for _, event in log.reading.entity("a", 0)] == list(range(1, 10))
    with pytest.raises(VersionConflictError):
        log.commit(Draft([("a", 9, "t", b"")]))
    assert log.commit(Draft([("a", 10, "t", b"")])) == Accepted(10, 10)
    log.close()


def test_a_record_of_a_newer_program_in_the_file_is_not_passed_over_and_the_file_is_left_as_it_is(
    tmp_path: Path,
) -> None:
    log = EmbeddedLog(tmp_path / "log.db", Rules())
    log.commit(Draft([("a", 1, "t", b"")]))
    newer = PackRow(2, 2, 1, (), msgpack.packb([2, []]))
    with closing(Index(log.path, durable=True)) as other, other.transaction():
        other.journal(newer)
    for attempt in (
        log.head,
        lambda: log.commit(Draft([("a", 2, "t", b"")])),
        lambda: list(log.reading.entity("a", 0)),
    ):
        with pytest.raises(LogStoppedError, match=r"format 2.*upgrade this node"):
            attempt()
    assert log.index.packs(2, 10) == [newer]
    log.close()

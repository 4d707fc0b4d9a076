"""Traces: who named which id by when, and where a time lies in a log whose writers' clocks differ."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import golden
import orjson
import pytest
from eventsourcing.persistence import StoredEvent
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from scenario import id_of
from two_stations import CONTEXT

from infra.application import Network
from infra.eventlog import Draft
from infra.eventlog.embedded import EmbeddedLog
from infra.eventlog.values import Rules
from infra.mapper import stored_context
from infra.past import NetworkPasts
from infra.traces import Traces, TracesUnusableError
from projections.changes import Link
from projections.network import LABELS, network

NOON = datetime(2026, 8, 10, 12, tzinfo=UTC)
NEEDS = [id_of("need", name) for name in "abc"]
SECONDS = st.integers(0, 12)

Told = tuple[int | None, tuple[tuple[int, ...], ...]]
"""A commit: the second at which it was recorded, if it says so, and for each event the needs that it names."""

commits = st.lists(
    st.tuples(SECONDS | st.none(), st.lists(st.lists(st.integers(0, 2)).map(tuple), min_size=1, max_size=3).map(tuple)),
    max_size=12,
)


def at(second: float) -> datetime:
    return NOON + timedelta(seconds=second)


@contextmanager
def opened(folder: Path, every: int = 2) -> Iterator[tuple[EmbeddedLog, Traces]]:
    with closing(EmbeddedLog(folder / "log.db", Rules())) as log, closing(Traces(log, LABELS, every)) as traces:
        yield log, traces


class Story:
    """What was recorded, kept in plain lists."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int | None]] = []
        self.events = 0
        self.named: list[tuple[int, str, str]] = []

    def record(self, log: EmbeddedLog, commit: Told) -> None:
        second, events = commit
        entities = [f"match_{self.events + number}" for number in range(len(events))]
        self.events += len(events)
        drafted = [
            (entity, 1, "t.v1", f'{{"about": "{" ".join(NEEDS[each] for each in named)}"}}'.encode())
            for entity, named in zip(entities, events, strict=True)
        ]
        context = b"{}" if second is None else f'{{"recorded_at": "{at(second).isoformat()}", "x": 1}}'.encode()
        last = log.commit(Draft(drafted, context=context)).last
        self.told.append((last, second))
        self.named += [
            (last, NEEDS[each], entity) for entity, named in zip(entities, events, strict=True) for each in named
        ]

    def position_at(self, second: float) -> int:
        """By the rule itself: the greatest commit whose running maximum is not after the time."""
        found, latest = 0, float("-inf")
        for position, recorded in self.told:
            latest = max(latest, float("-inf") if recorded is None else recorded)
            if latest <= second:
                found = position
        return found

    def naming(self, id: str, position: int) -> list[str]:
        return sorted({entity for last, named, entity in self.named if last <= position and named == id})


@settings(max_examples=25)
@given(commits, st.lists(st.integers(0, 12), max_size=3))
def test_whatever_the_clocks_say_and_whenever_it_is_asked_a_time_and_a_naming_are_found(
    told: Sequence[Told], asked: list[int]
) -> None:
    with tempfile.TemporaryDirectory() as name, opened(Path(name)) as (log, traces):
        story = Story()
        for number, commit in enumerate(told):
            if number in asked:
                check(story, log, traces)
            story.record(log, commit)
        check(story, log, traces)


def check(story: Story, log: EmbeddedLog, traces: Traces) -> None:
    for second in (-1, *range(13), 6.5):
        assert traces.position_at(at(second)) == story.position_at(second)
    for need in NEEDS:
        for position in (0, log.head() // 2, log.head()):
            assert traces.naming(need, position) == story.naming(need, position)


def test_two_processes_share_a_file_of_traces(tmp_path: Path) -> None:
    story = Story()
    with opened(tmp_path) as (log, traces), opened(tmp_path) as (other, others):
        for second in (3, 1, 4, 1, 5):
            story.record(log, (second, ((0,),)))
            check(story, other, others)
            story.record(other, (second, ((0, 1),)))
            check(story, log, traces)


def test_traces_that_were_deleted_are_made_again(tmp_path: Path) -> None:
    story = Story()
    for _ in range(2):
        with opened(tmp_path) as (log, traces):
            story.record(log, (1, ((0, 2),)))
            check(story, log, traces)
            path = traces.path
        path.unlink()
    with opened(tmp_path) as (log, traces):
        check(story, log, traces)


@pytest.mark.parametrize("more", [0, 5])
def test_traces_of_another_log_are_noticed_and_made_anew(tmp_path: Path, more: int) -> None:
    """Whether the other one was longer or shorter."""
    before, after = Story(), Story()
    with opened(tmp_path) as (log, traces):
        for second in range(4):
            before.record(log, (second, ((0,),)))
        check(before, log, traces)
    for file in tmp_path.glob("log.db*"):
        file.unlink()
    with opened(tmp_path) as (log, traces):
        for second in range(2 + more):
            after.record(log, (second + 2, ((1,),)))
        check(after, log, traces)


def test_a_file_of_traces_that_cannot_be_used_says_what_to_do(tmp_path: Path) -> None:
    with opened(tmp_path) as (_, traces):
        path = traces.path
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE state SET form = 9")
    with (
        pytest.raises(TracesUnusableError, match=r"log\.traces\.db cannot be used \(.*form.*\); delete it"),
        opened(tmp_path),
    ):
        pass
    path.write_bytes(b"nothing of the kind, but long enough to be looked at" * 100)
    with pytest.raises(TracesUnusableError, match="delete it, with the server stopped"), opened(tmp_path):
        pass


def test_a_link_leads_only_to_an_id_that_the_fact_names_as_it_is_stored(tmp_path: Path) -> None:
    """On this rests that who pointed at a record is among those who named it. Every topic and version that there is."""
    with Network(tmp_path) as log, NetworkPasts(log) as pasts:
        log.recorder.insert_events(list(samples(log)), context=stored_context(CONTEXT))
        (commit,) = log.commits(0, 1)
        links = [change for change in network().changes([commit]) if isinstance(change, Link)]
        named = {target: pasts.traces.naming(target, log.head()) for target in {link.target for link in links}}
    assert [link for link in links if link.source not in named[link.target]] == []
    assert {link.type for link in links} == set(network().links)


def samples(log: Network) -> Iterator[StoredEvent]:
    """Every sample of a stored fact, as it is and with each of its fields left out that need not be there."""
    for path in sorted(golden.FOLDER.glob("*.json")):
        for number, sample in enumerate(orjson.loads(path.read_bytes())):
            whole = sample["stored"]
            for left_out in (None, *whole):
                state = orjson.dumps({name: value for name, value in whole.items() if name != left_out})
                with suppress(ValidationError):
                    log.mapper.to_domain_event(StoredEvent("x", 1, path.stem, state))
                    id = id_of(path.stem.partition(".")[0], f"{path.stem} {number} {left_out}")
                    yield StoredEvent(id, 1, path.stem, state)

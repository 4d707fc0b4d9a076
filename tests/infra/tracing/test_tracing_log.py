"""Traces through the log: a commit says of which it is, and means what it would mean without it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from installed import NOON, Installed, amended, install
from msgspec.structs import replace
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import SpanKind, StatusCode
from told_spans import Told, about, id_of, told, trace_of

from domain.kernel.history import Commit
from domain.kernel.refusals import Refusal
from domain.needs import CheckNeed, WithdrawNeed
from infra.application import Network
from infra.eventlog.errors import VersionConflictError
from infra.mapper import context_of, stored_context
from infra.tracing.spans import FRESH

TRACED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@contextmanager
def beside(made: Installed, spans: Told) -> Iterator[Network]:
    """The same network once more, traced."""
    with Network(made.network.log_of_record.path.parent, lambda: NOON, tracing=spans.tracing) as network:
        yield network


def last(network: Network) -> Commit:
    head = network.head()
    return next(commit for commit in network.commits(head - 1, 1) if commit.position == head)


def test_a_commit_says_which_step_it_comes_from(shaoxing: Installed) -> None:
    need, spans = shaoxing.need(), told()
    with beside(shaoxing, spans) as network, spans.tracing.asked({"traceparent": TRACED}):
        outcome = shaoxing.adviser(CheckNeed(need_id=need), desk=network)
    performed, appended = spans.one("perform CheckNeed"), spans.one("append")
    assert trace_of(performed) == TRACED.split("-")[1]
    assert about(performed) == {
        "yizhan.command": "CheckNeed",
        "yizhan.position": outcome.position,
        "yizhan.changed": True,
        "yizhan.repeated": False,
    }
    assert spans.within(performed) == ["append"]
    assert (appended.kind, about(appended)["messaging.batch.message_count"]) == (SpanKind.PRODUCER, 1)
    assert last(shaoxing.network).context.traceparent == f"00-{trace_of(performed)}-{id_of(performed):016x}-01"


def test_on_an_event_loop_it_says_so_too(shaoxing: Installed) -> None:
    need, spans = shaoxing.need(), told()
    context = shaoxing.context(last(shaoxing.network).context.actor, shaoxing.station)
    with beside(shaoxing, spans) as network:
        asyncio.run(network.perform_async(CheckNeed(need_id=need), context))
    performed = spans.one("perform CheckNeed")
    assert last(shaoxing.network).context.traceparent == f"00-{trace_of(performed)}-{id_of(performed):016x}-01"
    assert spans.within(performed) == ["append"]


def test_nothing_is_written_of_a_trace_that_nobody_hears_of(shaoxing: Installed) -> None:
    need = shaoxing.need()
    plain = last(shaoxing.network).context
    assert plain.traceparent is None
    assert b"traceparent" not in stored_context(plain)
    silent = told(sampler=ALWAYS_OFF)
    with beside(shaoxing, silent) as network:
        shaoxing.adviser(CheckNeed(need_id=need), desk=network)
    assert last(shaoxing.network).context.traceparent is None


def test_what_a_caller_writes_into_a_context_of_a_trace_does_not_get_into_the_log(shaoxing: Installed) -> None:
    need = shaoxing.need()
    context = replace(shaoxing.context(last(shaoxing.network).context.actor, shaoxing.station), traceparent=TRACED)
    shaoxing.network.perform(CheckNeed(need_id=need), context)
    assert last(shaoxing.network).context.traceparent is None


def test_a_trace_changes_neither_what_is_recorded_nor_the_chain(tmp_path: Path) -> None:
    def recorded(folder: Path, spans: Told | None) -> tuple[bytes | None, list[Commit]]:
        made = install(folder, lambda: NOON)
        if spans is None:
            made.adviser(CheckNeed(need_id=made.need()), "check")
        else:
            need = made.need()
            with beside(made, spans) as network:
                made.adviser(CheckNeed(need_id=need), "check", network)
        network = made.network
        try:
            return network.chain(network.head()), network.commits(0, 1_000)
        finally:
            network.close()

    (chain, commits), (traced_chain, traced) = recorded(tmp_path / "a", None), recorded(tmp_path / "b", told())
    assert chain == traced_chain
    assert traced[-1].context.traceparent is not None
    assert [_plain(each) for each in traced] == [_plain(each) for each in commits]


def _plain(commit: Commit) -> Commit:
    """The commit without its trace, and without the hash of its input, which is another one in each installation."""
    return replace(commit, context=replace(commit.context, traceparent=None, input_hash=""))


def test_a_context_without_a_trace_is_read_as_ever(shaoxing: Installed) -> None:
    stored = b'{"actor":"person_01h455vb4pex5vsknk084sn02q","request_id":"r","at":"2026-08-10T12:00:00Z"}'
    assert context_of(stored).traceparent is None
    assert context_of(stored_context(replace(context_of(stored), traceparent=TRACED))).traceparent == TRACED


def test_a_request_sent_again_is_told_as_repeated_and_leaves_its_commit_to_the_first(shaoxing: Installed) -> None:
    need, spans = shaoxing.need(), told()
    with beside(shaoxing, spans) as network:
        shaoxing.adviser(CheckNeed(need_id=need), "once", network)
        first = last(network)
        shaoxing.adviser(CheckNeed(need_id=need), "once", network)
    again = spans.named("perform CheckNeed")[1]
    assert (about(again)["yizhan.repeated"], about(again)["yizhan.position"]) == (True, first.position)
    assert spans.within(again) == []


def test_a_refusal_is_told_by_its_code(shaoxing: Installed) -> None:
    need, spans = shaoxing.need(), told()
    with beside(shaoxing, spans) as network:
        shaoxing.adviser(WithdrawNeed(need_id=need, reason="撤回"), desk=network)
        with pytest.raises(Refusal) as refusal:
            shaoxing.adviser(CheckNeed(need_id=need), desk=network)
    refused = spans.one("perform CheckNeed")
    assert about(refused)["yizhan.refusal"] == refusal.value.code
    assert refused.status.status_code is StatusCode.UNSET
    assert refusal.value.explanation not in spans.words()


def test_an_attempt_that_met_others_is_told_beside_the_one_that_did_not(shaoxing: Installed) -> None:
    need, spans, overtaken = shaoxing.need(), told(), [False]

    def overtake() -> datetime:
        if not overtaken[0]:
            overtaken[0] = True
            shaoxing.adviser(amended(need, "别的"))
        return NOON

    folder = shaoxing.network.log_of_record.path.parent
    with Network(folder, overtake, tracing=spans.tracing) as network:
        shaoxing.adviser(CheckNeed(need_id=need), desk=network)
    lost, won = spans.named("append")
    assert (about(lost)["error.type"], won.status.status_code) == (VersionConflictError.__name__, StatusCode.UNSET)


# -- on the other side -------------------------------------------------------


@pytest.fixture
def commits(shaoxing: Installed) -> list[Commit]:
    """Some commits that were recorded one second past noon."""
    shaoxing.need()
    return shaoxing.network.commits(0, 1_000)


def traced(commits: list[Commit], traceparent: str = TRACED) -> list[Commit]:
    return [replace(each, context=replace(each.context, traceparent=traceparent)) for each in commits]


def test_what_is_projected_goes_on_with_the_trace_of_its_commit(commits: list[Commit]) -> None:
    spans = told(lambda: NOON)
    batch = [*traced(commits[:2]), *commits[2:]]
    with spans.tracing.projecting(7, batch):
        assert spans.names() == []
    found = spans.named("project")
    assert [about(span)["yizhan.position"] for span in found] == [commit.position for commit in commits[:2]]
    for span in found:
        assert (span.kind, about(span)["yizhan.generation"]) == (SpanKind.CONSUMER, 7)
        assert about(span)["messaging.batch.message_count"] == sum(len(each.events) for each in commits)
        assert (trace_of(span), span.parent and f"{span.parent.span_id:016x}") == tuple(TRACED.split("-")[1:3])
        assert span.start_time is not None
        assert span.end_time is not None
        assert span.start_time <= span.end_time


@pytest.mark.parametrize(
    ("age", "told_of"), [(timedelta(), True), (FRESH, True), (FRESH + timedelta(seconds=2), False)]
)
def test_a_graph_that_is_built_again_tells_nothing_of_what_was_long_ago(
    commits: list[Commit], age: timedelta, told_of: bool
) -> None:
    spans = told(lambda: NOON + age)
    with spans.tracing.projecting(1, traced(commits[-1:])):
        pass
    assert bool(spans.names()) == told_of


def test_what_could_not_be_projected_is_told_so(commits: list[Commit]) -> None:
    spans = told(lambda: NOON)
    with pytest.raises(ValueError, match="secret"), spans.tracing.projecting(1, traced(commits[-1:])):
        raise ValueError("secret")
    span = spans.one("project")
    assert (about(span)["error.type"], span.status.status_code) == ("ValueError", StatusCode.ERROR)
    assert "secret" not in spans.words()


def test_what_is_not_sampled_there_is_not_told_here(commits: list[Commit]) -> None:
    spans = told(lambda: NOON, ALWAYS_OFF)
    with spans.tracing.projecting(1, traced(commits)):
        pass
    assert spans.names() == []


@given(st.text())
def test_whatever_stands_in_the_log_as_a_trace_nothing_breaks(nonsense: str) -> None:
    commit = _commit(nonsense)
    spans = told(lambda: NOON)
    with spans.tracing.projecting(1, [commit]):
        pass
    assert [span for span in spans if span.parent is None] == []


def _commit(traceparent: str) -> Commit:
    stored = b'{"actor":"person_01h455vb4pex5vsknk084sn02q","request_id":"r","at":"2026-08-10T12:00:00Z"}'
    return Commit(replace(context_of(stored), traceparent=traceparent), ())

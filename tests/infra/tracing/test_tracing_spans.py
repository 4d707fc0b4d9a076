"""Spans: whose trace they belong to, what they tell, and what they never tell."""

from __future__ import annotations

from asyncio import CancelledError
from typing import Any

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import SpanKind, StatusCode
from told_spans import about, id_of, told, trace_of

from domain.kernel.refusals import Refusal
from gateway.errors import GatewayError
from gateway.operations import DocumentError
from gateway.ports import TokenError, UnverifiableError
from gateway.streams import UnansweredError
from gateway.tracing import UNTRACED
from infra.graphdb.bolt.errors import StatementError
from infra.tracing.spans import LONGEST_NAME, LONGEST_STATEMENT
from infra.tracing.statements import LONGEST, summary

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
HEX = st.text("0123456789abcdef", min_size=1)


@given(trace=st.integers(1, 2**128 - 1), parent=st.integers(1, 2**64 - 1))
def test_a_request_goes_on_with_the_trace_of_its_sender(trace: int, parent: int) -> None:
    spans = told()
    carrier = spans.tracing.carrier({"traceparent": f"00-{trace:032x}-{parent:016x}-01", "authorization": "Bearer x"})
    with spans.tracing.asked(carrier):
        pass
    span = spans.one("GraphQL Operation")
    assert span.kind is SpanKind.SERVER
    assert (trace_of(span), span.parent and span.parent.span_id) == (f"{trace:032x}", parent)


@given(
    sent=st.one_of(
        st.text(),
        st.tuples(HEX, HEX, HEX, HEX).map("-".join),
        st.sampled_from(
            [
                f"00-{'0' * 32}-{PARENT}-01",
                f"00-{TRACE}-{'0' * 16}-01",
                f"ff-{TRACE}-{PARENT}-01",
                f"00-{TRACE.upper()}-{PARENT}-01",
                f"00-{TRACE}-{PARENT}-01-more",
                f"00-{TRACE}{TRACE}-{PARENT}-01",
            ]
        ),
    )
)
def test_what_names_no_trace_begins_one_of_its_own(sent: str) -> None:
    spans = told()
    with spans.tracing.asked(spans.tracing.carrier({"traceparent": sent, "tracestate": sent})):
        carried = spans.tracing.traceparent()
    span = spans.one("GraphQL Operation")
    if span.parent is None:
        assert carried == f"00-{trace_of(span)}-{id_of(span):016x}-01"
    else:
        assert f"{span.parent.trace_id:032x}" in sent


def test_what_a_sender_says_of_its_own_sampling_is_heard() -> None:
    spans = told()
    with spans.tracing.asked({"traceparent": f"00-{TRACE}-{PARENT}-00"}):
        assert spans.tracing.traceparent() is not None, "this sampler takes all"
    silent = told(sampler=ALWAYS_OFF)
    with silent.tracing.asked({"traceparent": f"00-{TRACE}-{PARENT}-01"}), silent.tracing.command("CheckNeed"):
        assert silent.tracing.traceparent() is None
    assert silent.names() == []


def test_a_request_belongs_to_no_step_that_may_be_under_way() -> None:
    spans = told()
    with spans.tracing.step("other"), spans.tracing.asked({}):
        pass
    assert spans.one("GraphQL Operation").parent is None


def test_an_operation_is_told_by_its_kind_and_the_hash_of_its_document() -> None:
    spans = told()
    scope = {"method": "GET", "path": "/graphql", "query_string": b"query=secret", "scheme": "http"}
    with spans.tracing.asked({}, scope):
        spans.tracing.operation("query", "N" * 10_000, 'query { needs(filter: {text: "secret"}) { totalCount } }')
    span = spans.one("query")
    assert about(span)["graphql.operation.type"] == "query"
    assert about(span)["graphql.operation.name"] == "N" * LONGEST_NAME
    assert (about(span)["http.request.method"], about(span)["url.path"]) == ("GET", "/graphql")
    assert len(about(span)["yizhan.document.sha256"]) == 64
    assert "secret" not in spans.words()


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (GatewayError("UNAVAILABLE", "secret"), "UNAVAILABLE", StatusCode.ERROR),
        (GatewayError("BAD_INPUT", "secret"), "BAD_INPUT", StatusCode.UNSET),
        (
            StatementError("Neo.ClientError.Schema.Missing", "secret"),
            "Neo.ClientError.Schema.Missing",
            StatusCode.ERROR,
        ),
        (TokenError("secret"), "UNAUTHENTICATED", StatusCode.UNSET),
        (UnverifiableError("secret", 3), "UNAVAILABLE", StatusCode.ERROR),
        (DocumentError([GraphQLError("secret")]), "BAD_REQUEST", StatusCode.UNSET),
        (UnansweredError([{"message": "secret"}]), "BAD_REQUEST", StatusCode.UNSET),
        (CancelledError("secret"), "CancelledError", StatusCode.UNSET),
        (ValueError("secret"), "ValueError", StatusCode.ERROR),
        (KeyboardInterrupt("secret"), "KeyboardInterrupt", StatusCode.ERROR),
        (Refusal("need.unknown", "secret"), None, StatusCode.UNSET),
    ],
)
def test_of_an_error_its_kind_is_told_and_none_of_its_words(
    error: BaseException, code: str | None, status: StatusCode
) -> None:
    spans = told()
    with pytest.raises(type(error)), spans.tracing.command("CheckNeed"):
        raise error
    span = spans.one("perform CheckNeed")
    assert (about(span).get("error.type"), span.status.status_code) == (code, status)
    assert about(span).get("yizhan.refusal") == (error.code if isinstance(error, Refusal) else None)
    assert "secret" not in spans.words()
    assert span.status.description is None
    assert span.events == ()


def test_a_statement_is_told_in_short_and_to_a_length() -> None:
    spans = told()
    text = "UNWIND $ids AS id MATCH (h:Need {id: id})-[:OF]->(n:Station) RETURN n, h" + " " * 10_000
    with spans.tracing.asked({}), spans.tracing.statement("neo4j", "network", text):
        pass
    span = spans.one("UNWIND Need Station")
    assert span.kind is SpanKind.CLIENT
    assert about(span) == {
        "db.system.name": "neo4j",
        "db.namespace": "network",
        "db.query.summary": "UNWIND Need Station",
        "db.query.text": text[:LONGEST_STATEMENT],
    }


def test_what_is_read_for_nobody_in_particular_is_not_told() -> None:
    spans = told()
    with spans.tracing.statement("neo4j", "network", "RETURN 1"):
        pass
    assert list(spans) == []


@given(st.text())
def test_any_text_has_a_summary(statement: str) -> None:
    assert len(summary(statement)) <= LONGEST


STEPS: dict[str, tuple[Any, ...]] = {
    "asked": ({}, {}),
    "step": ("plan",),
    "statement": ("neo4j", "network", "RETURN 1"),
    "command": ("CheckNeed",),
    "appending": ("embedded", 3),
    "projecting": (1, []),
}


@pytest.mark.parametrize("name", STEPS)
def test_untraced_every_step_is_the_same_nothing_and_errors_go_through(name: str) -> None:
    step = getattr(UNTRACED, name)(*STEPS[name])
    assert step is UNTRACED.step("any")
    with step, step:
        UNTRACED.note("a", 1)
        UNTRACED.failed("INTERNAL")
        UNTRACED.operation("query", "", "")
        assert UNTRACED.traceparent() is None
    with pytest.raises(ValueError, match="heard"), step:
        raise ValueError("heard")


@pytest.mark.parametrize("name", list(STEPS))
def test_traced_errors_go_through_as_well(name: str) -> None:
    spans = told()
    with pytest.raises(ValueError, match="heard"), getattr(spans.tracing, name)(*STEPS[name]):
        raise ValueError("heard")

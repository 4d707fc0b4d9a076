"""Spans: steps as OpenTelemetry has them, named and described by its semantic conventions.

There is nothing in them that a request, an answer or an event holds: no variables, no parameters, no words of errors,
and of a document its hash. A name that a client gives its operation is told.
"""

from __future__ import annotations

import time
from asyncio import CancelledError
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from opentelemetry.context import Context as Current
from opentelemetry.propagate import get_global_textmap
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer, format_span_id, format_trace_id, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AnyValue

from domain.kernel.history import Commit
from domain.kernel.refusals import Refusal
from gateway.errors import GatewayError, refused
from gateway.operations import DocumentError
from gateway.ports import TokenError, UnverifiableError
from gateway.streams import UnansweredError
from gateway.tracing import NO_SCOPE, NO_STEP, Carrier, Step
from infra.graphdb.bolt.errors import StatementError
from infra.tracing.statements import summary

FRESH: Final = timedelta(minutes=10)
"""What was recorded longer ago is not told of again when it is projected: a graph is built from all of the log."""
LONGEST_STATEMENT: Final = 4_000
LONGEST_NAME: Final = 100
"""Characters that are told of a statement, and of the name of an operation."""
FAULTS: Final = frozenset({"INTERNAL", "UNAVAILABLE", "NOT_READY", "NOT_YET", "NOT_CONSISTENT", "CONTENDED"})
"""Codes of errors that are ours; the others are for whoever asked to mend."""
OF_A_CONNECTION: Final = {
    "method": "http.request.method",
    "path": "url.path",
    "scheme": "url.scheme",
    "http_version": "network.protocol.version",
}
"""What is told of a connection: neither its address, which may be a person's, nor its query, which is the question."""
SYSTEMS: Final = {"embedded": "yizhan"}
"""What a log is called by others, where it has no name that they know."""
PROPAGATOR: Final = TraceContextTextMapPropagator()
"""How a commit carries the step that it comes from. What clients may send is said by OTEL_PROPAGATORS."""


class Spans:
    """Tells of steps as spans of this tracer. `clock` is that of the commits."""

    def __init__(self, tracer: Tracer, clock: Callable[[], datetime]) -> None:
        self._tracer = tracer
        self._clock = clock

    # -- from outside ----------------------------------------------------------

    def carrier(self, headers: Mapping[str, str]) -> Carrier:
        return {name: headers[name] for name in get_global_textmap().fields if name in headers}

    def asked(self, carrier: Carrier, scope: Mapping[str, Any] = NO_SCOPE) -> Step:
        attributes = {told: scope[name] for name, told in OF_A_CONNECTION.items() if name in scope}
        parent = get_global_textmap().extract(carrier, Current())
        return self._span("GraphQL Operation", SpanKind.SERVER, attributes, parent)

    def operation(self, kind: str, name: str, document: str) -> None:
        span = get_current_span()
        if span.is_recording():
            span.update_name(kind)
            span.set_attribute("graphql.operation.type", kind)
            span.set_attribute("yizhan.document.sha256", sha256(document.encode(errors="replace")).hexdigest())
            if name:
                span.set_attribute("graphql.operation.name", name[:LONGEST_NAME])

    # -- inside ----------------------------------------------------------------

    def step(self, name: str) -> Step:
        return self._span(name, SpanKind.INTERNAL, {})

    def statement(self, system: str, database: str, text: str) -> Step:
        if not get_current_span().get_span_context().is_valid:
            return NO_STEP
        about = summary(text)
        attributes: dict[str, AnyValue] = {
            "db.system.name": system,
            "db.namespace": database,
            "db.query.text": text[:LONGEST_STATEMENT],
            "db.query.summary": about,
        }
        return self._span(about, SpanKind.CLIENT, attributes)

    def command(self, name: str) -> Step:
        return self._span(f"perform {name}", SpanKind.INTERNAL, {"yizhan.command": name})

    def appending(self, system: str, events: int) -> Step:
        attributes: dict[str, AnyValue] = {
            "messaging.system": SYSTEMS.get(system, system),
            "messaging.operation.type": "send",
            "messaging.operation.name": "append",
            "messaging.batch.message_count": events,
        }
        return self._span("append", SpanKind.PRODUCER, attributes)

    def note(self, name: str, value: str | int | bool) -> None:
        get_current_span().set_attribute(name, value)

    def failed(self, code: str) -> None:
        _fail(get_current_span(), code, ours=code in FAULTS or code.isdigit())

    @contextmanager
    def _span(
        self, name: str, kind: SpanKind, attributes: Mapping[str, Any], parent: Current | None = None
    ) -> Iterator[None]:
        with self._tracer.start_as_current_span(
            name, parent, kind, attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield
            except BaseException as error:
                _ended_by(span, error)
                raise

    # -- through the log -------------------------------------------------------

    def traceparent(self) -> str | None:
        """As W3C Trace Context writes it; only of what is sampled, since nobody could go on with anything else."""
        context = get_current_span().get_span_context()
        if not (context.is_valid and context.trace_flags.sampled):
            return None
        return f"00-{format_trace_id(context.trace_id)}-{format_span_id(context.span_id)}-01"

    @contextmanager
    def projecting(self, generation: int, commits: Sequence[Commit]) -> Iterator[None]:
        began, ended_by = time.time_ns(), None
        try:
            yield
        except BaseException as error:
            ended_by = error
            raise
        finally:
            events = sum(len(commit.events) for commit in commits)
            for commit in self._fresh(commits):
                self._projected(commit, generation, events, began, ended_by)

    def _fresh(self, commits: Sequence[Commit]) -> list[Commit]:
        oldest = self._clock() - FRESH
        traced = (commit for commit in commits if commit.context.traceparent is not None)
        return [commit for commit in traced if (commit.context.recorded_at or commit.context.at) >= oldest]

    def _projected(
        self, commit: Commit, generation: int, events: int, began: int, ended_by: BaseException | None
    ) -> None:
        """Tell how one of the commits was applied; the time is that of the transaction which it shared."""
        parent = PROPAGATOR.extract({"traceparent": commit.context.traceparent}, Current())
        if not get_current_span(parent).get_span_context().is_valid:
            return
        attributes: dict[str, AnyValue] = {
            "messaging.operation.type": "process",
            "messaging.operation.name": "project",
            "messaging.batch.message_count": events,
            "yizhan.position": commit.position,
            "yizhan.generation": generation,
        }
        span = self._tracer.start_span("project", parent, SpanKind.CONSUMER, attributes, start_time=began)
        if ended_by is not None:
            _ended_by(span, ended_by)
        span.end()


def _ended_by(span: Span, error: BaseException) -> None:
    """Tell what kind of error ended a step. A rule that says no is an answer, and its code is told."""
    match error:
        case Refusal():
            span.set_attribute("yizhan.refusal", error.code)
        case TokenError() | UnverifiableError() | GatewayError():
            code = refused(error).code
            _fail(span, code, ours=code in FAULTS)
        case DocumentError() | UnansweredError():
            _fail(span, "BAD_REQUEST", ours=False)
        case StatementError():
            _fail(span, error.code, ours=True)
        case CancelledError() | GeneratorExit():
            _fail(span, type(error).__qualname__, ours=False)
        case _:
            _fail(span, type(error).__qualname__, ours=True)


def _fail(span: Span, code: str, *, ours: bool) -> None:
    span.set_attribute("error.type", code)
    if ours:
        span.set_status(StatusCode.ERROR)

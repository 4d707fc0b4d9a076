"""What is told of a trace, kept in memory: the spans that have ended, and how they hang together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, Sampler

from infra.application import now
from infra.tracing.spans import Spans


@dataclass(frozen=True)
class Told:
    """Spans under their names, as somebody who watches finds them."""

    tracing: Spans
    exporter: InMemorySpanExporter = field(repr=False)

    def __iter__(self) -> Iterator[ReadableSpan]:
        return iter(self.exporter.get_finished_spans())

    def forget(self) -> None:
        self.exporter.clear()

    def named(self, name: str) -> list[ReadableSpan]:
        return [span for span in self if span.name == name]

    def one(self, name: str) -> ReadableSpan:
        """The only span of this name."""
        (span,) = self.named(name)
        return span

    def names(self) -> list[str]:
        return sorted(span.name for span in self)

    def within(self, span: ReadableSpan) -> list[str]:
        """The names of the steps that are parts of one, in the order in which they began."""
        parts = [each for each in self if each.parent is not None and each.parent.span_id == id_of(span)]
        return [each.name for each in sorted(parts, key=lambda each: each.start_time or 0)]

    def words(self) -> str:
        """Everything that is told, as one text."""
        return "\n".join(span.to_json() for span in self)


def told(clock: Callable[[], datetime] = now, sampler: Sampler = ALWAYS_ON) -> Told:
    """Spans of all that this sampler takes."""
    exporter, provider = InMemorySpanExporter(), TracerProvider(sampler=sampler, shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return Told(Spans(provider.get_tracer("tests"), clock), exporter)


def id_of(span: ReadableSpan) -> int:
    assert span.context is not None
    id: int = span.context.span_id
    return id


def trace_of(span: ReadableSpan) -> str:
    assert span.context is not None
    return f"{span.context.trace_id:032x}"


def about(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})

"""Sending: spans go to a collector, by OTLP over HTTP, in a thread of their own.

Where to, how many together and which of them is said by the variables of OpenTelemetry, such as
OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_BSP_MAX_QUEUE_SIZE and OTEL_TRACES_SAMPLER; its SDK reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from threading import Thread
from typing import Final
from uuid import uuid4

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Tracer

NAME: Final = "yizhan"
LAST: Final = 2.0
"""Seconds that the last spans have at the end. A collector that is away holds up nobody for longer."""


@contextmanager
def sending() -> Iterator[Tracer]:
    """A tracer whose spans are sent. What the collector does not take is lost, and nothing waits for it."""
    provider = TracerProvider(resource=resource(), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    try:
        yield provider.get_tracer(NAME, version(NAME))
    finally:
        ending = Thread(target=provider.shutdown, name="last spans", daemon=True)
        ending.start()
        ending.join(LAST)


def resource() -> Resource:
    """Who sends: this process of yizhan, unless the variables of OpenTelemetry name it otherwise."""
    said = OTELResourceDetector().detect().attributes
    return Resource.create(
        {"service.name": NAME, "service.version": version(NAME), "service.instance.id": str(uuid4()), **said}
    )

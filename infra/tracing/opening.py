"""Opening tracing, where the settings want it; where they do not, nothing of OpenTelemetry is loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from gateway.tracing import UNTRACED, Tracing
from infra.errors import OutOfReachError
from infra.settings import Settings


@contextmanager
def open_tracing(settings: Settings, clock: Callable[[], datetime]) -> Iterator[Tracing]:
    """What hears of steps, as long as the context lasts; at its end the last spans are sent.

    Raises OutOfReachError where it is wanted and OpenTelemetry is not installed.
    """
    if not settings.tracing:
        yield UNTRACED
        return
    try:
        from infra.tracing.sending import sending
        from infra.tracing.spans import Spans
    except ImportError as error:
        raise OutOfReachError(f"tracing wants OpenTelemetry ({error}): pip install 'yizhan[tracing]'") from error
    with sending() as tracer:
        yield Spans(tracer, clock)

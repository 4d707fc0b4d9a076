"""The heart: shows that the owner of a generation lives, whatever its projector is waiting for."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from types import TracebackType
from typing import Self

import structlog

from infra.graphdb.ownership import Ownership, Standing
from infra.logs import told

SILENCE = 5.0
"""Seconds without a beat after which an owner is taken for dead."""
BEATS = 5
"""Beats in that time."""


class Heart:
    """Beats in a thread of its own as long as there is something owned. `lost` is called when it no longer is."""

    def __init__(self, ownership: Ownership, lost: Callable[[], None], silence: float = SILENCE) -> None:
        self._ownership = ownership
        self._lost = lost
        self._every = (silence or SILENCE) / BEATS
        self._stop = Event()
        self._thread = Thread(target=self._run, name="heart", daemon=True)
        self._log = structlog.get_logger("graph.heart").bind(**ownership.generation.key)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            owned = self._ownership.standing is not None
            try:
                if owned and not self._ownership.beat():
                    self._lost()
            except Exception as error:  # whatever it is, others will judge by the silence
                self._log.warning("graph.heart.no_beat", error=told(error))


class Watch:
    """Judges by one's own clock whether the owner of a generation still lives."""

    def __init__(self, clock: Callable[[], float], silence: float = SILENCE) -> None:
        self._clock = clock
        self._silence = silence
        self._last: tuple[int, int] | None = None
        self._since = 0.0
        self._found_stopped: int | None = None

    def free(self, seen: Standing | None) -> bool:
        """Whether what is seen now may be taken over: nobody owns it, or its owner has been silent for too long.

        What is stopped on purpose while one waits is not taken for dead; who starts and finds it stopped may try again.
        """
        if seen is None or seen.retired:
            return False
        if seen.owner is None:
            return True
        if self._last is None and seen.stopped is not None:
            self._found_stopped = seen.epoch
        if (heard := (seen.epoch, seen.beat)) != self._last:
            self._last, self._since = heard, self._clock()
        if seen.stopped is not None and seen.epoch != self._found_stopped:
            return False
        return self._clock() - self._since >= self._silence

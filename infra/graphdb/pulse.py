"""The pulse of a projector: a file that it touches as long as its work goes on, for whoever watches over processes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from infra.graphdb.keeper import Keeper
from infra.graphdb.shown import moment

EVERY: Final = 1.0
"""Seconds between two beats."""
SILENCE: Final = 10.0
"""Seconds after which a graph database that did not answer counts as out of reach, and a file as old."""


class Pulse:
    """Judges whether the work of a projector goes on, be it its own or that of the one for whom it stands by.

    It does not where the graph database has not answered lately, where log or graph were stopped on purpose, and where
    the graph is behind and stands still. `log_stopped` says why the log goes no further here, if it does not.
    """

    def __init__(self, file: Path, keeper: Keeper, log_stopped: Callable[[], str | None]) -> None:
        self._file = file
        self._keeper = keeper
        self._log_stopped = log_stopped
        self._before = keeper.position

    def beat(self) -> bool:
        """Touch the file if the work goes on; says whether it does."""
        if goes_on := self._goes_on():
            self._file.touch()
        return goes_on

    def _goes_on(self) -> bool:
        before, self._before = self._before, self._keeper.position
        if moment() - self._keeper.looked > SILENCE or self._keeper.stopped is not None:
            return False
        return (self._before != before or self._keeper.lag() == 0) and self._log_stopped() is None

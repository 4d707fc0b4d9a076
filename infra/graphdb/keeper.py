"""The keeper: sees to it that there is a graph to read, and that this process reads and projects the right one."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event
from typing import Any

import structlog

from gateway.errors import NotReadyError
from gateway.tracing import UNTRACED, Tracing
from infra.beside import running_beside
from infra.graphdb.gathering import Source
from infra.graphdb.generation import Generation
from infra.graphdb.generations import Generations
from infra.graphdb.home import Record, State, in_state, served
from infra.graphdb.projector import LONGEST_PAUSE, SHORTEST_PAUSE, Projector
from infra.graphdb.shown import Shown, moment
from infra.graphdb.tidying import Tidying
from infra.logs import told

LOOKS = 0.5
"""Seconds between two looks at which generation is to be read."""
OBSERVING = 0.1
"""Seconds between two looks of an API at how far the projectors of its network are."""
BUILDING = 0.05
"""Seconds between two looks at whether the one that is built here is as far as the log, which asks nobody."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A generation with the projector that this process has for it."""

    generation: Generation
    projector: Projector
    stack: ExitStack = field(repr=False)


class Keeper:
    """Follows the list of generations: projects, or observes, the one that is read, and turns to a newer one in time.

    Where none of this program's version is read yet, one is built; several processes build it together, as they project
    together. `alone` says that no other process can be at work on these graphs. `tracing` hears of what is projected.
    """

    def __init__(
        self,
        generations: Generations,
        source: Source,
        *,
        projects: bool = True,
        alone: bool = False,
        tracing: Tracing = UNTRACED,
    ) -> None:
        self._generations = generations
        self._source = source
        self._projects = projects
        self._alone = alone
        self._how: dict[str, Any] = {"tracing": tracing} if projects else {"observes": True, "poll": OBSERVING}
        self._tidying = Tidying(generations)
        self._followed: Followed | None = None
        self._shown: Followed | None = None
        self._looked = 0.0
        self._answered = float("-inf")
        self._head: int | None = None
        self._log = structlog.get_logger("graph.keeper").bind(projection=generations.projection.name)

    # -- what others ask -----------------------------------------------------------

    @property
    def position(self) -> int:
        """How far the graph that is read is known to be, or the one that is built while there is none to read."""
        graph = self._shown or self._followed
        return graph.projector.position if graph else 0

    @property
    def stopped(self) -> str | None:
        """Why it goes no further, although the log may."""
        return self._followed.projector.stopped if self._followed else None

    @property
    def looked(self) -> float:
        """The moment at which the graph database last let it look at which generations there are."""
        return self._answered

    @property
    def owns(self) -> bool:
        """Whether this process is the one that projects."""
        return self._followed is not None and self._followed.projector.owns

    def lag(self) -> int:
        """How many events of the log are not in it yet."""
        return max(0, self._source.head() - self.position)

    def waiting(self, now: datetime) -> float:
        """For how many seconds the oldest of them has been waiting; 0 for none."""
        oldest = self._source.commits(self.position, 1)
        if not oldest:
            return 0.0
        context = oldest[0].context
        return max(0.0, (now - (context.recorded_at or context.at)).total_seconds())

    def ready(self) -> bool:
        """Whether there is a graph to read."""
        return self._shown is not None

    def shown(self) -> Shown:
        """What is to be read. Raises NotReadyError while it is still being built."""
        if (shown := self._shown) is None:
            about = f"it is at {self.position:,} of {self._source.head():,} events"
            raise NotReadyError(f"the graph is being built: {about}", position=self.position)
        return Shown(shown.generation, shown.projector.position, self._looked)

    def wake(self) -> None:
        """There is something new in the log, or it is time to stop."""
        if (followed := self._followed) is not None:
            followed.projector.wake()

    def wait_for(self, position: int, timeout: float) -> int:
        """Wait until what is shown holds this position, at most `timeout` seconds; says how far it is."""
        deadline = time.monotonic() + timeout
        while True:
            left = deadline - time.monotonic()
            if (shown := self._shown) is None:
                if left <= 0:
                    return 0
                time.sleep(min(0.02, left))
                continue
            reached = shown.projector.wait_for(position, max(0.0, min(LOOKS, left)))
            if reached >= position or left <= 0 or shown.projector.stopped is not None:
                return reached

    # -- its own thread ------------------------------------------------------------

    def run(self, stop: Event) -> None:
        """Keep on looking until `stop` is set; call `wake` after it."""
        pause = SHORTEST_PAUSE
        try:
            while not stop.is_set():
                try:
                    self.look()
                    pause = SHORTEST_PAUSE
                    self._rest(stop)
                except Exception as error:
                    self._log.warning("graph.keeper.trouble", error=told(error), again_in=pause)
                    stop.wait(pause)
                    pause = min(pause * 2, LONGEST_PAUSE)
        finally:
            self._leave(self._followed)

    def _rest(self, stop: Event) -> None:
        """Wait for the time of the next look; it is now where what is built here has come to where the log is."""
        until = time.monotonic() + LOOKS
        while not stop.wait(LOOKS if self._shown else BUILDING) and time.monotonic() < until:
            if (followed := self._followed) is None or (followed.projector.owns and followed.projector.lag() == 0):
                return

    def look(self) -> None:
        """Look once at which generations there are, and do what follows from it."""
        began = moment()
        records = self._generations.home.records()
        self._answered = moment()
        version = self._generations.projection.version
        mine = served(records, version) or next(in_state(records, version, State.BUILDING), None)
        if mine is None and self._projects:
            mine = Record(self._generations.begin(join=True), version, State.BUILDING)
        if mine is None:
            return
        if self._followed is None or self._followed.generation.number != mine.number:
            self._turn_to(mine)
        followed = self._followed
        assert followed is not None
        if mine.state is State.BUILDING and self._projects and self._fit(followed.projector):
            self._generations.switch(mine.number, lambda: followed.projector.position)
            return
        if mine.state is State.SERVED and self._as_far_as_shown(followed):
            if self._shown is not followed:
                self._log.info("graph.keeper.reads", generation=mine.number, position=followed.projector.position)
            self._shown, self._looked = followed, began
        if self._projects and followed.projector.owns:
            self._tidying.tidy(records)

    def _fit(self, projector: Projector) -> bool:
        """Whether it is as far as the log was at the look before."""
        before, self._head = self._head, self._source.head()
        wanted = self._head if before is None else before
        return projector.owns and projector.stopped is None and projector.position >= wanted

    def _as_far_as_shown(self, followed: Followed) -> bool:
        """Whether nobody sees the graph go back by reading this one."""
        if (shown := self._shown) is None or shown is followed:
            return True
        known = shown.projector.position
        return followed.projector.wait_for(known, LOOKS) >= known

    def _turn_to(self, record: Record) -> None:
        """Project or observe this generation instead of the one before."""
        if self._projects and record.state is State.BUILDING:
            self._generations.prepare(record.number)
        writer = self._generations.writer(record.number)
        ownership = writer.ownership
        if self._alone and self._followed is None and (seen := ownership.look()) is not None and seen.owner is not None:
            ownership.take(seen)  # whoever it was, it is not there any more
            ownership.release()
        projector = Projector(self._source, writer, **self._how)
        before, stack = self._followed, ExitStack()
        stack.enter_context(running_beside(projector, f"projector-{record.number}"))
        self._followed = Followed(ownership.generation, projector, stack)
        self._leave(before)

    def _leave(self, followed: Followed | None) -> None:
        if followed is not None:
            followed.stack.close()

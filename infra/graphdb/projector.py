"""The projector: follows the log and brings the graph up to it, batch by batch, for as long as the server runs."""

from __future__ import annotations

import time
from threading import Condition, Event
from typing import Final

import structlog

from gateway.tracing import UNTRACED, Tracing
from infra.graphdb.bolt.errors import StatementError
from infra.graphdb.gathering import Gathered, Gathering, NoGoingOnError, Source
from infra.graphdb.heart import SILENCE, Heart, Watch
from infra.graphdb.ownership import Displaced, Standing
from infra.graphdb.writer import Writer
from infra.interpreter import collect_in_quiet
from infra.logs import told

SHORTEST_PAUSE, LONGEST_PAUSE = 0.02, 5.0
STANDING_BY = 0.1
"""How often those who stand by look at whether the owner lives, in what it may be silent."""
TRIES = 3
"""How often a single commit may be refused by the graph database before it counts as one that cannot be applied."""

CLIENTS: Final = "Neo.ClientError."
"""How the codes begin of what a database refuses for what was sent; others are its own trouble."""
SECURITY: Final = ".Security."
"""What stands in the codes of a sign-in that is not taken."""
STARTING: Final = "Neo.ClientError.Database.DatabaseNotFound"
"""What a server that has just begun says of a database which it will have in a moment."""


class Projector:
    """Brings one generation up to its log. `run` belongs to one thread; everything else may be called from any.

    Of several, one is the owner and projects; the others stand by, and one of them takes over when the owner has been
    silent for `silence` seconds, by the clock of the one who waits. Where no other can be at work, that is 0. One that
    only observes never takes over, and knows how far the others are.

    What it writes, it writes exactly once and in whole commits. Trouble that passes is waited out, for ever and
    visibly. A fact that the projection cannot apply stops it there: what came before is in the graph, `stopped` says
    which fact and why, and the graph goes on being read.
    """

    def __init__(
        self,
        source: Source,
        writer: Writer,
        *,
        silence: float = SILENCE,
        observes: bool = False,
        at_rest: int = 1_000,
        under_load: int = 5_000,
        poll: float = 0.25,
        tracing: Tracing = UNTRACED,
    ) -> None:
        projection = writer.ownership.generation.projection
        self._source = source
        self._ownership = writer.ownership
        self._writer = writer
        self._gathering = Gathering(source, projection, self._writer.shapes)
        self._silence = silence
        self._watch = Watch(time.monotonic, silence)
        self._observes = observes
        self._limit = at_rest
        self._under_load = under_load
        self._poll = poll
        self._tracing = tracing
        self._log = structlog.get_logger("graph.projector").bind(projection=projection.name, version=projection.version)
        self._news = Event()
        self._moved = Condition()
        self._position = 0
        self._sure = False
        self._refusals = 0
        self._without: frozenset[int] = frozenset()
        self._blocked = range(0)
        self._stopped: str | None = None
        self._owner_stopped: str | None = None

    @property
    def position(self) -> int:
        """How far the graph is known to be: always the end of a commit."""
        return self._position

    @property
    def stopped(self) -> str | None:
        """Why the graph goes no further, although the log may; None while the owner, whoever it is, does its work."""
        return self._stopped or self._owner_stopped

    @property
    def owns(self) -> bool:
        """Whether it is the one that projects."""
        return self._ownership.standing is not None

    def lag(self) -> int:
        """How many events of the log are not in the graph yet."""
        return max(0, self._source.head() - self._position)

    def wake(self) -> None:
        """There is something new in the log, or it is time to stop."""
        self._news.set()

    def wait_for(self, position: int, timeout: float) -> int:
        """Wait until the graph holds this position, at most `timeout` seconds; says how far it is.

        Returns early when the projector has stopped for good.
        """
        with self._moved:
            self._moved.wait_for(lambda: self._position >= position or self.stopped is not None, timeout)
            return self._position

    def run(self, stop: Event) -> None:
        """Follow the log, or stand by, until `stop` is set; call `wake` after it."""
        pause = SHORTEST_PAUSE
        with self._gathering, self._writer, Heart(self._ownership, self._doubt, self._silence):
            while not stop.is_set():
                self._news.clear()
                try:
                    if not self._step():
                        collect_in_quiet()
                        self._news.wait(self._pause)
                    pause = SHORTEST_PAUSE
                except Exception as error:
                    self._log.warning(
                        "graph.projector.trouble", error=told(error), position=self._position, again_in=pause
                    )
                    self._begin_again()
                    self._limit = max(1, self._limit // 2)
                    stop.wait(pause)
                    pause = min(pause * 2, LONGEST_PAUSE)
            self._let_go()

    @property
    def _pause(self) -> float:
        """Seconds until the next look, when nothing wakes it before."""
        return self._poll if self.owns or self._observes else max(self._poll, self._silence * STANDING_BY)

    def _step(self) -> bool:
        """Write a batch; says whether there was anything to do."""
        try:
            if self._stopped is not None and not self._unblocked():
                return False
            return self._advance() if self._is_owner() else False
        except Displaced as reason:
            self._log.warning("graph.projector.displaced", reason=str(reason), position=self._position)
            self._stopped = None
            self._begin_again()
        except NoGoingOnError as reason:
            self._ownership.stop(str(reason))
            self._halt(str(reason), reason.positions)
        return False

    def _is_owner(self) -> bool:
        """Look once more at how things stand, unless that is known; take over what is free."""
        if self._sure:
            return True
        if self.owns:
            self._ownership.check()
        else:
            seen = self._ownership.look()
            if self._observes or not self._watch.free(seen) or not self._ownership.take(seen):
                self._observed(seen)
                return False
            self._log.info("graph.projector.owns", epoch=seen.epoch + 1 if seen else 1)
        standing, self._owner_stopped = self._ownership.standing, None
        assert standing is not None
        self._reached(standing.position)
        if standing.position and standing.chain != self._gathering.chain(standing.position):
            raise NoGoingOnError(
                f"the log is not the one that this graph was made of: their chain hashes differ at {standing.position}"
            )
        self._sure = True
        return True

    def _advance(self) -> bool:
        gathered = self._gathering.next(self._position, self._limit, self._without)
        if gathered is None:
            return False
        self._gathering.ahead(gathered.position, self._grown(gathered.events))
        self._write(gathered)
        return True

    def _write(self, gathered: Gathered) -> None:
        try:
            with self._tracing.projecting(self._ownership.generation.number, gathered.commits):
                self._writer.write(gathered.rows, gathered.position, gathered.chain)
        except (StatementError, TypeError, ValueError, OverflowError) as error:
            if isinstance(error, StatementError) and _passes(error):
                raise
            self._begin_again()
            self._refused(gathered, error)
        else:
            self._refusals, self._without = 0, frozenset()
            self._limit = self._grown(gathered.events)
            self._reached(gathered.position)

    def _refused(self, gathered: Gathered, error: Exception) -> None:
        """Look for the commit that the database refuses in smaller batches; one that stands alone ends the search."""
        commits, events = gathered.commits, gathered.events
        self._log.warning("graph.projector.refused", error=told(error), position=self._position, events=events)
        if len(commits) > 1:
            self._limit = max(1, min(self._limit, events) // 2)
            return
        self._refusals += 1
        if self._refusals < TRIES:
            raise error
        first, last = commits[0].events[0], commits[0].position
        positions = range(first.position, last + 1)
        if (skipped := self._gathering.skips().intersection(positions)) > self._without:
            self._without = skipped
            return
        raise NoGoingOnError(
            f"the commit of {first.entity_id} at positions {first.position} to {last} is refused by the graph "
            f"database: {told(error)}",
            positions,
        ) from error

    def _grown(self, events: int) -> int:
        """The size of the next batch after one of so many events."""
        return min(self._limit * 2, self._under_load) if events >= self._limit else self._limit

    def _begin_again(self) -> None:
        """Be sure of nothing any more, and of nothing that was gathered."""
        self._sure = False
        self._gathering.forget()

    def _doubt(self) -> None:
        """Somebody else may be the owner by now."""
        self._sure = False
        self.wake()

    def _observed(self, seen: Standing | None) -> None:
        """See how far the owner is, once all that leads there is in place."""
        if seen is not None and seen.position != self._position:
            seen = self._writer.settled()
        self._owner_stopped = seen.stopped if seen else None
        self._reached(seen.position if seen else 0)

    def _reached(self, position: int) -> None:
        with self._moved:
            self._position = position
            self._moved.notify_all()

    def _halt(self, reason: str, positions: range) -> None:
        self._log.error("graph.projector.stopped", reason=reason, position=self._position)
        self._blocked = positions
        with self._moved:
            self._stopped = reason
            self._moved.notify_all()

    def _unblocked(self) -> bool:
        """Whether somebody has said meanwhile that what is in the way is to be skipped; then go on."""
        if not self._gathering.skips().intersection(self._blocked):
            return False
        self._ownership.resume()
        self._log.warning("graph.projector.skips", positions=list(self._blocked))
        self._stopped, self._blocked, self._refusals = None, range(0), 0
        return True

    def _let_go(self) -> None:
        """Leave what is owned to the next one at once."""
        if not self.owns:
            return
        try:
            self._ownership.check()
            self._ownership.release()
        except Displaced:
            pass  # it is somebody else's already
        except Exception as error:  # the next one waits a little longer then
            self._log.warning("graph.projector.not_released", error=told(error))


def _passes(error: StatementError) -> bool:
    """Whether it says nothing of what was to be written."""
    return error.passing or error.code == STARTING or not error.code.startswith(CLIENTS) or SECURITY in error.code

"""The projector on the real engine: it follows the log, waits out trouble, and stops where it must."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from threading import Event, Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from neo4j import Driver
from neo4j.exceptions import AuthError, ServiceUnavailable
from small_graph import SMALL, NeedBroken, NeedClosed, NeedOversized, SmallLog, StationNamed, graph_of, history
from structlog.testing import capture_logs

from domain.kernel.history import Commit
from infra.graphdb.engine import ArcadeDBEngine
from infra.graphdb.projector import Projector
from infra.graphdb.snapshot import snapshot
from infra.graphdb.writer import Writer
from projections.batch import Batch


@pytest.fixture
def writer(engine: ArcadeDBEngine, driver: Driver) -> Writer:
    return Writer(driver, engine.database, SMALL)


@contextmanager
def running(projector: Projector) -> Iterator[Projector]:
    """The projector at work in its thread."""
    stop = Event()
    thread = Thread(target=projector.run, args=(stop,))
    thread.start()
    try:
        yield projector
    finally:
        stop.set()
        projector.wake()
        thread.join(10)
        assert not thread.is_alive()


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 99), size=st.integers(1, 60), batch=st.sampled_from([1, 2, 7, 40, 1000]))
def test_whatever_the_batches_the_graph_is_the_one_in_memory(
    new_engine: Callable[[], ArcadeDBEngine], seed: int, size: int, batch: int
) -> None:
    log = SmallLog(history(seed, size, needs=8, stations=3))
    engine = new_engine()
    with engine.driver() as driver:
        projector = Projector(log, SMALL, Writer(driver, engine.database, SMALL), at_rest=batch, under_load=batch)
        with running(projector):
            assert projector.wait_for(log.head(), 20) == log.head()
        assert snapshot(driver, engine.database, SMALL) == graph_of(log.kept)


def test_what_is_new_in_the_log_is_projected_at_once_when_it_is_woken(writer: Writer) -> None:
    log = SmallLog()
    with running(Projector(log, SMALL, writer, poll=60)) as projector:
        log.append(("s", StationNamed(name="first")))
        projector.wake()
        assert projector.wait_for(1, 10) == 1
        log.append(("s", StationNamed(name="second")))
        began = time.monotonic()
        projector.wake()
        assert projector.wait_for(2, 10) == 2
        assert time.monotonic() - began < 5


def test_without_being_woken_it_looks_for_itself(writer: Writer) -> None:
    log = SmallLog()
    with running(Projector(log, SMALL, writer, poll=0.05)) as projector:
        log.append(("s", StationNamed(name="first")))
        assert projector.wait_for(1, 10) == 1


def test_waiting_ends_with_the_time_allowed_and_says_how_far_the_graph_is(writer: Writer) -> None:
    log = SmallLog()
    log.append(("s", StationNamed(name="first")))
    with running(Projector(log, SMALL, writer)) as projector:
        assert projector.wait_for(99, 1.0) == 1


def test_the_lag_is_counted_in_events(writer: Writer) -> None:
    log = SmallLog(history(seed=1, commits=20))
    projector = Projector(log, SMALL, writer)
    assert projector.lag() == log.head()
    with running(projector):
        projector.wait_for(log.head(), 10)
        assert (projector.lag(), projector.position) == (0, log.head())


def test_positions_are_only_ever_ends_of_commits(writer: Writer) -> None:
    log = SmallLog(history(seed=5, commits=60))
    ends = {commit.position for commit in log.kept}
    written: list[int] = []

    class Watching(Recording):
        def seen(self, position: int) -> None:
            written.append(position)

    with running(Projector(log, SMALL, Watching(writer), at_rest=5, under_load=9)) as projector:
        projector.wait_for(log.head(), 10)
    assert written[-1] == log.head()
    assert set(written) <= ends
    assert len(written) > 10


def test_batches_grow_under_load(writer: Writer) -> None:
    asked: list[int] = []

    class Asked(SmallLog):
        def commits(self, after: int, limit: int) -> Sequence[Commit]:
            asked.append(limit)
            return super().commits(after, limit)

    log = Asked(history(seed=5, commits=100))
    with running(Projector(log, SMALL, writer, at_rest=10, under_load=40)) as projector:
        projector.wait_for(log.head(), 10)
    assert asked[:4] == [10, 20, 40, 40]


def test_it_goes_on_where_the_one_before_it_stopped(writer: Writer, engine: ArcadeDBEngine, driver: Driver) -> None:
    log = SmallLog(history(seed=7, commits=40))
    with running(Projector(SmallLog(log.kept[:25]), SMALL, writer)) as projector:
        projector.wait_for(log.kept[24].position, 10)
    with running(Projector(log, SMALL, Writer(driver, engine.database, SMALL))) as projector:
        assert projector.wait_for(log.head(), 10) == log.head()
    assert snapshot(driver, engine.database, SMALL) == graph_of(log.kept)


def test_a_fact_that_breaks_the_projection_stops_it_exactly_there(
    writer: Writer, engine: ArcadeDBEngine, driver: Driver
) -> None:
    log = SmallLog(history(seed=2, commits=30))
    good = log.head()
    log.append(("need_1", NeedClosed()), ("need_2", NeedBroken()))
    log.append(("need_3", NeedClosed()))
    with running(Projector(log, SMALL, writer)) as projector:
        assert projector.wait_for(log.head(), 10) == good
        assert projector.lag() == 3
    reason = f"small.need_broken.v1 of need_2 at position {good + 2}: ZeroDivisionError: a fault of the projection"
    assert projector.stopped == reason
    assert _stopped(driver, engine) == reason
    assert snapshot(driver, engine.database, SMALL) == graph_of(log.kept[:30])


def test_once_the_projection_is_repaired_it_goes_on(writer: Writer, engine: ArcadeDBEngine, driver: Driver) -> None:
    log = SmallLog(history(seed=2, commits=3))
    log.append(("need_2", NeedBroken()))
    with running(Projector(log, SMALL, writer)) as projector:
        projector.wait_for(log.head(), 10)
    repaired = SmallLog(log.kept[:-1])
    repaired.append(("need_2", NeedClosed()))
    with running(Projector(repaired, SMALL, Writer(driver, engine.database, SMALL))) as projector:
        assert projector.wait_for(repaired.head(), 10) == repaired.head()
    assert _stopped(driver, engine) is None


def test_what_the_database_refuses_is_found_in_its_batch_and_stops_it_exactly_there(
    writer: Writer, engine: ArcadeDBEngine, driver: Driver
) -> None:
    log = SmallLog(history(seed=4, commits=20))
    good = log.head()
    log.append(("need_1", NeedOversized()))
    log.append(("need_2", NeedClosed()))
    with running(Projector(log, SMALL, writer)) as projector:
        assert projector.wait_for(log.head(), 30) == good
    assert projector.stopped is not None
    assert f"need_1 at positions {good + 1} to {good + 1} is refused" in projector.stopped
    assert _stopped(driver, engine) == projector.stopped
    assert snapshot(driver, engine.database, SMALL) == graph_of(log.kept[:20])


def test_trouble_that_passes_is_waited_out_visibly(writer: Writer, engine: ArcadeDBEngine, driver: Driver) -> None:
    troubles = [ServiceUnavailable("away"), AuthError("not yet"), ServiceUnavailable("after the commit")]

    class Troubled(Recording):
        def before(self, position: int) -> None:
            if len(troubles) > 1:
                raise troubles.pop(0)

        def seen(self, position: int) -> None:
            if troubles:
                raise troubles.pop(0)

    log = SmallLog(history(seed=6, commits=30))
    with capture_logs() as logs, running(Projector(log, SMALL, Troubled(writer))) as projector:
        assert projector.wait_for(log.head(), 10) == log.head()
    assert [each["event"] for each in logs] == ["graph.projector.trouble"] * 3
    assert logs[-1]["error"] == "ServiceUnavailable('after the commit')"
    assert snapshot(driver, engine.database, SMALL) == graph_of(log.kept)


def test_a_log_that_cannot_be_read_is_tried_again(writer: Writer) -> None:
    class Failing(SmallLog):
        failures = 2

        def commits(self, after: int, limit: int) -> Sequence[Commit]:
            if self.failures:
                self.failures -= 1
                raise OSError("the disk is away")
            return super().commits(after, limit)

    log = Failing(history(seed=6, commits=3))
    with running(Projector(log, SMALL, writer)) as projector:
        assert projector.wait_for(log.head(), 10) == log.head()


def test_a_projector_that_was_taken_over_stops_without_a_word_in_the_graph(
    writer: Writer, engine: ArcadeDBEngine, driver: Driver
) -> None:
    log = SmallLog(history(seed=6, commits=3))
    with running(Projector(log, SMALL, writer)) as projector:
        projector.wait_for(log.head(), 10)
        Writer(driver, engine.database, SMALL).position()
        log.append(("need_1", NeedClosed()))
        projector.wake()
        assert projector.wait_for(log.head(), 10) == log.head() - 1
    assert projector.stopped is not None
    assert projector.stopped.startswith("expected Standing")
    assert _stopped(driver, engine) is None


def test_of_projectors_that_start_together_one_goes_on_and_the_graph_is_as_if_it_were_alone(
    engine: ArcadeDBEngine, driver: Driver
) -> None:
    log = SmallLog(history(seed=8, commits=200))
    projectors = [
        Projector(log, SMALL, Writer(driver, engine.database, SMALL), at_rest=10, under_load=10) for _ in range(3)
    ]
    with ExitStack() as stack:
        for projector in projectors:
            stack.enter_context(running(projector))
        deadline = time.monotonic() + 20
        while sum(projector.stopped is None for projector in projectors) > 1:
            assert time.monotonic() < deadline
            log.append(("need_1", NeedClosed()))  # who was taken over learns it at the next thing to write
            time.sleep(0.05)
        (left,) = (projector for projector in projectors if projector.stopped is None)
        assert left.wait_for(log.head(), 20) == log.head()
    assert snapshot(driver, engine.database, SMALL) == graph_of(log.kept)


def test_a_log_that_ends_before_the_graph_stops_it(writer: Writer) -> None:
    log = SmallLog(history(seed=6, commits=9))
    with running(Projector(log, SMALL, writer)) as projector:
        projector.wait_for(log.head(), 10)
        end = log.kept.pop().position
        projector.wake()
        projector.wait_for(end + 1, 10)
    assert projector.stopped == f"the log ends at {log.head()}, before the graph, which is at {end}"


def test_a_log_with_a_gap_stops_it(writer: Writer) -> None:
    log = SmallLog(history(seed=6, commits=9))
    first, gap = log.kept[0].position, log.kept.pop(1)
    with running(Projector(log, SMALL, writer, at_rest=1, under_load=1)) as projector:
        assert projector.wait_for(log.head(), 10) == first
    assert projector.stopped == f"the log goes on at {gap.position + 1} after {first}"


class Recording(Writer):
    """A writer that lets a test see, and disturb, each batch of another."""

    def __init__(self, writer: Writer) -> None:
        self._inner = writer

    def before(self, position: int) -> None:
        """The batch is about to be written."""

    def seen(self, position: int) -> None:
        """The batch has been written."""

    def position(self) -> int:
        return self._inner.position()

    def write(self, batch: Batch, position: int) -> None:
        self.before(position)
        self._inner.write(batch, position)
        self.seen(position)


def _stopped(driver: Driver, engine: ArcadeDBEngine) -> str | None:
    found = driver.execute_query("MATCH (p:Projection) RETURN p.stopped", database_=engine.database)
    return found.records[0][0]  # type: ignore[no-any-return]  # a property that is a text or missing

"""The projector on a real engine: it follows the log, waits out trouble, and stops where it must."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from at_work import Hold, projecting, running
from direct import standing
from msgspec.structs import replace
from neo4j import Driver
from small_graph import NeedBroken, NeedClosed, SmallLog, StationNamed, graph_of, history
from structlog.testing import capture_logs
from waiting import until

from domain.kernel.history import Commit
from infra.graphdb.bolt.errors import LostError, StatementError
from infra.graphdb.generation import Generation
from infra.graphdb.snapshot import snapshot
from infra.graphdb.writer import Writer
from projections.rows import Row, Shape

pytestmark = pytest.mark.parametrize("engine", ["arcadedb"], indirect=True)
"""What depends on the engine is in the other files, on each."""


def test_what_is_new_in_the_log_is_projected_at_once_when_it_is_woken(hold: Hold) -> None:
    log = SmallLog()
    with running(projecting(log, hold(), poll=60)) as projector:
        log.append(("s", StationNamed(name="first")))
        projector.wake()
        assert projector.wait_for(1, 10) == 1
        log.append(("s", StationNamed(name="second")))
        projector.wake()
        assert projector.wait_for(2, 10) == 2


def test_without_being_woken_it_looks_for_itself(hold: Hold) -> None:
    log = SmallLog()
    with running(projecting(log, hold(), poll=0.05)) as projector:
        log.append(("s", StationNamed(name="first")))
        assert projector.wait_for(1, 10) == 1


def test_waiting_ends_with_the_time_allowed_and_says_how_far_the_graph_is(hold: Hold) -> None:
    log = SmallLog()
    log.append(("s", StationNamed(name="first")))
    with running(projecting(log, hold())) as projector:
        assert projector.wait_for(99, 1.0) == 1


def test_the_lag_is_counted_in_events(hold: Hold) -> None:
    log = SmallLog(history(seed=1, commits=20))
    projector = projecting(log, hold())
    assert projector.lag() == log.head()
    with running(projector):
        projector.wait_for(log.head(), 10)
        assert (projector.lag(), projector.position) == (0, log.head())


def test_positions_are_only_ever_ends_of_commits(hold: Hold) -> None:
    log = SmallLog(history(seed=5, commits=60))
    ends = {commit.position for commit in log.kept}
    written: list[int] = []

    class Watching(Recording):
        def seen(self, position: int) -> None:
            written.append(position)

    with running(projecting(log, hold(Watching), at_rest=5, under_load=9)) as projector:
        projector.wait_for(log.head(), 10)
    assert written[-1] == log.head()
    assert set(written) <= ends
    assert len(written) > 10


def test_batches_grow_under_load(hold: Hold) -> None:
    asked: list[int] = []

    class Asked(SmallLog):
        def commits(self, after: int, limit: int) -> Sequence[Commit]:
            asked.append(limit)
            return super().commits(after, limit)

    log = Asked(history(seed=5, commits=100))
    with running(projecting(log, hold(), at_rest=10, under_load=40)) as projector:
        projector.wait_for(log.head(), 10)
    assert asked[:4] == [10, 20, 40, 40]


def test_it_goes_on_where_the_one_before_it_stopped(hold: Hold, generation: Generation, driver: Driver) -> None:
    log = SmallLog(history(seed=7, commits=40))
    with running(projecting(SmallLog(log.kept[:25]), hold())) as projector:
        projector.wait_for(log.kept[24].position, 10)
    with running(projecting(log, hold())) as projector:
        assert projector.wait_for(log.head(), 10) == log.head()
    assert snapshot(driver, generation) == graph_of(log.kept)


def test_a_fact_that_is_skipped_is_left_out_and_all_else_of_its_commit_is_not(
    hold: Hold, generation: Generation, driver: Driver
) -> None:
    log = SmallLog(history(seed=2, commits=30))
    broken = log.append(("need_1", NeedClosed()), ("need_2", NeedBroken()), ("need_3", NeedClosed()))
    log.append(("need_4", NeedClosed()))
    with running(projecting(log, hold())) as projector:
        until(lambda: projector.stopped is not None)
        log.skipped.add(broken.position - 1)
        assert projector.wait_for(log.head(), 0) < log.head()
        until(lambda: projector.position == log.head())
        assert projector.stopped is None
        assert _stopped(driver, generation) is None
    applied = [*log.kept[:30], replace(broken, events=(broken.events[0], broken.events[2])), log.kept[31]]
    assert snapshot(driver, generation) == graph_of(applied)


def test_a_fact_that_can_be_applied_is_applied_whoever_skips_it(
    hold: Hold, generation: Generation, driver: Driver
) -> None:
    log = SmallLog(history(seed=2, commits=30))
    log.skipped.update(range(1, log.head()))
    with running(projecting(log, hold())) as projector:
        assert projector.wait_for(log.head(), 10) == log.head()
    assert snapshot(driver, generation) == graph_of(log.kept)


def test_a_fact_that_breaks_the_projection_stops_it_exactly_there(
    hold: Hold, generation: Generation, driver: Driver
) -> None:
    log = SmallLog(history(seed=2, commits=30))
    good = log.head()
    log.append(("need_1", NeedClosed()), ("need_2", NeedBroken()))
    log.append(("need_3", NeedClosed()))
    with running(projecting(log, hold())) as projector:
        assert projector.wait_for(log.head(), 10) == good
        assert projector.lag() == 3
    reason = f"small.need_broken.v1 of need_2 at position {good + 2}: ZeroDivisionError: a fault of the projection"
    assert projector.stopped == reason
    assert _stopped(driver, generation) == reason
    assert snapshot(driver, generation) == graph_of(log.kept[:30])


def test_once_the_projection_is_repaired_it_goes_on(hold: Hold, generation: Generation, driver: Driver) -> None:
    log = SmallLog(history(seed=2, commits=3))
    log.append(("need_2", NeedBroken()))
    with running(projecting(log, hold())) as projector:
        projector.wait_for(log.head(), 10)
    repaired = SmallLog(log.kept[:-1])
    repaired.append(("need_2", NeedClosed()))
    with running(projecting(repaired, hold())) as projector:
        assert projector.wait_for(repaired.head(), 10) == repaired.head()
    assert _stopped(driver, generation) is None


def test_trouble_that_passes_is_waited_out_visibly(hold: Hold, generation: Generation, driver: Driver) -> None:
    troubles = [
        LostError("away"),
        StatementError("Neo.ClientError.Security.Unauthorized", "not yet"),
        StatementError("Neo.DatabaseError.General.UnknownError", "out of disk"),
        LostError("after the commit"),
    ]

    class Troubled(Recording):
        def before(self, position: int) -> None:
            if len(troubles) > 1:
                raise troubles.pop(0)

        def seen(self, position: int) -> None:
            if troubles:
                raise troubles.pop(0)

    log = SmallLog(history(seed=6, commits=30))
    with capture_logs() as logs, running(projecting(log, hold(Troubled))) as projector:
        assert projector.wait_for(log.head(), 10) == log.head()
    trouble = [each["error"] for each in logs if each["event"] == "graph.projector.trouble"]
    assert trouble == [
        "LostError: away",
        "StatementError: Neo.ClientError.Security.Unauthorized: not yet",
        "StatementError: Neo.DatabaseError.General.UnknownError: out of disk",
        "LostError: after the commit",
    ]
    assert snapshot(driver, generation) == graph_of(log.kept)


def test_a_log_that_cannot_be_read_is_tried_again(hold: Hold) -> None:
    class Failing(SmallLog):
        failures = 2

        def commits(self, after: int, limit: int) -> Sequence[Commit]:
            if self.failures:
                self.failures -= 1
                raise OSError("the disk is away")
            return super().commits(after, limit)

    log = Failing(history(seed=6, commits=3))
    with running(projecting(log, hold())) as projector:
        assert projector.wait_for(log.head(), 10) == log.head()


def test_a_log_that_is_another_one_stops_it(hold: Hold, generation: Generation, driver: Driver) -> None:
    log, other = SmallLog(history(seed=6, commits=9)), SmallLog(history(seed=7, commits=60))
    with running(projecting(log, hold())) as projector:
        projector.wait_for(log.head(), 10)
    before = snapshot(driver, generation)
    ends = {commit.position for commit in other.kept}
    with running(projecting(other, hold())) as projector:
        until(lambda: projector.stopped is not None)
    assert projector.stopped == (
        f"the log is not the one that this graph was made of: their chain hashes differ at {log.head()}"
        if log.head() in ends
        else f"no commit of the log ends at {log.head()}, where the graph is"
    )
    assert snapshot(driver, generation) == before


def test_a_log_that_ends_before_the_graph_stops_it(hold: Hold) -> None:
    log = SmallLog(history(seed=6, commits=9))
    with running(projecting(log, hold())) as projector:
        projector.wait_for(log.head(), 10)
        end = log.kept.pop().position
        projector.wake()
        projector.wait_for(end + 1, 10)
    assert projector.stopped == f"the log ends at {log.head()}, before the graph, which is at {end}"


def test_a_log_with_a_gap_stops_it(hold: Hold) -> None:
    log = SmallLog(history(seed=6, commits=9))
    first, gap = log.kept[0].position, log.kept.pop(1)
    with running(projecting(log, hold(), at_rest=1, under_load=1)) as projector:
        assert projector.wait_for(log.head(), 10) == first
    assert projector.stopped == f"the log goes on at {gap.position + 1} after {first}"


class Recording(Writer):
    """A writer that lets a test see, and disturb, each batch."""

    def before(self, position: int) -> None:
        """The batch is about to be written."""

    def seen(self, position: int) -> None:
        """The batch has been written."""

    def write(self, rows: Mapping[Shape, list[Row]], position: int, chain: str) -> None:
        self.before(position)
        super().write(rows, position, chain)
        self.seen(position)


def _stopped(driver: Driver, generation: Generation) -> str | None:
    return standing(driver, generation).get("stopped")

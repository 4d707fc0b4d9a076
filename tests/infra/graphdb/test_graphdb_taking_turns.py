"""Several projectors on one graph: one projects, the others stand by, and the next one goes on where it was."""

from __future__ import annotations

import time
from contextlib import ExitStack

from at_work import Hold, projecting, running
from direct import standing
from neo4j import Driver
from small_graph import NeedBroken, NeedClosed, NeedCounted, SmallLog, graph_of, history
from waiting import until

from infra.graphdb.generation import Generation
from infra.graphdb.ownership import Ownership
from infra.graphdb.projector import Projector
from infra.graphdb.snapshot import snapshot


def test_a_projector_that_was_taken_over_stands_by_and_goes_on_when_it_is_its_turn_again(
    hold: Hold, generation: Generation, driver: Driver
) -> None:
    log = SmallLog(history(seed=6, commits=3))
    with running(projecting(log, hold(), silence=10)) as projector:
        projector.wait_for(log.head(), 10)
        other = Ownership(driver, generation)
        assert other.take(other.look())
        log.append(("need_1", NeedClosed()))
        projector.wake()
        assert projector.wait_for(log.head(), 1) == log.head() - 1
        assert not projector.owns
        assert projector.stopped is None
        other.release()
        assert projector.wait_for(log.head(), 10) == log.head()
        assert projector.owns
    assert snapshot(driver, generation) == graph_of(log.kept)


def test_an_owner_that_has_nothing_to_do_learns_by_its_beat_that_it_is_one_no_more(
    hold: Hold, generation: Generation, driver: Driver
) -> None:
    with running(projecting(SmallLog(), hold(), silence=3, poll=60)) as projector:
        until(lambda: projector.owns)
        other = Ownership(driver, generation)
        assert other.take(other.look())
        until(lambda: not projector.owns)


def test_of_projectors_that_start_together_one_projects_and_the_next_one_goes_on_where_it_stops(
    hold: Hold, generation: Generation, driver: Driver
) -> None:
    log = SmallLog(history(seed=8, commits=200))
    waiting = [projecting(log, hold(), silence=10, at_rest=10, under_load=10) for _ in range(3)]
    with ExitStack() as stack:
        at_work = {projector: stack.enter_context(ExitStack()) for projector in waiting}
        for projector, its in at_work.items():
            its.enter_context(running(projector))
        while at_work:
            until(lambda: any(projector.owns for projector in at_work))
            (owner,) = (projector for projector in at_work if projector.owns)
            assert owner.wait_for(log.head(), 20) == log.head()
            log.append(("need_1", NeedClosed()), ("need_2", NeedCounted(times=1)))
            at_work.pop(owner).close()
    last = projecting(log, hold())
    with running(last):
        assert last.wait_for(log.head(), 20) == log.head()
    assert snapshot(driver, generation) == graph_of(log.kept)


def test_an_owner_that_falls_silent_is_taken_over_and_one_that_is_idle_is_not(
    hold: Hold, generation: Generation, driver: Driver
) -> None:
    log = SmallLog(history(seed=6, commits=3))
    dead = Ownership(driver, generation)
    assert dead.take(dead.look())
    with running(projecting(log, hold(), silence=2.5)) as idle:
        assert idle.wait_for(1, 1.0) == 0
        assert idle.wait_for(log.head(), 10) == log.head()
        with running(projecting(log, hold(), silence=2.5)) as patient:
            time.sleep(4)
            assert idle.owns
            assert not patient.owns


def test_who_only_observes_knows_how_far_the_owner_is_and_why_it_stopped(
    hold: Hold, generation: Generation, driver: Driver
) -> None:
    log = SmallLog(history(seed=2, commits=20))
    good = log.head()
    log.append(("need_2", NeedBroken()))
    watching = Projector(log, hold(), observes=True, poll=0.02)
    with running(watching):
        assert watching.wait_for(1, 0.5) == 0
        with running(projecting(log, hold())) as owner:
            assert owner.wait_for(log.head(), 10) == good
            assert watching.wait_for(log.head(), 10) == good
            assert watching.stopped == owner.stopped
        assert not watching.owns


def test_what_stopped_on_purpose_is_left_to_who_starts_anew(hold: Hold, generation: Generation, driver: Driver) -> None:
    log = SmallLog(history(seed=2, commits=3))
    owner = Ownership(driver, generation)
    assert owner.take(owner.look())
    with running(projecting(log, hold(), silence=2)) as standing_by:
        time.sleep(0.7)  # it has looked, and found nothing wrong
        owner.stop("a fault")  # and then it is killed
        time.sleep(2.5)
        assert not standing_by.owns
        with running(projecting(log, hold(), silence=1)) as repaired:
            until(lambda: repaired.position == log.head())
    assert "stopped" not in standing(driver, generation)

"""Generations: built beside the one that is read, read in its place, and removed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Event, Thread

import pytest
from at_work import running
from leftovers import left_of
from neo4j import Driver
from small_graph import SMALL, NeedBroken, NeedCounted, SmallLog, commit_of, graph_of, history
from waiting import until

from gateway.errors import GatewayError
from infra.graphdb.engines.interface import GraphEngine
from infra.graphdb.generations import Generations
from infra.graphdb.home import Record, State
from infra.graphdb.keeper import Keeper
from infra.graphdb.reader import GraphReader
from infra.graphdb.rebuild import RebuildError, rebuild, rebuild_as_of
from infra.graphdb.snapshot import snapshot
from projections.memory import Graph
from projections.values import number


def read(driver: Driver, generations: Generations, keeper: Keeper) -> Graph:
    """All that is shown, once it is up to the log."""
    until(lambda: keeper.ready() and keeper.lag() == 0)
    return snapshot(driver, keeper.shown().generation)


def test_where_there_is_no_graph_yet_one_is_built_and_then_read(generations: Generations, driver: Driver) -> None:
    log = SmallLog(history(seed=1, commits=30))
    keeper = Keeper(generations, log)
    with pytest.raises(GatewayError, match=r"the graph is being built: it is at 0 of \d+ events"):
        keeper.shown()
    with running(keeper):
        assert read(driver, generations, keeper) == graph_of(log.kept)
    assert [record.state for record in generations.home.records()] == [State.SERVED]


def test_who_starts_again_goes_on_with_the_graph_that_is_there(generations: Generations, driver: Driver) -> None:
    log = SmallLog(history(seed=2, commits=30))
    for _ in range(2):
        log.append(("need_1", NeedCounted(times=1)))
        with running(Keeper(generations, log)) as keeper:
            assert read(driver, generations, keeper) == graph_of(log.kept)
    assert len(generations.home.records()) == 1


def test_several_build_the_first_graph_together(version: Callable[[int], Generations], driver: Driver) -> None:
    log = SmallLog(history(seed=3, commits=30))
    keepers = [Keeper(version(1), log) for _ in range(2)]
    with running(keepers[0]), running(keepers[1]):
        for keeper in keepers:
            assert read(driver, version(1), keeper) == graph_of(log.kept)
    assert len(version(1).home.records()) == 1


def test_a_rebuild_while_one_writes_and_reads_shows_nothing_that_was_not_so_and_never_goes_back(
    generations: Generations, engine: GraphEngine, driver: Driver
) -> None:
    log = SmallLog(history(seed=4, commits=200))
    graph = graph_of(log.kept)
    counts = {log.head(): asked(graph)}
    keeper, stop = Keeper(generations, log), Event()
    wrong: list[str] = []
    seen: list[int] = []
    consistent: list[bool] = []

    def write() -> None:
        for commit in history(seed=5, commits=1_000):
            added = commit_of(log.head(), [(event.entity_id, event.fact) for event in commit.events])
            graph.apply(SMALL.changes([added]))
            counts[added.position] = asked(graph)
            log.extend([added])
            keeper.wake()
            if stop.wait(0.01):
                break

    async def look() -> None:
        reader = GraphReader(engine, keeper.shown)
        while not stop.is_set():
            before = await reader.settled()
            answer = await reader.read("MATCH (n:SmallNeed) RETURN coalesce(sum(n.asked), 0)")
            after = await reader.settled()
            if seen and answer.position < seen[-1]:
                wrong.append(f"{answer.position} after {seen[-1]}")
            seen.append(answer.position)
            consistent.append(before == after)
            if before == after and answer.rows[0][0] != counts[before]:
                wrong.append(f"{answer.rows[0][0]} at {before}, not {counts[before]}")
        await reader.close()

    with running(keeper):
        until(keeper.ready)
        first = keeper.shown().generation
        threads = [Thread(target=write), Thread(target=lambda: asyncio.run(look()))]
        for each in threads:
            each.start()
        rebuilt = rebuild(generations, log, lambda *_: None, Event())
        until(lambda: keeper.shown().generation != first)
        until(lambda: sum(consistent) > 20)
        stop.set()
        for each in threads:
            each.join()
        assert keeper.shown().generation == generations.generation(rebuilt.number)
        assert read(driver, generations, keeper) == graph_of(log.kept)
    assert wrong == []
    assert [record.state for record in generations.home.records()] == [State.RETIRED, State.SERVED]


def asked(graph: Graph) -> int:
    """How often needs were asked for in all."""
    return sum(number(held.get("asked")) for (label, _), held in graph.nodes.items() if label == "SmallNeed")


def test_a_rebuild_reports_how_far_it_is_and_can_be_run_again(generations: Generations, driver: Driver) -> None:
    log = SmallLog(history(seed=6, commits=30))
    reports: list[tuple[int, int]] = []
    with running(Keeper(generations, log)) as keeper:
        until(keeper.ready)
        numbers = [rebuild(generations, log, lambda *report: reports.append(report), Event()).number for _ in range(2)]
        until(lambda: keeper.shown().generation == generations.generation(numbers[-1]))
        assert read(driver, generations, keeper) == graph_of(log.kept)
    assert reports[-1] == (log.head(), log.head())
    assert numbers[0] < numbers[1]


def test_a_rebuild_that_is_broken_off_leaves_nothing_behind(
    generations: Generations, engine: GraphEngine, driver: Driver
) -> None:
    log = SmallLog(history(seed=7, commits=30))
    with running(Keeper(generations, log)) as keeper:
        until(keeper.ready)
        before, stop = generations.home.records(), Event()
        stop.set()
        with pytest.raises(RebuildError, match="broken off"):
            rebuild(generations, log, lambda *_: None, stop)
        assert generations.home.records() == before
        assert left_of(driver, generations, before[-1].number + 1) == []
        assert left_of(driver, generations, before[-1].number) != []
        assert read(driver, generations, keeper) == graph_of(log.kept)


def test_a_fact_that_stops_the_new_graph_is_named_and_the_old_one_is_read_on(
    version: Callable[[int], Generations], driver: Driver
) -> None:
    log = SmallLog(history(seed=8, commits=10))
    with running(Keeper(version(1), log)) as keeper:
        until(lambda: keeper.ready() and keeper.lag() == 0)
        good = graph_of(log.kept)
        log.append(("need_1", NeedBroken()))
        keeper.wake()
        with pytest.raises(RebuildError, match=r"small.need_broken.v1 of need_1 at position \d+: ZeroDivisionError"):
            rebuild(version(1), log, lambda *_: None, Event())
        assert snapshot(driver, keeper.shown().generation) == good
    assert len(version(1).home.records()) == 1


def test_a_second_rebuild_is_refused_while_one_is_under_way_and_clears_up_after_one_that_died(
    generations: Generations, driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.graphdb.rebuild.SILENCE", 0.6)
    log = SmallLog(history(seed=9, commits=10))
    with running(Keeper(generations, log)) as keeper:
        until(keeper.ready)
        other = generations.ownership(generations.begin(join=False))
        assert other.take(other.look())
        stop = Event()
        beating = Thread(target=lambda: [other.beat() for _ in iter(lambda: stop.wait(0.1), True)])
        beating.start()
        with pytest.raises(RebuildError, match="is being built already"):
            rebuild(generations, log, lambda *_: None, Event())
        stop.set()
        beating.join()
        dead = other.generation.number
        rebuild(generations, log, lambda *_: None, Event())
        assert dead not in {record.number for record in generations.home.records()}


def test_a_new_version_is_built_on_its_own_while_the_old_one_is_read(
    version: Callable[[int], Generations], driver: Driver
) -> None:
    log = SmallLog(history(seed=10, commits=30))
    with running(Keeper(version(1), log)) as old:
        until(old.ready)
        with running(Keeper(version(2), log)) as new:
            log.append(("need_1", NeedCounted(times=1)))
            for keeper in (old, new):
                keeper.wake()
                assert read(driver, version(1), keeper) == graph_of(log.kept)
    assert [(each.version, each.state) for each in version(1).home.records()] == [(1, State.SERVED), (2, State.SERVED)]


def test_who_only_observes_turns_to_the_new_graph_too_and_builds_none(
    version: Callable[[int], Generations], driver: Driver
) -> None:
    log = SmallLog(history(seed=11, commits=30))
    with running(Keeper(version(1), log, projects=False)) as api:
        api.look()
        assert version(1).home.records() == []
        assert not api.ready()
        with running(Keeper(version(1), log)):
            until(api.ready)
            number = rebuild(version(1), log, lambda *_: None, Event()).number
            until(lambda: api.shown().generation.number == number)
            assert read(driver, version(1), api) == graph_of(log.kept)


def test_a_graph_as_it_was_is_built_beside_the_others_and_kept(generations: Generations, driver: Driver) -> None:
    log = SmallLog(history(seed=12, commits=40))
    position = log.kept[20].position
    number = rebuild_as_of(generations, log, position, lambda *_: None, Event()).number
    assert snapshot(driver, generations.generation(number)) == graph_of(log.kept[:21])
    assert generations.home.records() == [Record(number, 1, State.KEPT)]


def test_a_retired_graph_cannot_be_taken_over_on_neo4j(generations: Generations, engine: GraphEngine) -> None:
    log = SmallLog(history(seed=13, commits=10))
    with running(Keeper(generations, log)) as keeper:
        until(keeper.ready)
        old = keeper.shown().generation
        rebuild(generations, log, lambda *_: None, Event())
        late = generations.ownership(old.number)
        seen = late.look()
        assert seen is not None
        assert seen.retired == bool(old.suffix)
        if old.suffix:
            assert not late.take(seen)

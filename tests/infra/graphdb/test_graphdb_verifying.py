"""Verifying: a graph that is what its log makes, and whatever can be wrong with one."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest
from at_work import running
from direct import run
from neo4j import Driver
from small_graph import NeedBroken, NeedClosed, NeedNoted, NeedShared, SmallLog, StationNamed, history
from waiting import until

from infra.graphdb.generation import Generation
from infra.graphdb.generations import Generations
from infra.graphdb.keeper import Keeper
from infra.graphdb.ownership import Ownership
from infra.graphdb.verifying import SHOWN, Verified, VerifyError, verify

NEED = NeedNoted(station="s1", title="需求", fields=("a", "b"))


@pytest.fixture
def log() -> SmallLog:
    log = SmallLog(history(seed=21, commits=60))
    log.append(("s1", StationNamed(name="驿站")), ("n1", NEED), ("n1", NeedShared(station="s2", share=3)))
    return log


@pytest.fixture
def keeper(generations: Generations, log: SmallLog) -> Iterator[Keeper]:
    with running(Keeper(generations, log)) as keeper:
        until(lambda: keeper.ready() and keeper.lag() == 0)
        yield keeper


def verified(generations: Generations, driver: Driver, log: SmallLog) -> Verified:
    return verify(generations, driver, log, lambda *_: None, Event())


def shown(keeper: Keeper) -> Generation:
    return keeper.shown().generation


def test_a_graph_that_is_what_its_log_makes_is_said_to_be_so_and_goes_on_afterwards(
    generations: Generations, driver: Driver, log: SmallLog, keeper: Keeper
) -> None:
    reports: list[tuple[int, int]] = []
    found = verify(generations, driver, log, lambda *report: reports.append(report), Event())
    assert (found.differing, found.differences, found.position) == (0, [], log.head())
    assert found.nodes > 10
    assert found.links > 10
    assert reports[-1] == (log.head(), log.head())
    log.append(("n1", NeedClosed()))
    keeper.wake()
    until(lambda: keeper.lag() == 0)
    assert verified(generations, driver, log).differing == 0


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (
            "MATCH (n:SmallNeed {id: 'n1'}) SET n.title = 'forged'",
            {"node": "n1", "label": "SmallNeed", "title": ("需求", "forged")},
        ),
        ("MATCH (n:SmallNeed {id: 'n1'}) SET n.fields = ['a']", {"node": "n1", "fields": (["a", "b"], ["a"])}),
        ("MATCH (n:SmallNeed {id: 'n1'}) REMOVE n.weight", {"node": "n1", "weight": (0.5, None)}),
        ("CREATE (n:SmallStation {id: 's99'})", {"node": "s99", "label": "SmallStation"}),
        ("CREATE (n:SmallStation {name: 'nobody'})", {"node": "", "label": "SmallStation"}),
        (
            "MATCH (:SmallNeed {id: 'n1'})-[x:SMALL_SEEN_BY]->() DELETE x",
            {"link": "SMALL_SEEN_BY", "source": "n1", "target": "s2", "share": (3, None)},
        ),
        (
            "MATCH (:SmallNeed {id: 'n1'})-[x:SMALL_SEEN_BY]->() SET x.share = 4",
            {"link": "SMALL_SEEN_BY", "source": "n1", "share": (3, 4)},
        ),
        (
            "MATCH (a:SmallNeed {id: 'n1'}), (b:SmallStation {id: 's1'}) CREATE (a)-[:SMALL_SEEN_BY]->(b)",
            {"link": "SMALL_SEEN_BY", "source": "n1", "target": "s1"},
        ),
        (
            "MATCH (a:SmallNeed {id: 'n1'}), (b:SmallStation {id: 's2'}) CREATE (a)-[:SMALL_SEEN_BY {share: 3}]->(b)",
            {"link": "SMALL_SEEN_BY", "source": "n1", "target": "s2"},
        ),
    ],
)
def test_whatever_is_not_what_the_log_makes_is_told(
    generations: Generations, driver: Driver, log: SmallLog, keeper: Keeper, damage: str, told: dict[str, object]
) -> None:
    run(driver, shown(keeper), damage)
    found = verified(generations, driver, log)
    assert found.differing == 1
    (difference,) = found.differences
    for key, value in told.items():
        if isinstance(value, tuple):
            sides = tuple((difference[side] or {}).get(key) for side in ("expected", "found"))
            assert sides == value
        else:
            assert difference[key] == value


def test_of_many_differences_the_first_are_told_and_all_are_counted(
    generations: Generations, driver: Driver, log: SmallLog, keeper: Keeper
) -> None:
    run(driver, shown(keeper), "UNWIND range(1, 150) AS i CREATE (:SmallStation {id: 'x' + i})")
    found = verified(generations, driver, log)
    assert (found.differing, len(found.differences)) == (150, SHOWN)


def test_what_was_skipped_is_left_out_on_both_sides_and_named(
    generations: Generations, driver: Driver, log: SmallLog, keeper: Keeper
) -> None:
    broken = log.append(("n2", NeedBroken()), ("n3", NeedClosed()))
    log.skipped.update({2, broken.position - 1})
    keeper.wake()
    until(lambda: keeper.lag() == 0)
    found = verified(generations, driver, log)
    assert (found.differing, found.skipped) == (0, [broken.position - 1])


def test_nothing_is_verified_where_nothing_is_read_or_by_another_log(
    generations: Generations, driver: Driver, log: SmallLog
) -> None:
    with pytest.raises(VerifyError, match="still being built"):
        verified(generations, driver, log)
    with running(Keeper(generations, log)) as keeper:
        until(lambda: keeper.ready() and keeper.lag() == 0)
        other = SmallLog(history(seed=22, commits=3))
        with pytest.raises(VerifyError, match="the log is not the one that this graph was made of"):
            verified(generations, driver, other)
        stop = Event()
        stop.set()
        with pytest.raises(VerifyError, match="broken off"):
            verify(generations, driver, log, lambda *_: None, stop)
        log.append(("n1", NeedClosed()))
        keeper.wake()
        until(lambda: keeper.lag() == 0)


def test_whoever_takes_the_graph_over_meanwhile_ends_the_comparison(
    generations: Generations, driver: Driver, log: SmallLog, keeper: Keeper
) -> None:
    def taken_over(_done: int, _total: int) -> None:
        other = generations.ownership(shown(keeper).number)
        assert other.take(other.look())

    with pytest.raises(VerifyError, match="another projector took the graph over meanwhile"):
        verify(generations, driver, log, taken_over, Event())


def test_whoever_takes_the_graph_over_when_all_has_been_compared_leaves_the_outcome(
    generations: Generations, driver: Driver, log: SmallLog, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = Ownership.check

    def check_and_lose(ownership: Ownership) -> None:
        check(ownership)
        other = generations.ownership(shown(keeper).number)
        assert other.take(other.look())

    monkeypatch.setattr(Ownership, "check", check_and_lose)
    assert verify(generations, driver, log, lambda _done, _total: None, Event()).differences == []

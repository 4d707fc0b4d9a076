"""The search for a way, on a graph of its own in the real engine: a line of stations, a hub, a pair and a lone one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from asking import Asking
from direct import Owner
from scenario import id_of
from small_graph import commit_of

from domain.stations import StationFounded, Tier
from domain.values import Bilingual
from gateway.context import Request
from gateway.errors import GatewayError
from gateway.pathfinding import FARTHEST, Hop, Search, by_label, joined, seen, shortest, widen
from gateway.ports import PUBLIC
from gateway.server import application
from infra.graphdb.generation import Generation
from infra.graphdb.reader import GraphReader
from infra.graphdb.shown import Shown
from infra.server import Running
from projections.batch import fold
from projections.network import network

LINE = [id_of("station", f"line {number}") for number in range(10)]
"""Each answers to the one before it."""
HUB = id_of("station", "hub")
"""The first of the line answers to it, and so do the spokes."""
SPOKES = [id_of("station", f"spoke {number}") for number in range(3)]
ALONE = id_of("station", "alone")
PAIR = [id_of("station", "upper"), id_of("station", "lower")]
LINK = "ANSWERS_TO"


def founded(id: str, parent: str | None = None) -> tuple[str, StationFounded]:
    return id, StationFounded(tier=Tier.BASE, name=Bilingual(zh="站"), region="330600", parent_id=parent)


@pytest.fixture(scope="module")
def generation(system: Running) -> Iterator[Generation]:
    """A graph of these stations, beside the system's own."""
    generation = system.engine.generation(network(), 99)
    system.engine.prepare(generation)
    line = [founded(id, before) for id, before in zip(LINE, [HUB, *LINE], strict=False)]
    spokes = [founded(id, HUB) for id in SPOKES]
    others = [founded(HUB), founded(ALONE), founded(PAIR[0]), founded(PAIR[1], PAIR[0])]
    commit = commit_of(0, [*line, *spokes, *others])
    with system.engine.driver() as driver, Owner(system.engine, driver, generation) as owner:
        owner.position()
        owner.bring(fold(network(), [commit]), commit.position)
    yield generation
    system.engine.remove(generation)


@pytest.fixture
def reader(system: Running, generation: Generation, loop: asyncio.Runner) -> Iterator[GraphReader]:
    reader = GraphReader(system.engine, lambda: Shown(generation))
    yield reader
    loop.run(reader.close())


@pytest.fixture
def public(system: Running, reader: GraphReader) -> Request:
    """A request of the public, which sees every station."""
    return Request(replace(system.services, graph=reader), PUBLIC)


def down(*ids: str) -> list[tuple[str, str, Hop]]:
    """The way over these, against the links, as each answers to the one before it."""
    return [(before, after, Hop(before, LINK, False)) for before, after in pairwise(ids)]


def up(*ids: str) -> list[tuple[str, str, Hop]]:
    """The way over these, along the links."""
    return [(before, after, Hop(before, LINK, True)) for before, after in pairwise(ids)]


def test_a_way_leads_over_as_many_links_as_the_limit_and_not_over_more(loop: asyncio.Runner, public: Request) -> None:
    for limit in (1, 2, 3):
        found = loop.run(shortest(public, LINE[0], LINE[limit], farthest=limit))
        assert found == down(*LINE[: limit + 1])
        assert loop.run(shortest(public, LINE[0], LINE[limit + 1], farthest=limit)) is None


def test_a_way_takes_eight_links_at_most_unless_it_is_said_otherwise(loop: asyncio.Runner, public: Request) -> None:
    assert FARTHEST == 8
    assert loop.run(shortest(public, LINE[0], LINE[8])) == down(*LINE[:9])
    assert loop.run(shortest(public, LINE[0], LINE[9])) is None
    assert loop.run(shortest(public, LINE[0], LINE[9], farthest=9)) == down(*LINE)


def test_a_search_gives_up_once_it_has_reached_too_many_records(loop: asyncio.Runner, public: Request) -> None:
    with pytest.raises(GatewayError, match="no way was found among the first 2 records around the two") as refused:
        loop.run(shortest(public, PAIR[0], ALONE, most_visited=2))
    assert refused.value.code == "TOO_FAR"
    assert loop.run(shortest(public, PAIR[0], ALONE, most_visited=3)) is None


def test_a_way_that_is_found_with_the_last_records_is_not_too_far(loop: asyncio.Runner, public: Request) -> None:
    found = loop.run(shortest(public, SPOKES[0], SPOKES[1], most_visited=3))
    assert found == [*up(SPOKES[0], HUB), *down(HUB, SPOKES[1])]
    with pytest.raises(GatewayError):
        loop.run(shortest(public, SPOKES[0], SPOKES[1], most_visited=2))


@pytest.mark.parametrize(("start", "end"), [(ALONE, HUB), (HUB, ALONE), (ALONE, PAIR[0]), (PAIR[1], ALONE)])
def test_no_way_leads_from_or_to_an_end_without_links(
    loop: asyncio.Runner, public: Request, start: str, end: str
) -> None:
    assert loop.run(shortest(public, start, end)) is None


def test_a_way_reads_the_same_from_whichever_end_it_is_widened(loop: asyncio.Runner, public: Request) -> None:
    assert loop.run(shortest(public, HUB, LINE[3])) == down(HUB, *LINE[:4])
    assert loop.run(shortest(public, LINE[3], HUB)) == up(*reversed(LINE[:4]), HUB)
    over = loop.run(shortest(public, SPOKES[2], LINE[2]))
    assert over == [*up(SPOKES[2], HUB), *down(HUB, *LINE[:3])]


def test_who_asks_for_a_path_is_told_of_none_when_there_is_no_way(
    system: Running, asking: Asking, reader: GraphReader
) -> None:
    there = replace(asking, gateway=application(replace(system.services, graph=reader)))
    query = "query($from: ID!, $to: ID!) { path(from: $from, to: $to) { nodes { id } } }"
    assert there.data(query, **{"from": HUB, "to": ALONE}) == {"path": None}
    wanted = [{"id": PAIR[0]}, {"id": PAIR[1]}]
    assert there.data(query, **{"from": PAIR[0], "to": PAIR[1]}) == {"path": {"nodes": wanted}}


def test_widening_takes_in_the_neighbours_that_are_new(loop: asyncio.Runner, public: Request) -> None:
    search = Search({LINE[1]: None}, {LINE[1]})
    assert loop.run(widen(public, search)) == {LINE[0], LINE[2]}
    assert search.reached == {LINE[1]: None, LINE[0]: Hop(LINE[1], LINK, True), LINE[2]: Hop(LINE[1], LINK, False)}
    search.edge = {LINE[0]}
    assert loop.run(widen(public, search)) == {HUB}
    assert search.way(HUB) == [(HUB, Hop(LINE[0], LINK, True)), (LINE[0], Hop(LINE[1], LINK, True))]


def test_what_does_not_exist_is_not_seen(loop: asyncio.Runner, public: Request) -> None:
    nobody = id_of("station", "nobody")
    assert loop.run(seen(public, {HUB, nobody, id_of("need")})) == {HUB}
    assert loop.run(seen(public, ())) == set()


def test_ids_are_taken_by_the_label_of_their_records_and_in_order() -> None:
    need = id_of("need")
    assert by_label([*LINE, need]) == {"Need": [need], "Station": sorted(LINE)}


def test_two_ways_that_meet_are_one_and_the_second_is_turned_round() -> None:
    there = Search({"a": None, "b": Hop("a", "L", True)})
    back = Search({"d": None, "c": Hop("d", "M", True), "b": Hop("c", "N", False)})
    wanted = [("a", "b", Hop("a", "L", True)), ("b", "c", Hop("b", "N", True)), ("c", "d", Hop("c", "M", False))]
    assert joined(there, back, "b") == wanted

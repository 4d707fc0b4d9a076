"""Batches: whatever is folded together, the graph is the one that the changes make one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_graph import CARED_BY, NEED, NOON, SEEN_BY, SMALL, STATION, NeedBroken, NeedClosed, SmallLog, history

from domain.kernel.context import Context
from domain.kernel.history import Recorded
from projections.batch import Batch, Unprojectable, fold
from projections.changes import Add, Change, Drop, Link, LinkType, NodeType, Put, Unlink
from projections.memory import Graph
from projections.projection import Projection
from projections.rows import Shape, Verb, all_rows, shapes
from projections.values import written

NODES = NodeType("A", counters=("n", "m"), goes=True), NodeType("B", goes=True)
LINKS = LinkType("A", "KNOWS", "B"), LinkType("A", "OWNS", "A"), LinkType("B", "KNOWS", "A")
PLAIN = Projection("plain", 1, NODES, LINKS, lambda recorded, context: ())

ids = st.sampled_from(["1", "2", "3"])
names = st.sampled_from(["x", "y", "z"])
texts = st.sampled_from(["", "轴承", "oil"])
zones = st.sampled_from([UTC, timezone(timedelta(hours=8))])
times = st.builds(lambda hours, zone: (NOON + timedelta(hours=hours)).astimezone(zone), st.integers(0, 9), zones)
counters = st.sampled_from(NODES[0].counters)
values = st.one_of(texts, st.integers(), st.booleans(), st.dates(), times, st.lists(texts, max_size=2))
properties = st.dictionaries(names, values, max_size=3)
changes = st.one_of(
    st.builds(Put, st.sampled_from(["A", "B"]), ids, st.dictionaries(names, st.none() | values, max_size=3)),
    st.builds(Put, st.just("A"), ids, st.dictionaries(counters, st.none() | st.integers(), max_size=2)),
    st.builds(Add, st.just("A"), ids, counters, st.integers(-3, 3)),
    st.builds(Drop, st.sampled_from(["A", "B"]), ids),
    st.builds(Link, st.sampled_from(LINKS), ids, ids, properties),
    st.builds(Unlink, st.sampled_from(LINKS), ids, st.none() | ids),
)


@settings(deadline=None)
@given(st.lists(st.lists(changes, max_size=12), max_size=5))
def test_any_batching_of_the_same_changes_gives_the_graph_that_they_give_one_by_one(
    batches: list[list[Change]],
) -> None:
    one_by_one, batched = Graph(), Graph()
    for batch in batches:
        one_by_one.apply(batch)
        batched.apply(_rewritten(_batch(batch)))
    assert batched == one_by_one


@settings(deadline=None)
@given(st.lists(changes, max_size=20))
def test_a_batch_names_each_node_and_each_link_once_sorted_by_id(many: list[Change]) -> None:
    for shape, rows in all_rows(_batch(many), shapes(PLAIN)).items():
        keys = [tuple(str(row[key]) for key in ("id", "s", "t") if key in row) for row in rows]
        assert keys == sorted(set(keys))
        for row in rows:
            for _, ends in _links(shape, row):
                targets = [end["t"] for end in ends]
                assert targets == sorted(set(targets)) != []


@settings(deadline=None)
@given(st.lists(changes, max_size=20))
def test_a_node_of_which_nothing_is_said_is_left_to_the_link_that_makes_it(many: list[Change]) -> None:
    rows = [(shape, row) for shape, some in all_rows(_batch(many), shapes(PLAIN)).items() for row in some]
    made = {(link.target, end["t"]) for shape, row in rows for link, ends in _links(shape, row) for end in ends}
    for shape, row in rows:
        if isinstance(shape.of, NodeType) and shape.verb is Verb.PUT and row.keys() == {"id", "p"} and not row["p"]:
            assert (shape.of.label, row["id"]) not in made


def test_the_rows_of_a_batch_by_what_they_write() -> None:
    batch = _batch(
        [
            Unlink(LINKS[0], "1"),
            Unlink(LINKS[0], "2", "9"),
            Put("A", "1", {"x": 1, "y": None}),
            Link(LINKS[0], "1", "8", {"since": 3}),
            Link(LINKS[1], "1", "5"),
            Drop("B", "7"),
            Add("A", "1", "m", 2),
        ]
    )
    assert {(each.verb, each.of): rows for each, rows in all_rows(batch, shapes(PLAIN)).items()} == {
        (Verb.DROP, NODES[1]): [{"id": "7"}],
        (Verb.CLEAR, LINKS[0]): [{"s": "1"}],
        (Verb.UNLINK, LINKS[0]): [{"s": "2", "t": "9"}],
        (Verb.PUT, NODES[0]): [
            {"id": "1", "p": {"x": 1, "y": None}, "l0": [{"t": "8", "p": {"since": 3}}], "l1": [{"t": "5", "p": {}}]}
        ],
        (Verb.ADD, NODES[0]): [{"id": "1", "by": 2}],
    }


def test_what_goes_is_removed_before_anything_is_put() -> None:
    assert [(shape.verb, shape.of) for shape in shapes(SMALL)] == [
        (Verb.DROP, NEED),
        *((Verb.CLEAR, link) for link in (CARED_BY, SEEN_BY)),
        *((Verb.UNLINK, link) for link in (CARED_BY, SEEN_BY)),
        *((Verb.PUT, node) for node in (STATION, NEED)),
        (Verb.ADD, NEED),
    ]
    assert {shape.of: shape.links for shape in shapes(SMALL) if shape.verb is Verb.PUT} == {
        STATION: (),
        NEED: (CARED_BY, SEEN_BY),
    }


def test_a_batch_of_commits_is_made_of_the_changes_of_all_their_facts() -> None:
    commits = history(seed=1, commits=30)
    assert fold(SMALL, commits) == _batch(SMALL.changes(commits))


def test_a_fact_that_the_projection_cannot_apply_is_named() -> None:
    log = SmallLog(history(seed=1, commits=3))
    at = log.append(("need_1", NeedClosed()), ("need_2", NeedBroken())).position
    with pytest.raises(Unprojectable, match="a fault of the projection") as broken:
        fold(SMALL, log.kept)
    assert broken.value.position == at
    assert str(broken.value).startswith(f"small.need_broken.v1 of need_2 at position {at}: ZeroDivisionError")


@pytest.mark.parametrize(
    "change",
    [Put("C", "1"), Link(LinkType("A", "HATES", "B"), "1", "2"), Add("A", "1", "x", 1), Drop("C", "1")],
)
def test_what_the_projection_does_not_declare_it_cannot_write(change: Change) -> None:
    def project(recorded: Recorded, context: Context) -> Iterable[Change]:
        return [change]

    with pytest.raises(Unprojectable, match="plain declares no"):
        fold(replace(PLAIN, project=project), history(seed=1, commits=1))


@pytest.mark.parametrize("value", ["7", 0.5, date(2026, 8, 10)])
def test_a_counter_holds_nothing_but_whole_numbers(value: Any) -> None:
    def project(recorded: Recorded, context: Context) -> Iterable[Change]:
        return [Put("A", "1", {"n": value})]

    with pytest.raises(Unprojectable, match="no whole number to add to"):
        fold(replace(PLAIN, project=project), history(seed=1, commits=1))


def test_times_are_written_in_utc() -> None:
    there = datetime(2026, 8, 10, 20, tzinfo=timezone(timedelta(hours=8)))
    at = written(Put("A", "1", {"at": there, "on": date(2026, 8, 10)}))["at"]
    assert isinstance(at, datetime)
    assert (at, at.tzinfo) == (datetime(2026, 8, 10, 12, tzinfo=UTC), UTC)


NOTHING: Any = None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (Link(LINKS[0], "1", "2", {"x": NOTHING}), "x is set to nothing"),
        (Put("A", "1", {"at": datetime(2026, 8, 10)}), "the time in at has no time zone"),  # noqa: DTZ001 - on purpose
        (Put("A", "1", {"id": "2"}), "the id of A 1 is not a property to change"),
        (Put("A", "1", {"id": None}), "the id of A 1 is not a property to change"),
    ],
)
def test_what_graphs_do_not_hold_alike_is_refused(change: Put | Link, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        written(change)


def _batch(many: Iterable[Change]) -> Batch:
    batch = Batch()
    for change in many:
        batch.add(change)
    return batch


def _rewritten(batch: Batch) -> Iterable[Change]:
    """The changes that a batch asks of a graph, in the order of its shapes."""
    for shape, some in all_rows(batch, shapes(PLAIN)).items():
        for row in some:
            yield _change(shape, row)
            for link, ends in _links(shape, row):
                yield from (Link(link, str(row["id"]), end["t"], end["p"]) for end in ends)


def _links(shape: Shape, row: dict[str, Any]) -> Iterable[tuple[LinkType, list[dict[str, Any]]]]:
    """The links that are written with a node."""
    return [(link, row[f"l{number}"]) for number, link in enumerate(shape.links) if f"l{number}" in row]


def _change(shape: Shape, row: dict[str, Any]) -> Change:
    kind = shape.of
    if isinstance(kind, NodeType):
        if shape.verb is Verb.DROP:
            return Drop(kind.label, row["id"])
        if shape.verb is Verb.ADD:
            return Add(kind.label, row["id"], shape.counter, row["by"])
        return Put(kind.label, row["id"], row["p"])
    return Unlink(kind, row["s"], row.get("t"))

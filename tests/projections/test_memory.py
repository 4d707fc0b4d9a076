"""The graph in memory: what each change does to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from projections.changes import Add, Change, Drop, Link, LinkType, Put, Unlink
from projections.memory import Graph

CARED_BY = LinkType("Need", "CARED_BY", "Station")
OTHER = LinkType("Offer", "CARED_BY", "Station")


def graph(*changes: Change) -> Graph:
    made = Graph()
    made.apply(changes)
    return made


def test_a_put_names_what_it_sets_and_what_goes_and_leaves_the_rest() -> None:
    made = graph(
        Put("Need", "1", {"title": "轴承", "stage": "recorded", "weight": 2}),
        Put("Need", "1", {"stage": "checked", "weight": None, "never": None}),
    )
    assert made.node("Need", "1") == {"title": "轴承", "stage": "checked"}


def test_the_id_is_not_one_of_the_properties() -> None:
    assert graph(Put("Need", "1", {"id": "1"})) == graph(Put("Need", "1"))


def test_nodes_of_different_labels_may_have_the_same_id() -> None:
    made = graph(Put("Need", "1", {"x": 1}), Put("Offer", "1", {"x": 2}))
    assert (made.node("Need", "1"), made.node("Offer", "1")) == ({"x": 1}, {"x": 2})


def test_a_link_makes_the_ends_that_are_missing() -> None:
    made = graph(Put("Need", "1", {"x": 1}), Link(CARED_BY, "1", "9"))
    assert made.nodes == {("Need", "1"): {"x": 1}, ("Station", "9"): {}}
    assert made.targets(CARED_BY, "1") == {"9": {}}


def test_a_link_has_exactly_the_properties_that_were_set_last() -> None:
    made = graph(Link(CARED_BY, "1", "9", {"x": 1, "y": 2}), Link(CARED_BY, "1", "9", {"y": 3}))
    assert made.targets(CARED_BY, "1") == {"9": {"y": 3}}


def test_a_number_is_added_to_and_counts_from_nothing() -> None:
    made = graph(Add("Need", "1", "asked", 2), Add("Need", "1", "asked", 3), Add("Need", "2", "asked", -1))
    assert made.nodes == {("Need", "1"): {"asked": 5}, ("Need", "2"): {"asked": -1}}
    made.apply([Put("Need", "1", {"asked": 7}), Add("Need", "1", "asked", 1)])
    assert made.node("Need", "1") == {"asked": 8}


def test_a_node_that_is_dropped_takes_its_links_with_it_and_nothing_else() -> None:
    kept = Link(CARED_BY, "2", "8"), Put("Offer", "1", {"x": 1})
    made = graph(*kept, Put("Need", "1", {"x": 1}), Link(CARED_BY, "1", "9"), Link(CARED_BY, "2", "9"))
    made.apply([Drop("Need", "1"), Drop("Station", "9"), Drop("Need", "never")])
    assert made == graph(*kept)


def test_unlinking_a_pair_leaves_the_other_links_and_both_nodes() -> None:
    made = graph(Link(CARED_BY, "1", "8"), Link(CARED_BY, "1", "9"), Unlink(CARED_BY, "1", "9"))
    assert made.targets(CARED_BY, "1") == {"8": {}}
    assert made.node("Station", "9") == {}


def test_unlinking_without_a_target_removes_every_link_of_that_type_out_of_the_source() -> None:
    made = graph(
        *(Link(CARED_BY, "1", station) for station in "789"),
        *(Link(CARED_BY, "2", "9"), Link(OTHER, "1", "9"), Unlink(CARED_BY, "1")),
    )
    assert (made.targets(CARED_BY, "1"), made.targets(CARED_BY, "2"), made.targets(OTHER, "1")) == (
        *({}, {"9": {}}, {"9": {}}),
    )


def test_unlinking_what_is_not_linked_changes_nothing() -> None:
    assert graph(Unlink(CARED_BY, "1"), Unlink(CARED_BY, "1", "9")) == Graph()


def test_a_graph_that_lost_its_last_link_equals_one_that_never_had_it() -> None:
    ends = Put("Need", "1"), Put("Station", "9")
    assert graph(*ends, Link(CARED_BY, "1", "9"), Unlink(CARED_BY, "1", "9")) == graph(*ends)


def test_the_same_instant_in_two_zones_is_the_same_property() -> None:
    there = datetime(2026, 8, 10, 20, tzinfo=timezone(timedelta(hours=8)))
    assert graph(Put("A", "1", {"at": there})) == graph(Put("A", "1", {"at": there.astimezone(UTC)}))


def test_graphs_that_differ_in_one_property_are_not_equal() -> None:
    assert graph(Put("A", "1", {"x": 1})) != graph(Put("A", "1", {"x": 2}))


def test_what_is_not_there_has_no_properties_and_no_links() -> None:
    assert (graph().node("Need", "1"), graph().targets(CARED_BY, "1")) == (None, {})

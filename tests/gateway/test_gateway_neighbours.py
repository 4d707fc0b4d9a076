"""Neighbours: what a record is linked with, one by one and in pages, held against the model in memory."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from asking import Asking
from graphql import get_named_type
from small_links import LABELS, linked, neighbour_fields
from small_model import Model
from small_network import SmallNetwork

from domain.kernel.ids import prefix_of
from gateway.schema import schema

Now = Callable[[], Model]


@pytest.mark.parametrize(("label", "field", "paged"), neighbour_fields())
def test_neighbours_are_those_that_the_links_lead_to(
    asking: Asking, model: Now, label: str, field: str, paged: bool
) -> None:
    plural = next(plural for plural, each in LABELS.items() if each == label)
    shape = "{ totalCount edges { node { id } } }" if paged else "{ id }"
    given = "(first: 100)" if paged else ""
    query = f"{{ {plural}(first: 100) {{ edges {{ node {{ id {field}{given} {shape} }} }} }} }}"
    answer = asking.data(query, "administrator")
    some = False
    for edge in answer[plural]["edges"]:
        node = edge["node"]
        wanted = linked(model(), label, field, node["id"])
        some = some or bool(wanted)
        if paged:
            other = get_named_type(schema().type_map[label].fields[field].type).name.removesuffix("Connection")  # type: ignore[attr-defined]  # object types
            ids = [each["node"]["id"] for each in node[field]["edges"]]
            assert (ids, node[field]["totalCount"]) == (model().newest(other, wanted), len(wanted))
        else:
            assert wanted == ({node[field]["id"]} if node[field] else set())
    assert some, "the small network has none of these links; the test says nothing"


def test_nested_pages_follow_one_another(asking: Asking, made: SmallNetwork, model: Now) -> None:
    query = (
        "query($id: ID!, $after: String) { partner(id: $id) { profiles(first: 2, after: $after) "
        "{ totalCount edges { node { id } } pageInfo { hasNextPage hasPreviousPage endCursor } } } }"
    )
    wanted = model().newest("Profile", linked(model(), "Partner", "profiles", made["agency"]))
    assert len(wanted) > 5
    seen: list[str] = []
    after = None
    while True:
        found = asking.data(query, None, id=made["agency"], after=after)["partner"]["profiles"]
        seen += [edge["node"]["id"] for edge in found["edges"]]
        assert found["pageInfo"]["hasPreviousPage"] is (after is not None)
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
    withdrawn = {made["to withdrawn"]}
    assert seen == [id for id in wanted if id not in withdrawn]
    assert found["totalCount"] == len(seen)
    assert {prefix_of(id) for id in seen} == {"profile"}


def test_engagements_tell_since_when_and_for_what(asking: Asking, made: SmallNetwork) -> None:
    query = "query($id: ID!) { partner(id: $id) { engagements { station { id } since until purposes } } }"
    agency = asking.data(query, id=made["agency"])["partner"]["engagements"]
    purposes = ["MATCHING", "TRAINING"]
    assert agency == [{"station": {"id": made["zhejiang"]}, "since": "2026-03-01", "until": None, "purposes": purposes}]
    academy = asking.data(query, id=made["academy"])["partner"]["engagements"]
    assert {(each["station"]["id"], each["until"]) for each in academy} == {
        (made["shaoxing"], None),
        (made["shenzhen"], "2026-06-01"),
    }

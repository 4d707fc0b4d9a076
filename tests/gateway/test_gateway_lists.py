"""Lists and look-ups of every noun, held against the model in memory."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from asking import Asking
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLNonNull, get_named_type
from small_filters import BY_PROPERTY, Node
from small_links import BY_LINK, LABELS
from small_model import Model
from small_network import SmallNetwork

from domain.needs import RecordNeed
from gateway.schema import schema

Now = Callable[[], Model]


def page(asking: Asking, plural: str, who: str | None = "administrator", **arguments: Any) -> dict[str, Any]:
    """A page of a list: its ids, the total, and what it says of itself."""
    root = schema().query_type
    assert root is not None
    types = {name: argument.type for name, argument in root.fields[plural].args.items() if name in arguments}
    heading = f"query({', '.join(f'${name}: {type}' for name, type in types.items())})" if types else ""
    given = f"({', '.join(f'{name}: ${name}' for name in types)})" if types else ""
    info = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
    query = f"{heading} {{ {plural}{given} {{ totalCount edges {{ cursor node {{ id }} }} {info} }} }}"
    found: dict[str, Any] = asking.data(query, who, **arguments)[plural]
    cursors = [edge["cursor"] for edge in found["edges"]]
    assert (found["pageInfo"]["startCursor"], found["pageInfo"]["endCursor"]) == (
        (cursors[0], cursors[-1]) if cursors else (None, None)
    )
    return {"ids": [edge["node"]["id"] for edge in found["edges"]], "total": found["totalCount"], **found["pageInfo"]}


@pytest.mark.parametrize("plural", LABELS)
def test_a_list_gives_every_record_newest_first_and_oldest_first(asking: Asking, model: Now, plural: str) -> None:
    newest = model().newest(LABELS[plural], model().ids(LABELS[plural]))
    found = page(asking, plural, first=100)
    assert (found["ids"], found["total"]) == (newest, len(newest))
    assert page(asking, plural, first=100, orderBy="OLDEST")["ids"] == newest[::-1]
    assert page(asking, plural, first=100, orderBy=None, after=None, filter=None)["ids"] == newest
    assert not found["hasNextPage"]
    assert not found["hasPreviousPage"]


@pytest.mark.parametrize("plural", LABELS)
def test_a_look_up_gives_the_record_of_its_own_noun_only(asking: Asking, model: Now, plural: str) -> None:
    label = LABELS[plural]
    singular = label[0].lower() + label[1:]
    query = f"query($id: ID!) {{ {singular}(id: $id) {{ id }} node(id: $id) {{ __typename id created recordedAt }} }}"
    for id in model().ids(label):
        kept = model().node(label, id)
        node = {"__typename": label, "id": id, "created": kept["created"], "recordedAt": kept["recorded_at"]}
        assert asking.data(query, "administrator", id=id) == {singular: {"id": id}, "node": node}
    for other in LABELS.values():
        if other != label:
            id = min(model().ids(other))
            assert asking.data(query, "administrator", id=id)[singular] is None
    for nonsense in ("", "x", "need_x", f"{singular}_", "claim_01h455vb4pex5vsknk084sn02q", "' OR 1=1"):
        assert asking.data(query, "administrator", id=nonsense) == {singular: None, "node": None}


@pytest.mark.parametrize(("plural", "field", "value", "keeps"), BY_PROPERTY)
def test_a_filter_keeps_what_it_says(
    asking: Asking, model: Now, plural: str, field: str, value: Any, keeps: Callable[[Node], bool]
) -> None:
    label = LABELS[plural]
    wanted = {id for id in model().ids(label) if keeps(model().node(label, id))}
    found = page(asking, plural, first=100, filter={field: value})
    assert (found["ids"], found["total"]) == (model().newest(label, wanted), len(wanted))
    nulls = dict.fromkeys(filter_fields(plural))
    assert page(asking, plural, first=100, filter={**nulls, field: value})["ids"] == found["ids"]


@pytest.mark.parametrize(("plural", "field", "link", "other"), BY_LINK)
def test_a_filter_by_a_link_keeps_what_is_linked(
    asking: Asking, model: Now, made: SmallNetwork, plural: str, field: str, link: str, other: str
) -> None:
    label, target = LABELS[plural], made[other]
    wanted = {
        source
        for (type, source), held in model().graph.links.items()
        if (type.source, type.name) == (label, link) and target in held
    }
    found = page(asking, plural, first=100, filter={field: target})
    assert (found["ids"], found["total"]) == (model().newest(label, wanted), len(wanted))
    for nothing in ("", made["national"][:-1] + "0", "no id"):
        assert page(asking, plural, filter={field: nothing})["total"] == 0


def test_appointments_are_found_by_person(asking: Asking, made: SmallNetwork) -> None:
    found = page(asking, "appointments", filter={"person": made.people["adviser"].person_id})
    assert found["total"] == 1


@pytest.mark.parametrize(
    ("plural", "link"), [("needs", "NEED_RECORDED_BY"), ("achievements", "ACHIEVEMENT_REGISTERED_BY")]
)
@pytest.mark.parametrize("region", ["330000", "33", "440300", "4403", "990000"])
def test_a_region_keeps_what_its_stations_recorded(
    asking: Asking, model: Now, plural: str, link: str, region: str
) -> None:
    digits = region.removesuffix("00").removesuffix("00")
    wanted = {
        source
        for (type, source), held in model().graph.links.items()
        if type.name == link and any(model().node("Station", each)["region"].startswith(digits) for each in held)
    }
    found = page(asking, plural, first=100, filter={"region": region})
    assert (found["ids"], found["total"]) == (model().newest(LABELS[plural], wanted), len(wanted))


def test_every_filter_field_of_the_schema_was_tried() -> None:
    tried = {(plural, field) for plural, field, *_ in (*BY_PROPERTY, *BY_LINK)}
    tried |= {("appointments", "person"), ("needs", "region"), ("achievements", "region")}
    assert tried == {(plural, field) for plural in LABELS for field in filter_fields(plural)}


def test_every_list_of_the_schema_was_tried() -> None:
    root = schema().query_type
    assert root is not None
    lists = {name for name, field in root.fields.items() if "orderBy" in field.args}
    assert lists == set(LABELS)
    for name in lists:
        order = get_named_type(root.fields[name].args["orderBy"].type)
        assert isinstance(order, GraphQLEnumType)
        assert set(order.values) == {"NEWEST", "OLDEST"}
        assert isinstance(root.fields[name].type, GraphQLNonNull)


def filter_fields(plural: str) -> list[str]:
    root = schema().query_type
    assert root is not None
    filter = get_named_type(root.fields[plural].args["filter"].type)
    assert isinstance(filter, GraphQLInputObjectType)
    return list(filter.fields)


@pytest.mark.parametrize("size", [1, 2, 7])
@pytest.mark.parametrize("order", ["NEWEST", "OLDEST"])
def test_pages_give_every_record_exactly_once(asking: Asking, model: Now, size: int, order: str) -> None:
    newest = model().newest("Profile", model().ids("Profile"))
    seen: list[str] = []
    after: str | None = None
    while True:
        found = page(asking, "profiles", first=size, after=after, orderBy=order)
        assert found["total"] == len(newest)
        assert found["hasPreviousPage"] is (after is not None)
        seen += found["ids"]
        after = found["endCursor"]
        if not found["hasNextPage"]:
            break
        assert len(found["ids"]) == size
    assert seen == (newest if order == "NEWEST" else newest[::-1])
    assert page(asking, "profiles", after=after, orderBy=order)["ids"] == []


def test_records_that_come_between_two_pages_move_nothing(asking: Asking, made: SmallNetwork, model: Now) -> None:
    before = model().newest("Need", model().ids("Need"))
    first = page(asking, "needs", first=3)
    oldest = page(asking, "needs", first=3, orderBy="OLDEST")
    state = made.log.find(made["dyeing"])
    assert state is not None
    new = [
        made.give(
            RecordNeed(station_id=made["shaoxing"], organisation_id=made["factory"], details=state.state.details)
        ).entity_id
        for _ in range(2)
    ]
    rest = page(asking, "needs", first=100, after=first["endCursor"])
    assert first["ids"] + rest["ids"] == before
    assert rest["total"] == len(before) + 2
    later = page(asking, "needs", first=100, after=oldest["endCursor"], orderBy="OLDEST")
    assert oldest["ids"] + later["ids"] == before[::-1] + new


def test_a_cursor_holds_after_its_record_left_the_list(asking: Asking, made: SmallNetwork, model: Now) -> None:
    found = page(asking, "needs", first=2)
    kept = page(asking, "needs", first=100, after=found["endCursor"], filter={"stage": ["PUBLISHED"]})
    published = {id for id in model().ids("Need") if model().node("Need", id)["stage"] == "published"}
    assert set(kept["ids"]) == published - set(found["ids"])
    assert kept["total"] == len(published)


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


NO_CURSORS = (
    *("5", "null", "[]", "[1]", '["a","b"]', "[1,2]", '[1,"a",2]', "[null,null]", '{"a":1,"b":2}'),
    *('[true,"a"]', f'[{2**63},"a"]', f'[{10**40},"a"]', '[-1e300,"a"]', "[[1],[2]]"),
)
"""JSON that is no place in a list."""


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "é", "====", *map(encoded, NO_CURSORS)],
)
def test_a_cursor_of_another_make_is_refused_by_every_list_that_takes_one(
    asking: Asking, made: SmallNetwork, cursor: str
) -> None:
    lists = (
        "needs(after: $after) { totalCount }",
        "stations { edges { node { children(after: $after) { edges { cursor } } } } }",
        "counterparts(of: $of, after: $after) { totalCount }",
        "history(of: $of, after: $after) { edges { cursor } }",
    )
    for each in lists:
        of = "$of: ID!, " if "$of" in each else ""
        response = asking.post(
            f"query({of}$after: String) {{ {each} }}", "adviser", {"of": made["dyeing"], "after": cursor}
        )
        codes = {error["extensions"]["code"] for error in response.json()["errors"]}
        assert codes == {"BAD_INPUT"}, each


@pytest.mark.parametrize("size", [0, 101, -1, 2**31 - 1])
def test_a_page_holds_one_to_a_hundred(asking: Asking, made: SmallNetwork, size: int) -> None:
    for each in ("needs", "counterparts", "history"):
        of = f'of: "{made["dyeing"]}", ' if each != "needs" else ""
        error = asking.error(f"{{ {each}({of}first: {size}) {{ pageInfo {{ hasNextPage }} }} }}", "adviser")
        assert (error["code"], error["message"]) == ("BAD_INPUT", "first: takes 1 to 100")
    answer = asking.post(f"{{ stations {{ edges {{ node {{ children(first: {size}) {{ totalCount }} }} }} }} }}").json()
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_INPUT"}


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_beyond_the_calendar_is_refused(asking: Asking, moment: str) -> None:
    error = asking.error(f'{{ needs(filter: {{ publishedSince: "{moment}" }}) {{ totalCount }} }}')
    assert error["code"] == "BAD_INPUT"

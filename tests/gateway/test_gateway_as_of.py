"""As of: records and their neighbours as they stood, to those who see them now and would have seen them then."""

from __future__ import annotations

from typing import Any

import pytest
from asking import Asking, in_pieces
from small_desk import person
from small_model import Model
from small_network import SmallNetwork

from domain.achievement_details import AchievementDetails
from domain.achievements import AmendAchievement, RegisterAchievement
from domain.reference.achievements import Secrecy
from domain.values import Bilingual
from projections.memory import Graph
from projections.network import network

RECORD = """{ id label position properties neighbours(first: 100) {
  pageInfo { hasNextPage } edges { node { id label properties links { name direction properties } } } } }"""
ASKED = "($of: ID!, $position: Position, $time: String) { asOf(of: $of, position: $position, time: $time)"
QUERY = f"query{ASKED} {RECORD} }}"
PAGE = """query($of: ID!, $position: Position!, $first: Int, $after: String) { asOf(of: $of, position: $position) {
  neighbours(first: $first, after: $after) { pageInfo { hasNextPage endCursor } edges { node { id } } } } }"""

GUARDED = {
    "Partner": {"contact"},
    "Need": {"contact"},
    "Achievement": {"contact"},
    "Expert": {"name", "delisted_because", "phone", "email"},
    "Broker": {"name", "certificate", "suspended_because", "released_because"},
    "Appointment": {"name"},
}
"""What only those who answer for a record read, written down once more by hand."""


def then(made: SmallNetwork, position: int) -> Model:
    """What the log said at a position."""
    graph = Graph()
    commits = [commit for commit in made.log.commits(0, 10**6) if commit.position <= position]
    graph.apply(network().changes(commits))
    return Model(graph)


def open_properties(model: Model, label: str, id: str) -> dict[str, Any]:
    hidden = GUARDED.get(label, set())
    return {
        name: value
        for name, value in model.node(label, id).items()
        if name not in hidden and not ("contact" in hidden and name.startswith("contact_"))
    }


def links_between(model: Model, id: str) -> dict[str, set[tuple[str, str]]]:
    """The neighbours of a record in the whole graph, with the links by name and direction."""
    found: dict[str, set[tuple[str, str]]] = {}
    for (type, source), held in model.graph.links.items():
        for target in held:
            if source == id:
                found.setdefault(target, set()).add((type.name, "OUT"))
            if target == id:
                found.setdefault(source, set()).add((type.name, "IN"))
    return found


def as_of(asking: Asking, of: str, who: str = "auditor", **moment: Any) -> dict[str, Any]:
    found: dict[str, Any] = asking.data(QUERY, who, of=of, **moment)["asOf"]
    return found


def test_every_record_and_its_neighbours_are_those_of_the_graph_at_that_position(
    asking: Asking, made: SmallNetwork
) -> None:
    head = made.log.head()
    ends = [commit.position for commit in made.log.commits(0, 10**6)]
    for asked in (head // 3, head - 20, head):
        position = max(end for end in ends if end <= asked)
        model = then(made, position)
        ids = {id: label for label, id in model.graph.nodes}
        records = asking.each((f'asOf(of: "{id}", position: {asked}) {RECORD}' for id in ids), "auditor")
        for found, (id, label) in zip(records, ids.items(), strict=True):
            assert (found["id"], found["label"], found["position"]) == (id, label, position)
            assert found["properties"] == open_properties(model, label, id)
            neighbours = [edge["node"] for edge in found["neighbours"]["edges"]]
            assert not found["neighbours"]["pageInfo"]["hasNextPage"]
            assert [each["id"] for each in neighbours] == sorted(links_between(model, id))
            for each in neighbours:
                assert each["properties"] == open_properties(model, each["label"], each["id"])
                links = {(link["name"], link["direction"]) for link in each["links"]}
                assert links == links_between(model, id)[each["id"]]


def test_a_link_shows_what_stood_on_it_then(asking: Asking, made: SmallNetwork) -> None:
    engaged, over = (event.position for event in list(_facts(made, made["academy"]))[-2:])
    shown = []
    for position in (engaged, over):
        neighbours = as_of(asking, made["academy"], position=position)["neighbours"]["edges"]
        (station,) = (edge["node"] for edge in neighbours if edge["node"]["id"] == made["shenzhen"])
        shown.append({link["name"]: link["properties"] for link in station["links"]})
    since = {"since": "2026-04-01", "purposes": []}
    assert shown == [{"ENGAGED_BY": {}, "WORKS_WITH": since}, {"WORKS_WITH": {**since, "until": "2026-06-01"}}]


def _facts(made: SmallNetwork, id: str) -> Any:
    return (event for commit in made.log.history(id) for event in commit.events)


def secrecies(asking: Asking, made: SmallNetwork, name: str, *secrecy: Secrecy) -> list[int]:
    """An achievement of Zhejiang whose secrecy changes in this order, and the positions at which it did."""

    def details(of: Secrecy) -> AchievementDetails:
        return AchievementDetails(title=Bilingual(zh=name), secrecy=of)

    first, *others = secrecy
    register = RegisterAchievement(
        station_id=made["zhejiang"], organisation_id=made["bureau"], details=details(first), contact=person(name)
    )
    id = made.name(name, register)
    registered = made.log.head()
    amended = (AmendAchievement(achievement_id=id, details=details(each)) for each in others)
    return [registered, *(made.give(command).position for command in amended)]


def test_a_record_is_shown_to_who_sees_it_now_and_would_have_seen_it_then(asking: Asking, made: SmallNetwork) -> None:
    opened, closed = Secrecy.OPEN, Secrecy.SECRET
    stories = {
        "was secret": secrecies(asking, made, "was secret", closed, opened),
        "became secret": secrecies(asking, made, "became secret", opened, closed),
        "secret between": secrecies(asking, made, "secret between", opened, closed, opened),
    }
    shown = {"was secret": [False, True], "became secret": [False, False], "secret between": [True, False, True]}
    for name, positions in stories.items():
        for position, wanted in zip(positions, shown[name], strict=True):
            for who, sees in (("other", wanted), ("manager", True), ("auditor", True)):
                neighbours = as_of(asking, made["bureau"], who, position=position)["neighbours"]["edges"]
                assert (made[name] in {edge["node"]["id"] for edge in neighbours}) == sees, (name, position, who)
                if sees:
                    assert as_of(asking, made[name], who, position=position)["properties"]["title_zh"] == name
                else:
                    error = asking.error(QUERY, who, of=made[name], position=position)
                    assert error["code"] == "NOT_FOUND"
                    assert name not in error["message"]


def test_pages_go_on_where_the_one_before_ended_over_what_the_reader_sees(asking: Asking, made: SmallNetwork) -> None:
    head = made.log.head()
    for who in ("auditor", "other"):
        for of in ("zhejiang", "university"):
            whole = [edge["node"]["id"] for edge in as_of(asking, made[of], who, position=head)["neighbours"]["edges"]]
            assert len(whole) > 6
            seen: list[str] = []
            after = None
            while True:
                page = asking.data(PAGE, who, of=made[of], position=head, first=5, after=after)["asOf"]["neighbours"]
                seen += [edge["node"]["id"] for edge in page["edges"]]
                after = page["pageInfo"]["endCursor"]
                if not page["pageInfo"]["hasNextPage"]:
                    break
                assert len(page["edges"]) == 5
            assert seen == whole
    hidden = made["secret"]
    assert hidden in {e["node"]["id"] for e in as_of(asking, made["university"], position=head)["neighbours"]["edges"]}
    assert hidden not in whole


def test_nothing_sealed_is_shown_and_nothing_that_only_those_who_answer_read(
    asking: Asking, made: SmallNetwork
) -> None:
    documents = in_pieces(f'asOf(of: "{id}", time: "2026-08-10") {RECORD}' for id in made.ids.values())
    text = "".join(asking.post(document, "administrator").text for document in documents)
    assert "errors" not in text
    for word in ("sealed:", "0575-", "人dyeing", "专家", "ZJ-", "荷兰人", "退休", "投诉", "离职"):
        assert word not in text


@pytest.mark.parametrize("time", ["2026-08-10", "2026-08-10T12:00:00Z", "2026-08-10T20:00:00.5+08:00", "2100-01-01"])
def test_a_time_means_what_was_recorded_by_then(asking: Asking, made: SmallNetwork, time: str) -> None:
    assert as_of(asking, made["dyeing"], time=time) == as_of(asking, made["dyeing"], position=made.log.head())


@pytest.mark.parametrize("who", [None, "stranger", "retired"])
def test_the_past_is_not_for_the_public(asking: Asking, made: SmallNetwork, who: str | None) -> None:
    assert asking.error(QUERY, who, of=made["dyeing"], position=1)["code"] == "FORBIDDEN"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "position, time: takes one of the two"),
        ({"position": 1, "time": "2026-08-10"}, "position, time: takes one of the two, not both"),
        ({"position": 10**15}, "as of 1000000000000000: takes a position of the log, from 0 to "),
        ({"time": "2026-08-10T11:59:59Z"}, "the log begins later, at 2026-08-10T12:00:00+00:00"),
        ({"time": "2026-08-10T12:00"}, "time: 2026-08-10T12:00: takes a day such as "),
        ({"time": "yesterday"}, "time: yesterday: takes a day such as "),
    ],
)
def test_a_moment_that_the_log_does_not_have_is_refused(
    asking: Asking, made: SmallNetwork, asked: dict[str, Any], said: str
) -> None:
    error = asking.error(QUERY, "auditor", of=made["dyeing"], **asked)
    assert (error["code"], said in error["message"]) == ("BAD_INPUT", True), error


def test_what_is_not_there_and_what_had_not_come_is_not_found(asking: Asking, made: SmallNetwork) -> None:
    for of in ("nonsense", made["national"][:-1] + "0"):
        error = asking.error(QUERY, "auditor", of=of, position=1)
        assert error == {"message": f"there is no {of}", "code": "NOT_FOUND"}
    came = next(_facts(made, made["dyeing"])).position
    error = asking.error(QUERY, "auditor", of=made["dyeing"], position=came - 1)
    assert error["code"] == "NOT_FOUND"
    assert f"there was no {made['dyeing']} for you to see" in error["message"]
    assert as_of(asking, made["dyeing"], position=came)["properties"]["stage"] == "recorded"

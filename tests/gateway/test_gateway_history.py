"""History and paths: what happened to a record, and how two records are connected."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import pytest
from asking import Asking
from small_model import Model
from small_network import SmallNetwork

QUERY = """
query($of: ID!, $asOf: Position, $asOfTime: String, $first: Int, $after: String) {
  history(of: $of, asOf: $asOf, asOfTime: $asOfTime, first: $first, after: $after) {
    pageInfo { hasNextPage endCursor }
    edges { node {
      id position version topic happenedAt recordedAt actor station appointment command requestId data
    } }
  }
}
"""
PATH = "query($from: ID!, $to: ID!) { path(from: $from, to: $to) { length nodes { id } steps { link source target } } }"
Now = Callable[[], Model]


def events(asking: Asking, of: str, who: str = "auditor", **more: Any) -> list[dict[str, Any]]:
    edges = asking.data(QUERY, who, of=of, **more)["history"]["edges"]
    return [edge["node"] for edge in edges]


def test_the_history_of_every_record_is_what_stands_in_the_log(asking: Asking, made: SmallNetwork, model: Now) -> None:
    stored: dict[str, list[tuple[int, int, str, str, str]]] = {}
    for commit in made.log.commits(0, 10**6):
        for event in commit.events:
            said = (event.version, event.position, event.fact.TOPIC, commit.context.actor, commit.context.request_id)
            stored.setdefault(event.entity_id, []).append(said)
    for _, id in model().graph.nodes:
        found = events(asking, id, first=100)
        names = ("version", "position", "topic", "actor", "requestId")
        assert [tuple(event[name] for name in names) for event in found] == stored[id]
        assert [event["id"] for event in found] == [f"{id}/{version}" for version, *_ in stored[id]]
        assert all(event["station"] and event["happenedAt"] and event["recordedAt"] for event in found)
        assert all(event["appointment"] or event["command"] == "Install" for event in found)


def test_history_as_of_a_position_ends_there(asking: Asking, made: SmallNetwork) -> None:
    whole = events(asking, made["dyeing"])
    assert [event["topic"] for event in whole] == ["need.recorded", "need.checked", "need.published"]
    for number, event in enumerate(whole):
        assert events(asking, made["dyeing"], asOf=event["position"]) == whole[: number + 1]
        assert events(asking, made["dyeing"], asOf=event["position"] - 1) == whole[:number]
    assert events(asking, made["dyeing"], asOf=made.log.head()) == whole


def test_history_as_of_a_time_ends_with_what_was_recorded_by_then(asking: Asking, made: SmallNetwork) -> None:
    whole = events(asking, made["dyeing"])
    for time in ("2026-08-10", "2026-08-10T12:00:00Z", "2026-08-10T20:00+08:00", "2100-01-01"):
        assert events(asking, made["dyeing"], asOfTime=time) == whole


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"asOf": 10**15}, "as of 1000000000000000: takes a position of the log, from 0 to "),
        ({"asOfTime": "2026-08-09"}, "the log begins later, at 2026-08-10T12:00:00+00:00"),
        ({"asOfTime": "2026-08-10T12:00"}, "asOfTime: 2026-08-10T12:00: takes a day such as "),
        ({"asOf": 1, "asOfTime": "2026-08-10"}, "asOf, asOfTime: takes one of the two, not both"),
    ],
)
def test_history_as_of_a_moment_that_the_log_does_not_have_is_refused(
    asking: Asking, made: SmallNetwork, asked: dict[str, Any], said: str
) -> None:
    error = asking.error(QUERY, "auditor", of=made["dyeing"], **asked)
    assert (error["code"], said in error["message"]) == ("BAD_INPUT", True), error


def test_history_comes_in_pages(asking: Asking, made: SmallNetwork) -> None:
    whole = events(asking, made["solved"])
    assert len(whole) == 4
    for as_of in (None, whole[2]["position"]):
        wanted = [event for event in whole if as_of is None or event["position"] <= as_of]
        seen: list[dict[str, Any]] = []
        after = None
        while True:
            page = asking.data(QUERY, "auditor", of=made["solved"], first=1, after=after, asOf=as_of)["history"]
            seen += [edge["node"] for edge in page["edges"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert seen == wanted


def test_a_fact_is_shown_without_what_is_sealed_in_it(asking: Asking, made: SmallNetwork) -> None:
    recorded = events(asking, made["dyeing"], "adviser")[0]["data"]
    assert set(recorded["contact"]) == {"person_id"}
    assert recorded["details"]["goal"] == "回用率六成"
    expert = events(asking, made["expert private"], "adviser")[0]["data"]
    assert not {"name", "phone", "email"} & set(expert)
    assert expert["person_id"]
    asked = " ".join(
        f'h{number}: history(of: "{id}", first: 100) {{ edges {{ node {{ data }} }} }}'
        for number, id in enumerate(made.ids.values())
    )
    text = asking.post(f"{{ {asked} }}", "auditor").text
    assert "errors" not in text
    for word in ("sealed:", "0575-", "人dyeing", "专家", "ZJ-", "荷兰人"):
        assert word not in text


@pytest.mark.parametrize("who", [None, "stranger", "retired"])
def test_history_is_not_for_the_public(asking: Asking, made: SmallNetwork, who: str | None) -> None:
    assert asking.error(QUERY, who, of=made["dyeing"])["code"] == "FORBIDDEN"


def test_history_of_what_one_does_not_see_is_not_found(asking: Asking, made: SmallNetwork) -> None:
    for of in (made["secret"], "nonsense", made["national"][:-1] + "0"):
        assert asking.error(QUERY, "other", of=of) == {"message": f"there is no {of}", "code": "NOT_FOUND"}
    assert events(asking, made["secret"], "manager")
    assert events(asking, made["secret"], "auditor")


def shortest(model: Model, start: str, end: str, seen: set[str]) -> int | None:
    """How many links the shortest way over these records takes."""
    near: dict[str, set[str]] = {}
    for (_, source), held in model.graph.links.items():
        for target in held:
            near.setdefault(source, set()).add(target)
            near.setdefault(target, set()).add(source)
    lengths, queue = {start: 0}, deque([start])
    while queue:
        here = queue.popleft()
        for there in near.get(here, set()) - set(lengths):
            if there in seen:
                lengths[there] = lengths[here] + 1
                queue.append(there)
    return lengths.get(end)


@pytest.mark.parametrize("who", ["auditor", "other", None])
def test_a_path_is_the_shortest_way_over_what_the_reader_sees(
    asking: Asking, made: SmallNetwork, model: Now, who: str | None
) -> None:
    station = made.people[who].station_id if who else None
    labels = {label for label, _ in model().graph.nodes}
    seen = {id for label in labels for id in model().seen(label, who, station)}
    links = {(type.name, source, target) for (type, source), held in model().graph.links.items() for target in held}
    names = ("dyeing", "shenzhen", "factory", "university", "agency", "to good", "expert known", "deal done", "secret")
    pairs = [(one, other) for one in names for other in names if one != other]
    some = 0
    for one, other in pairs:
        start, end = made[one], made[other]
        length = shortest(model(), start, end, seen) if {start, end} <= seen else None
        path = asking.data(PATH, who, **{"from": start, "to": end})["path"]
        if length is None or length > 8:
            assert path is None, (one, other)
            continue
        some += 1
        assert path is not None, (one, other)
        assert path["length"] == length == len(path["steps"]), (one, other)
        ids = [node["id"] for node in path["nodes"]]
        assert (ids[0], ids[-1]) == (start, end)
        assert set(ids) <= seen
        for before, after, step in zip(ids[:-1], ids[1:], path["steps"], strict=True):
            assert {step["source"], step["target"]} == {before, after}
            assert (step["link"], step["source"], step["target"]) in links
    assert some


def test_a_path_takes_two_different_records(asking: Asking, made: SmallNetwork) -> None:
    for one, other in ((made["dyeing"], made["dyeing"]), ("x", made["dyeing"]), (made["dyeing"], ""), ("x", "y")):
        assert asking.error(PATH, "auditor", **{"from": one, "to": other})["code"] == "BAD_INPUT"

"""Subscriptions: what happens is told once, in its order, and to those only who may see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from typing import Any

import pytest
from asking import Asking
from followed import Followed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_desk import person
from small_network import SmallNetwork
from small_records import need

from domain.appointments import EndAppointment, appointment_id
from domain.kernel.acting import Role
from domain.matches import AcceptMatch, ProposeMatch
from domain.needs import AmendNeed, CheckNeed, PublishNeed, RecordNeed, WithdrawNeed
from gateway import feeding
from infra.server import Running

NODE = """subscription ($id: ID!, $after: Position) { nodeChanged(id: $id, after: $after) {
    position node { id ... on Need { stage title { zh } } } events { topic position } } }"""
MATCHES = """subscription ($station: ID, $after: Position) { matchesChanged(station: $station, after: $after) {
    position matches { id stage } events { topic } } }"""

numbers = count(1)


@pytest.fixture
def followed(asking: Asking, system: Running) -> Iterator[Followed]:
    yield Followed(asking, system.services)
    assert system.services.feed.watches == 0


@pytest.fixture
def recorded(made: SmallNetwork) -> Callable[[], str]:
    """Records a need of the station in Shaoxing."""

    def record() -> str:
        command = RecordNeed(
            station_id=made["shaoxing"], organisation_id=made["factory"], details=need(f"新需求{next(numbers)}")
        )
        return made.give(command).entity_id

    return record


def of_node(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    assert [answer for answer in answers if "errors" in answer] == []
    return [answer["data"]["nodeChanged"] for answer in answers]


def of_matches(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    assert [answer for answer in answers if "errors" in answer] == []
    return [answer["data"]["matchesChanged"] for answer in answers]


def test_what_is_recorded_of_a_record_is_told_as_it_happens(
    followed: Followed, made: SmallNetwork, recorded: Callable[[], str]
) -> None:
    id, other = recorded(), recorded()

    def happens() -> None:
        made.give(CheckNeed(need_id=id))
        made.give(CheckNeed(need_id=other))
        made.give(PublishNeed(need_id=id))

    told = of_node(followed.answers(NODE, "adviser", happens, id=id))
    assert [[event["topic"] for event in each["events"]] for each in told] == [["need.checked"], ["need.published"]]
    assert [each["position"] for each in told] == [event["position"] for each in told for event in each["events"]]
    assert told[-1]["node"] == {"id": id, "stage": "PUBLISHED", "title": told[0]["node"]["title"]}
    assert made.log.head() == told[-1]["position"]


def test_one_goes_on_from_a_position_without_loss_or_repetition(
    followed: Followed, made: SmallNetwork, recorded: Callable[[], str]
) -> None:
    id = recorded()
    began = made.log.head()
    made.give(CheckNeed(need_id=id))
    checked = made.log.head()
    made.give(PublishNeed(need_id=id))

    def happens() -> None:
        made.give(WithdrawNeed(need_id=id, reason="不再需要"))

    def topics(after: int) -> list[str]:
        answers = of_node(followed.answers(NODE, "adviser", id=id, after=after))
        return [event["topic"] for each in answers for event in each["events"]]

    told = of_node(followed.answers(NODE, "adviser", happens, id=id, after=began))
    assert [each["events"][0]["topic"] for each in told] == ["need.checked", "need.published", "need.withdrawn"]
    assert topics(checked) == ["need.published", "need.withdrawn"]
    assert topics(told[-1]["position"]) == []
    assert topics(10**9) == []


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 4), min_size=1, max_size=5), st.integers(0, 3))
def test_who_hangs_up_anywhere_and_comes_back_hears_everything_once(
    followed: Followed, made: SmallNetwork, recorded: Callable[[], str], taken: list[int], before: int
) -> None:
    id = recorded()
    position = made.log.head()
    expected, heard = before + sum(taken), list[str]()

    def amend(times: int) -> None:
        for _ in range(times):
            details = need(f"改名{next(numbers)}")
            made.give(AmendNeed(need_id=id, details=details))

    amend(before)
    for times in taken:
        answers = of_node(
            followed.answers(NODE, "adviser", lambda times=times: amend(times), most=times, id=id, after=position)  # type: ignore[misc]
        )
        heard += [event["position"] for each in answers for event in each["events"]]
        position = answers[-1]["position"] if answers else position
    answers = of_node(followed.answers(NODE, "adviser", id=id, after=position))
    heard += [event["position"] for each in answers for event in each["events"]]
    assert len(heard) == len(set(heard)) == expected
    assert heard == sorted(heard)


def test_a_reader_who_is_far_behind_goes_back_to_the_log(
    followed: Followed, made: SmallNetwork, recorded: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "KEPT", 2)
    id = recorded()

    def happens() -> None:
        for _ in range(30):
            made.give(AmendNeed(need_id=id, details=need(f"改名{next(numbers)}")))

    told = of_node(followed.answers(NODE, "adviser", happens, id=id))
    positions = [event["position"] for each in told for event in each["events"]]
    assert len(positions) == len(set(positions)) == 30
    assert positions == sorted(positions)


# -- who hears what ----------------------------------------------------------


def test_what_is_not_there_or_not_to_be_seen_cannot_be_followed(
    followed: Followed, made: SmallNetwork, recorded: Callable[[], str]
) -> None:
    hidden = recorded()
    ids = hidden, "need_01h455vb4pex5vsknk084sn02q", "x"
    told = [followed.errors(NODE, None, id=id)[0] for id in ids]
    assert [each["extensions"]["code"] for each in told] == ["NOT_FOUND"] * 3
    assert len({each["message"].replace(id, "…") for each, id in zip(told, ids, strict=True)}) == 1


def test_the_public_hears_of_what_it_can_see_and_no_more_once_it_sees_nothing(
    followed: Followed, made: SmallNetwork, recorded: Callable[[], str]
) -> None:
    id = recorded()
    made.give(CheckNeed(need_id=id))
    made.give(PublishNeed(need_id=id))

    def amended() -> None:
        details = need("公开的需求")
        made.give(AmendNeed(need_id=id, details=details))
        made.give(RecordNeed(station_id=made["shaoxing"], organisation_id=made["factory"], details=details))

    told = of_node(followed.answers(NODE, None, amended, id=id))
    assert [(each["events"], each["node"]["title"]["zh"]) for each in told] == [(None, "公开的需求")]
    withdrawn = WithdrawNeed(need_id=id, reason="不再需要")
    told = of_node(followed.answers(NODE, None, lambda: made.give(withdrawn), id=id))
    assert [(each["events"], each["node"]) for each in told] == [(None, None)]


def test_the_public_hears_nothing_of_what_it_cannot_see(
    followed: Followed, made: SmallNetwork, recorded: Callable[[], str]
) -> None:
    id = recorded()
    made.give(CheckNeed(need_id=id))
    made.give(PublishNeed(need_id=id))
    details = need(f"新需求{next(numbers)}")
    made.give(AmendNeed(need_id=id, details=details))
    other_contact = AmendNeed(need_id=id, details=details, contact=person("别人"))
    assert of_node(followed.answers(NODE, None, lambda: made.give(other_contact), id=id)) == []
    again = AmendNeed(need_id=id, details=details, contact=person("人"))
    (told,) = of_node(followed.answers(NODE, "adviser", lambda: made.give(again), id=id))
    assert [event["topic"] for event in told["events"]] == ["need.amended"]


def test_the_public_begins_from_a_position_with_how_the_record_is(
    followed: Followed, made: SmallNetwork, recorded: Callable[[], str]
) -> None:
    (told,) = of_node(followed.answers(NODE, None, id=made["dyeing"], after=1))
    assert told["node"]["id"] == made["dyeing"]
    assert told["position"] == made.log.head()


def test_whose_appointment_ends_hears_no_more(followed: Followed, made: SmallNetwork) -> None:
    made.appoint("leaving", "shaoxing", Role.ADVISER)

    def happens() -> None:
        appointment = appointment_id(made.people["leaving"].person_id, made["shaoxing"])
        made.give(EndAppointment(appointment_id=appointment, role=Role.ADVISER, until=date(2026, 8, 9)))
        made.give(AcceptMatch(match_id=made["match proposed"]))

    answers = followed.answers(MATCHES, "leaving", happens)
    assert [each["errors"][0]["extensions"]["code"] for each in answers] == ["FORBIDDEN"]


# -- matches -----------------------------------------------------------------


def test_a_station_hears_of_the_matches_that_it_may_decide_on(
    followed: Followed, made: SmallNetwork, recorded: Callable[[], str]
) -> None:
    id = recorded()
    made.give(CheckNeed(need_id=id))
    made.give(PublishNeed(need_id=id))
    began = made.log.head()
    matches: list[str] = []

    def happens() -> None:
        command = ProposeMatch(station_id=made["shaoxing"], need_id=id, profile_id=made["to good"], score=0.5)
        matches.append(made.give(command).entity_id)
        recorded()
        made.give(AcceptMatch(match_id=matches[0]))

    live = of_matches(followed.answers(MATCHES, "adviser", happens))
    assert [each["events"] for each in live] == [[{"topic": "match.proposed"}], [{"topic": "match.accepted"}]]
    assert live[-1]["matches"] == [{"id": matches[0], "stage": "ACCEPTED"}]
    assert of_matches(followed.answers(MATCHES, "adviser", after=began)) == [
        {**each, "matches": live[-1]["matches"]} for each in live
    ]
    assert of_matches(followed.answers(MATCHES, "adviser", after=live[0]["position"])) == [live[-1]]


@pytest.mark.parametrize(("who", "station"), [(None, None), (None, "shaoxing"), ("adviser", "shenzhen")])
def test_the_matches_of_others_cannot_be_followed(
    followed: Followed, made: SmallNetwork, who: str | None, station: str | None
) -> None:
    (error,) = followed.errors(MATCHES, who, station=made[station] if station else None)
    assert error["extensions"]["code"] == "FORBIDDEN"


def test_a_position_that_is_too_far_back_is_refused_with_a_way_on(
    followed: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.subscriptions.FURTHEST", 10)
    (error,) = followed.errors(MATCHES, "adviser", after=1)
    assert error["extensions"]["code"] == "TOO_FAR"
    assert "at most 10 events back" in error["message"]


# -- the graph itself --------------------------------------------------------


def test_how_far_the_graph_is_is_told_when_it_changes(
    followed: Followed, made: SmallNetwork, recorded: Callable[[], str]
) -> None:
    query = "subscription { standing { position head lag } }"
    answers = followed.answers(query, None, lambda: recorded() and None, most=2)
    first, second = (answer["data"]["standing"] for answer in answers)
    assert first["position"] < second["position"] <= made.log.head()
    assert {"position", "head", "lag"} == set(first)


# -- as it is asked for ------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "subscription { standing { position } again: standing { position } }",
        "subscription { nothing }",
        "subscription ($id: ID!) { nodeChanged(id: $id) { position } }",
        'subscription { nodeChanged(id: "x", after: -1) { position } }',
    ],
)
def test_a_document_that_does_not_fit_is_refused_before_anything_is_followed(followed: Followed, query: str) -> None:
    assert followed.errors(query)[0]["extensions"]["code"] == "BAD_REQUEST"


def test_an_error_of_the_inside_is_shown_as_its_id_only(
    followed: Followed, made: SmallNetwork, recorded: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    id = recorded()

    async def broken(*_: object) -> None:
        raise OSError("secret words")

    def happens() -> None:
        monkeypatch.setattr("gateway.subscriptions.load_node", broken)
        made.give(CheckNeed(need_id=id))

    (answer,) = followed.answers(NODE, "adviser", happens, id=id)
    assert answer["data"] is None
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert "secret" not in str(answer)


def test_what_goes_on_is_counted(followed: Followed, system: Running, asking: Asking, made: SmallNetwork) -> None:
    def going_on() -> float:
        lines = system.services.metrics.text().decode().splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith("yizhan_subscriptions{"))

    seen: list[float] = []
    followed.answers(NODE, "adviser", lambda: seen.append(going_on()), id=made["dyeing"])
    assert (seen, going_on()) == ([1.0], 0.0)

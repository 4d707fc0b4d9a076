"""Interests over GraphQL: how long in each stage, what is due, who sees it, and what a withdrawal ends."""

from __future__ import annotations

from typing import Any

import pytest
from asking import Asking
from small_network import SmallNetwork

TALKING = [
    {"stage": "PENDING", "on": "2026-03-02", "days": 0},
    {"stage": "SIGNPOSTED", "on": "2026-03-02", "days": 0},
    {"stage": "ALLOCATED", "on": "2026-03-02", "days": 4},
    {"stage": "REFERRED", "on": "2026-03-06", "days": 117},
    {"stage": "REVIEWED_BY_CLIENT", "on": "2026-07-01", "days": 7},
    {"stage": "CONTACTS_EXCHANGED", "on": "2026-07-08", "days": 33},
]


def interest(asking: Asking, made: SmallNetwork, name: str, who: str | None, fields: str) -> Any:
    return asking.data(f'{{ interest(id: "{made[name]}") {{ {fields} }} }}', who)["interest"]


def test_an_interest_tells_how_long_it_stood_in_each_stage(asking: Asking, made: SmallNetwork) -> None:
    fields = "stage stages { stage on days } daysSinceLastContact adviserId form { questions }"
    assert interest(asking, made, "eoi talking", "adviser", fields) == {
        "stage": "CONTACTS_EXCHANGED",
        "stages": TALKING,
        "daysSinceLastContact": 33,
        "adviserId": made.people["adviser"].person_id,
        "form": {"questions": "Is there a pilot plant?"},
    }


@pytest.mark.parametrize(
    ("name", "reminder", "silent"),
    [
        ("eoi talking", {"kind": "FOLLOW_UP", "due": "2026-08-07"}, 33),
        ("eoi pending", {"kind": "ACKNOWLEDGE", "due": "2026-03-07"}, None),
        ("eoi received", {"kind": "ACKNOWLEDGE", "due": "2026-03-07"}, 161),
        ("eoi dead", None, None),
        ("eoi closed", None, None),
    ],
)
def test_an_interest_tells_what_is_due_today(
    asking: Asking, made: SmallNetwork, name: str, reminder: Any, silent: int | None
) -> None:
    found = interest(asking, made, name, "administrator", "reminder { kind due } daysSinceLastContact")
    assert found == {"reminder": reminder, "daysSinceLastContact": silent}


@pytest.mark.parametrize(
    ("who", "names"),
    [
        (None, set()),
        ("stranger", set()),
        ("adviser", {"eoi talking", "eoi pending", "eoi closed", "eoi dead", "eoi received"}),
        ("other", set()),
        ("manager", {"eoi pending", "eoi closed", "eoi dead", "eoi received"}),
        ("abroad", {"eoi pending", "eoi closed", "eoi dead", "eoi received"}),
        ("auditor", {"eoi talking", "eoi pending", "eoi closed", "eoi dead", "eoi received"}),
    ],
)
def test_interests_are_seen_by_the_stations_that_handle_them(
    asking: Asking, made: SmallNetwork, who: str | None, names: set[str]
) -> None:
    every = ("eoi talking", "eoi pending", "eoi closed", "eoi dead", "eoi received")
    assert {name for name in every if interest(asking, made, name, who, "id")} == names


@pytest.mark.parametrize(("who", "shown"), [("adviser", True), ("administrator", False), ("auditor", False)])
def test_a_contact_is_shown_to_those_who_handle_the_interest(
    asking: Asking, made: SmallNetwork, who: str, shown: bool
) -> None:
    query = f'{{ disclosure(id: "{made["contact given"]}") {{ direction fields organisation contact {{ name }} }} }}'
    found = asking.data(query, who)["disclosure"]
    assert found == {
        "direction": "GIVEN",
        "fields": ["ORGANISATION", "NAME", "PHONE", "EMAIL"],
        "organisation": "某染整厂",
        "contact": {"name": "披露人"} if shown else None,
    }


def test_after_a_withdrawal_what_was_given_is_listed_and_nothing_more_is_given(
    asking: Asking, made: SmallNetwork
) -> None:
    consent = made["consent withdrawn"]
    fields = "stage withdrawnBecause disclosures { edges { node { id } } }"
    found = asking.data(f'{{ consent(id: "{consent}") {{ {fields} }} }}', "adviser")["consent"]
    assert found == {
        "stage": "WITHDRAWN",
        "withdrawnBecause": "不再合作",
        "disclosures": {"edges": [{"node": {"id": made["contact given"]}}]},
    }
    person = made.log.find(consent)
    assert person is not None
    head = made.log.head()
    input = {
        "requestId": "after the withdrawal",
        "consentId": consent,
        "contact": {"personId": person.state.person_id, "name": "披露人"},
        "on": "2026-08-10",
        "channel": "EMAIL",
    }
    query = "mutation($input: GiveContactInput!) { giveContact(input: $input) { id } }"
    assert asking.error(query, "adviser", input=input)["rule"] == "disclosure.no_consent"
    assert asking.error(query, "other", input=input | {"requestId": "theirs"})["rule"] == "consent.unknown"
    assert made.log.head() == head


def test_the_history_of_a_consent_says_where_it_is_on_record_only_to_those_who_handle_it(
    asking: Asking, made: SmallNetwork
) -> None:
    query = f'{{ history(of: "{made["consent withdrawn"]}") {{ edges {{ node {{ topic data }} }} }} }}'
    for who, told in (("adviser", True), ("auditor", False)):
        nodes = [edge["node"] for edge in asking.data(query, who)["history"]["edges"]]
        assert [node["topic"] for node in nodes] == ["consent.asked", "consent.accepted", "consent.withdrawn"]
        assert ("evidence" in nodes[1]["data"]) is told
        assert ("reason" in nodes[2]["data"]) is told


def test_a_text_that_is_shorter_than_the_form_asks_is_no_input(asking: Asking, made: SmallNetwork) -> None:
    input = {
        "requestId": "short",
        "stationId": made["shaoxing"],
        "profileId": made["to good"],
        "partnerId": made["agency"],
        "needId": made["dyeing"],
        "form": {"organisation": "A dye house.", "interest": "x" * 601},
        "on": "2026-08-01",
    }
    query = "mutation($input: ExpressInterestInput!) { expressInterest(input: $input) { id } }"
    error = asking.error(query, "adviser", input=input)
    assert error["code"] == "BAD_INPUT"
    assert {problem["where"] for problem in error["problems"]} == {"form.organisation", "form.interest"}

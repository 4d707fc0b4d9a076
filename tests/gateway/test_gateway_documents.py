"""Trusted documents: asked for by their hash, in every form that clients use, and nothing else if so set."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asking import Asking
from guarded import guarded, turned_away
from hypothesis import given
from hypothesis import strategies as st
from small_network import SmallNetwork

from gateway.documents import STANDING, Document, Documents, hash_of
from gateway.guarding import Guard, TurnedAwayError
from gateway.over_http import GRAPHQL, JSON, Asked, RefusedError, asked_in
from infra.server import Running

NEEDS = "query Needs($size: Int!) {\n  needs(first: $size) { totalCount }\n}\n"
TWO = 'query One { one: __typename }\n\nmutation Two { checkNeed(input: {requestId: "t", needId: "n"}) { id } }\n'
DOCUMENTS = [Document(NEEDS, ("Needs",), "needs.graphql"), Document(TWO, ("One", "Two"), "two.graphql")]
ID = DOCUMENTS[0].id
VARIABLES = {"size": 1}
UNKNOWN = f"sha256:{'0' * 64}"


def of_apollo(id: str) -> dict[str, Any]:
    """The extension by which Apollo's clients ask for a document."""
    return {"persistedQuery": {"version": 1, "sha256Hash": id.removeprefix("sha256:")}}


@pytest.fixture
def open_(asking: Asking, system: Running) -> Asking:
    """It knows these documents, and executes others too."""
    return guarded(asking, system, Guard(Documents(DOCUMENTS)))


@pytest.fixture
def shut(asking: Asking, system: Running) -> Asking:
    """It executes nothing but these documents."""
    return guarded(asking, system, Guard(Documents(DOCUMENTS, alone=True)))


def sent(there: Asking, accept: str = GRAPHQL, **body: Any) -> Any:
    return there.http("POST", "/graphql", json=body, headers={"Accept": accept})


def code(response: Any) -> str:
    (error,) = response.json()["errors"]
    return str(error["extensions"]["code"])


def test_a_document_is_known_by_the_hash_that_the_standard_gives_for_its_own_example() -> None:
    example = "query ($id: ID!) {\n  user(id: $id) {\n    name\n  }\n}"
    assert hash_of(example) == "7dba4bd717b41f10434822356a93c32b1fb4907b983e854300ad839f84cdcd6e"
    shorter = "query($id:ID!){user(id:$id){name}}"
    assert hash_of(shorter) == "71f7dc5758652baac68e4a10c50be732b741c892ade2883a99358f52b555286b"


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize(
    "body",
    [
        {"documentId": ID},
        {"documentId": ID, "query": None},
        {"documentId": ID, "query": ""},
        {"documentId": ID, "query": NEEDS},
        {"documentId": ID, "operationName": "Needs"},
        {"documentId": ID, "operationName": ""},
        {"extensions": of_apollo(ID)},
        {"extensions": of_apollo(ID), "query": NEEDS},
        {"extensions": of_apollo(ID), "documentId": ID},
        {"query": NEEDS},
    ],
)
def test_a_trusted_document_is_answered_in_every_form_of_asking_for_it(
    open_: Asking, shut: Asking, alone: bool, body: dict[str, Any]
) -> None:
    response = sent(shut if alone else open_, variables=VARIABLES, **body)
    assert (response.status_code, response.json()["data"]["needs"]["totalCount"] > 0) == (200, True)


def test_it_is_asked_for_with_get_in_a_short_address(shut: Asking) -> None:
    parameters = {"documentId": ID, "variables": json.dumps(VARIABLES)}
    assert shut.http("GET", "/graphql", params=parameters).json()["data"]["needs"]["totalCount"] > 0
    parameters = {"extensions": json.dumps(of_apollo(ID)), "variables": json.dumps(VARIABLES)}
    assert shut.http("GET", "/graphql", params=parameters).json()["data"]["needs"]["totalCount"] > 0


def test_of_several_operations_the_one_that_is_named_is_executed(shut: Asking, made: SmallNetwork) -> None:
    id, head = DOCUMENTS[1].id, made.log.head()
    assert sent(shut, documentId=id, operationName="One").json()["data"] == {"one": "Query"}
    assert code(sent(shut, documentId=id)) == "BAD_REQUEST"
    response = shut.http("GET", "/graphql", params={"documentId": id, "operationName": "Two"})
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert made.log.head() == head


@pytest.mark.parametrize("body", [{"documentId": UNKNOWN}, {"extensions": of_apollo(UNKNOWN)}])
@pytest.mark.parametrize(("accept", "status"), [(GRAPHQL, 400), (JSON, 200)])
def test_a_hash_of_no_document_is_a_single_error_that_says_what_to_send(
    open_: Asking, shut: Asking, system: Running, accept: str, status: int, body: dict[str, Any]
) -> None:
    before = turned_away(system, "PERSISTED_QUERY_NOT_FOUND")
    for there, otherwise in ((open_, "send the document itself"), (shut, "`yizhan documents` lists")):
        response = sent(there, accept, **body)
        assert (response.status_code, response.json().keys()) == (status, {"errors"})
        assert code(response) == "PERSISTED_QUERY_NOT_FOUND"
        assert otherwise in response.json()["errors"][0]["message"]
    assert turned_away(system, "PERSISTED_QUERY_NOT_FOUND") == before + 2


def test_a_client_that_then_sends_the_text_with_its_hash_is_answered_where_others_are(
    open_: Asking, shut: Asking
) -> None:
    text = "{ needs { totalCount } stations { totalCount } }"
    asked: dict[str, Any] = {"extensions": of_apollo(f"sha256:{hash_of(text)}")}
    assert code(sent(open_, **asked)) == "PERSISTED_QUERY_NOT_FOUND"
    assert sent(open_, query=text, **asked).json()["data"]["stations"]["totalCount"] > 0
    assert code(sent(open_, **asked)) == "PERSISTED_QUERY_NOT_FOUND", "nobody adds a document from outside"
    assert code(sent(shut, query=text, **asked)) == "NOT_TRUSTED"


def test_where_only_trusted_documents_are_executed_any_other_is_refused_with_its_own_hash(
    shut: Asking, system: Running
) -> None:
    before = turned_away(system, "NOT_TRUSTED")
    for text in ("{ __typename }", "{ __schema { types { name } } }", "no GraphQL", "{ " * 10_000):
        response = sent(shut, query=text)
        assert (response.status_code, code(response)) == (400, "NOT_TRUSTED")
        assert response.json()["errors"][0]["extensions"]["documentId"] == f"sha256:{hash_of(text)}"
    assert turned_away(system, "NOT_TRUSTED") == before + 4


@given(st.integers(0, len(NEEDS)), st.text(min_size=1, max_size=3), st.integers(0, 3))
def test_a_trusted_document_of_which_any_character_was_changed_is_none(place: int, text: str, less: int) -> None:
    guard = Guard(Documents(DOCUMENTS, alone=True))
    changed = NEEDS[:place] + text + NEEDS[place + less :]
    if changed == NEEDS:
        assert guard.text(Asked(changed)) == NEEDS
    else:
        with pytest.raises(TurnedAwayError, match="only trusted documents"):
            guard.text(Asked(changed))


@pytest.mark.parametrize(
    "body",
    [
        {"documentId": ""},
        {"documentId": 1},
        {"documentId": ID.removeprefix("sha256:")},
        {"documentId": ID.upper()},
        {"documentId": f"{ID}0"},
        {"documentId": f"{ID}\n"},
        {"documentId": ID.replace("sha256", "md5")},
        {"documentId": f"x-own:{'a' * 64}"},
        {"documentId": [ID]},
        {"documentId": UNKNOWN, "query": NEEDS},
        {"documentId": ID, "query": f"{NEEDS} "},
        {"documentId": ID, "query": 1},
        {"documentId": ID, "extensions": of_apollo(UNKNOWN)},
        {"extensions": of_apollo(UNKNOWN), "query": NEEDS},
        {"extensions": {"persistedQuery": ID}},
        {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": ID.removeprefix("sha256:")}}},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": ID}}},
        {"extensions": {"persistedQuery": {"version": 1}}},
        {"extensions": {}},
        {"extensions": {"persistedQuery": None}},
    ],
)
def test_what_is_no_identifier_or_names_two_documents_is_no_request(open_: Asking, body: dict[str, Any]) -> None:
    response = sent(open_, variables=VARIABLES, **body)
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST"), response.text


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
EXTENSION = st.fixed_dictionaries(
    {"version": st.just(1) | ANYTHING, "sha256Hash": st.just(ID.removeprefix("sha256:")) | ANYTHING}
)
REQUESTS = st.fixed_dictionaries(
    {},
    optional={
        "query": st.just(NEEDS) | ANYTHING,
        "documentId": st.sampled_from([ID, UNKNOWN]) | ANYTHING,
        "operationName": ANYTHING,
        "variables": ANYTHING,
        "extensions": st.fixed_dictionaries({"persistedQuery": EXTENSION | ANYTHING}) | ANYTHING,
    },
)


@given(REQUESTS | ANYTHING)
def test_whatever_is_sent_is_a_question_by_its_text_or_its_hash_or_is_refused_as_none(body: Any) -> None:
    try:
        asked = asked_in(body)
    except RefusedError:
        return
    assert bool(asked.query) is (asked.document is None)


def test_what_the_command_line_asks_is_trusted_whatever_is_in_the_folder(asking: Asking, system: Running) -> None:
    there = guarded(asking, system, Guard(Documents(alone=True)))
    assert sent(there, query=STANDING).json()["data"]["standing"]["lag"] >= 0

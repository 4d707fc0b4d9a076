"""GraphQL over HTTP: what is taken as a question, in which form it is answered, and from where it may come."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asking import Asking
from small_network import SmallNetwork

from gateway.over_http import GRAPHQL, JSON, LONGEST_BODY

FINE = "{ needs { totalCount } }"
WITH_VARIABLES = "query Sized($size: Int!) { needs(first: $size) { totalCount } }"


def sent(asking: Asking, query: str, accept: str | None = None, **more: Any) -> Any:
    headers = {} if accept is None else {"Accept": accept}
    return asking.http("POST", "/graphql", json={"query": query, **more}, headers=headers)


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (GRAPHQL, GRAPHQL),
        (JSON, JSON),
        ("*/*", JSON),
        ("", JSON),
        ("application/*", JSON),
        ("text/html, */*;q=0.1", JSON),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{JSON};q=0.9, {GRAPHQL}", GRAPHQL),
        (f"{GRAPHQL};q=0.5, {JSON};q=0.6", JSON),
        (f"{GRAPHQL};q=0, */*", JSON),
        ("APPLICATION/GRAPHQL-RESPONSE+JSON; charset=utf-8", GRAPHQL),
    ],
)
def test_it_is_answered_in_the_form_that_the_sender_prefers(asking: Asking, accept: str, form: str) -> None:
    response = sent(asking, FINE, accept)
    assert (response.status_code, response.headers["Content-Type"]) == (200, f"{form}; charset=utf-8")


@pytest.mark.parametrize("accept", ["text/html", "application/xml", f"{GRAPHQL};q=0", "nonsense"])
def test_a_form_that_there_is_none_of_is_refused_in_plain_json(asking: Asking, accept: str) -> None:
    response = sent(asking, FINE, accept)
    assert (response.status_code, response.headers["Content-Type"]) == (406, JSON)
    assert "application/graphql-response+json" in response.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("query", "more"),
    [
        ("{ needs", {}),
        ("{ needs { name } }", {}),
        (WITH_VARIABLES, {}),
        (WITH_VARIABLES, {"variables": {"size": None}}),
        (WITH_VARIABLES, {"variables": {"size": "many"}}),
        (WITH_VARIABLES, {"variables": {"size": 1}, "operationName": "Other"}),
        ("query A { __typename } query B { __typename }", {}),
        ("fragment F on Need { id }", {}),
        ("subscription { __typename }", {}),
    ],
)
def test_what_cannot_be_executed_has_no_data_and_is_a_fault_of_the_request_where_the_form_can_say_so(
    asking: Asking, query: str, more: dict[str, Any]
) -> None:
    for form, status in ((GRAPHQL, 400), (JSON, 200)):
        response = sent(asking, query, form, **more)
        assert (response.status_code, response.json().keys()) == (status, {"errors"})
        assert {error["extensions"]["code"] for error in response.json()["errors"]} == {"BAD_REQUEST"}


def test_what_was_executed_is_no_fault_of_the_request_even_where_nothing_came_of_it(asking: Asking) -> None:
    response = sent(asking, "{ needs(first: 0) { totalCount } }", GRAPHQL)
    assert (response.status_code, response.json()["data"]) == (200, None)


def test_what_only_reads_may_be_asked_for_with_get(asking: Asking) -> None:
    parameters = {
        "query": f"{WITH_VARIABLES} query Other {{ __typename }}",
        "operationName": "Sized",
        "variables": '{"size": 1}',
        "extensions": "{}",
    }
    response = asking.http("GET", "/graphql", params=parameters)
    assert response.json()["data"]["needs"]["totalCount"] > 0


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"query": ""},
        {"query": FINE, "variables": "{"},
        {"query": FINE, "variables": "[]"},
        {"query": FINE, "extensions": "1"},
    ],
)
def test_a_question_in_an_address_that_is_none_is_refused(asking: Asking, parameters: dict[str, str]) -> None:
    assert asking.http("GET", "/graphql", params=parameters).status_code == 400


def test_a_mutation_is_not_carried_out_with_get(asking: Asking, made: SmallNetwork) -> None:
    head = made.log.head()
    query = f'mutation {{ checkNeed(input: {{requestId: "get", needId: "{made["written"]}"}}) {{ changed }} }}'
    headers = {"Authorization": f"Bearer {asking.token('adviser')}"}
    response = asking.http("GET", "/graphql", params={"query": query}, headers=headers)
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert made.log.head() == head


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_allowed(asking: Asking, method: str) -> None:
    assert asking.http(method, "/graphql", json={"query": FINE}).status_code == 405


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ([{"query": FINE}], 400),
        ({"query": FINE, "variables": "x"}, 400),
        ({"query": FINE, "operationName": 0}, 400),
        ({"query": FINE, "extensions": ["x"]}, 400),
        ({"query": FINE, "variables": None, "operationName": None, "extensions": None}, 200),
        ({"query": FINE, "extensions": {"a": 1}, "unheardOf": 1}, 200),
        ({"id": 1}, 400),
    ],
)
def test_a_question_is_an_object_of_known_members(asking: Asking, body: Any, status: int) -> None:
    assert asking.http("POST", "/graphql", json=body).status_code == status


@pytest.mark.parametrize(
    ("type", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("APPLICATION/JSON;charset=UTF-8", 200),
        ("application/json; charset=latin-1", 415),
        ("application/graphql", 415),
        ("text/plain", 415),
        ("multipart/form-data", 415),
        ("", 415),
    ],
)
def test_only_json_in_utf_8_is_taken(asking: Asking, type: str, status: int) -> None:
    content = json.dumps({"query": FINE}).encode()
    response = asking.http("POST", "/graphql", content=content, headers={"Content-Type": type})
    assert response.status_code == status, response.text


def test_a_request_without_end_is_not_read_to_its_end(asking: Asking) -> None:
    content = json.dumps({"query": FINE, "extensions": {"a": "x" * LONGEST_BODY}}).encode()
    headers = {"Content-Type": "application/json"}
    assert asking.http("POST", "/graphql", content=content, headers=headers).status_code == 413


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://portal.example", 200),
        ("http://yizhan.test", 200),
        ("https://yizhan.test", 200),
        ("http://yizhan.test:81", 403),
        ("http://x.yizhan.test", 403),
        ("https://evil.example", 403),
        ("https://portal.example.evil.example", 403),
        ("null", 403),
    ],
)
def test_a_page_of_another_site_may_not_ask(asking: Asking, origin: str, status: int) -> None:
    for method, more in (("POST", {"json": {"query": FINE}}), ("GET", {"params": {"query": FINE}})):
        assert asking.http(method, "/graphql", headers={"Origin": origin}, **more).status_code == status


@pytest.mark.parametrize(
    "more",
    [
        {"json": {"query": FINE}},
        {"json": {"query": FINE}, "headers": {"Accept": "application/graphql-response+json"}},
        {"json": {"query": FINE}, "headers": {"Authorization": "Basic x"}},
        {"json": {"query": FINE}, "headers": {"Authorization": "Bearer x"}},
        {"json": {"query": FINE}, "headers": {"Accept": "text/html"}},
        {"json": {"query": "{ unheard }"}},
        {"json": []},
        {"content": b"{", "headers": {"Content-Type": "application/json"}},
        {"content": b"", "headers": {"Content-Type": "text/plain"}},
    ],
)
def test_a_program_is_answered_as_a_page_of_ours(asking: Asking, more: dict[str, Any]) -> None:
    """The one goes past the middleware, which the other needs."""
    page = {**more, "headers": {**more.get("headers", {}), "Origin": "http://yizhan.test"}}
    to_a_program, to_a_page = asking.http("POST", "/graphql", **more), asking.http("POST", "/graphql", **page)
    assert (to_a_program.status_code, to_a_program.content) == (to_a_page.status_code, to_a_page.content)
    of_cors = {"access-control-expose-headers", "access-control-allow-origin", "vary"}
    assert dict(to_a_program.headers) == {name: to_a_page.headers[name] for name in to_a_page.headers.keys() - of_cors}

"""To whom the schema is described."""

from __future__ import annotations

import pytest
from asking import Asking
from graphql import get_introspection_query
from guarded import guarded, turned_away

from gateway.guarding import Guard, Introspection
from gateway.over_http import JSON
from infra.server import Running

DESCRIBING = (
    get_introspection_query(),
    "{ __schema { queryType { name } } }",
    '{ __type(name: "Need") { name } }',
    "{ harmless: __schema { queryType { name } } }",
    "{ ...F } fragment F on Query { ... { ... on Query { __schema { queryType { name } } } } }",
    "{ standing { lag } __schema @skip(if: true) { queryType { name } } }",
)
HARMLESS = (
    "{ __typename }",
    "{ __typename needs { __typename edges { node { __typename } } } }",
    "{ __schema: __typename }",
)


@pytest.mark.parametrize(
    ("whom", "public", "adviser"),
    [("everybody", True, True), ("signed-in", False, True), ("nobody", False, False)],
)
def test_the_schema_is_described_to_whom_it_is_set(
    asking: Asking, system: Running, whom: Introspection, public: bool, adviser: bool
) -> None:
    there = guarded(asking, system, Guard(introspection=whom))
    for who, may in ((None, public), ("adviser", adviser)):
        for query in DESCRIBING:
            answer = there.post(query, who).json()
            if may:
                assert "errors" not in answer
            else:
                assert answer.keys() == {"errors"}
                (error,) = answer["errors"]
                assert error["extensions"] == {"code": "INTROSPECTION_DISABLED"}
                assert ("signed in" in error["message"]) is (whom == "signed-in")


@pytest.mark.parametrize("query", HARMLESS)
def test_the_names_of_types_are_told_always(asking: Asking, system: Running, query: str) -> None:
    assert "errors" not in guarded(asking, system, Guard(introspection="nobody")).post(query).json()


def test_an_operation_that_is_not_meant_is_none_that_describes(asking: Asking, system: Running) -> None:
    there = guarded(asking, system, Guard(introspection="nobody"))
    both = "query Names { __typename } query Schema { __schema { queryType { name } } }"
    for name, keys in (("Names", {"data"}), ("Schema", {"errors"})):
        answer = there.http("POST", "/graphql", json={"query": both, "operationName": name}).json()
        assert answer.keys() == keys


def test_it_is_refused_as_what_is_no_valid_question_is_and_counted(asking: Asking, system: Running) -> None:
    there, before = (
        guarded(asking, system, Guard(introspection="nobody")),
        turned_away(system, "INTROSPECTION_DISABLED"),
    )
    assert there.post(DESCRIBING[1]).status_code == 400
    assert there.post(DESCRIBING[1], headers={"Accept": JSON}).status_code == 200
    assert turned_away(system, "INTROSPECTION_DISABLED") == before + 2

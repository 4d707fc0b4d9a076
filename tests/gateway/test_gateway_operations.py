"""The documents that come with yizhan: each is valid, and answered to those whom it is for."""

from __future__ import annotations

from typing import Any

import pytest
from asking import Asking
from graphql import OperationType
from guarded import guarded
from small_network import SmallNetwork

from gateway.documents import Documents
from gateway.guarding import Guard, price
from gateway.operations import operation
from infra.documents import documents_in, own_folder
from infra.server import Running

OWN = documents_in(own_folder())
QUERIES = {
    name: document
    for document in OWN
    for name in document.names
    if operation(document.text, name).definition.operation is OperationType.QUERY
}
GIVEN: dict[str, dict[str, Any]] = {
    "StationBoard": {"station": "@shaoxing"},
    "StationSearch": {"tier": ["BASE"], "region": "33"},
    "NeedWithMatches": {"need": "@dyeing"},
    "NeedSearch": {"stage": ["PUBLISHED"]},
    "AchievementSearch": {"stage": ["PUBLISHED"]},
    "Counterparts": {"of": "@dyeing"},
    "ExpertSearch": {},
    "HistoryOfRecord": {"of": "@dyeing"},
    "Me": {},
}
"""What is given to each query, with records of the small network."""


def test_there_is_a_handful_of_them_and_one_of_each_kind() -> None:
    kinds = {operation(each.text, name).definition.operation for each in OWN for name in each.names}
    assert kinds == set(OperationType)
    assert GIVEN.keys() == QUERIES.keys()


@pytest.mark.parametrize("name", QUERIES)
def test_each_query_is_answered_by_its_identifier(
    asking: Asking, system: Running, made: SmallNetwork, name: str
) -> None:
    there = guarded(asking, system, Guard(Documents(OWN, alone=True)))
    variables = {key: made[value[1:]] if str(value).startswith("@") else value for key, value in GIVEN[name].items()}
    headers = {"Authorization": f"Bearer {asking.token('adviser')}", "Yizhan-At-Least": str(made.log.head())}
    body = {"documentId": QUERIES[name].id, "operationName": name, "variables": variables}
    answer = there.http("POST", "/graphql", json=body, headers=headers).json()
    assert "errors" not in answer, answer["errors"]
    (found,) = answer["data"].values()
    assert found
    assert found.get("edges", True), f"{name} found nothing"


@pytest.mark.parametrize("name", QUERIES)
def test_none_is_costly_as_it_is_asked_usually(name: str) -> None:
    found = operation(QUERIES[name].text, name)
    given = {key: "x" if str(value).startswith("@") else value for key, value in GIVEN[name].items()}
    assert price(found, found.variables(given)) <= 200

"""Consistent answers: all of one from one state of the graph, or an error that says that there was none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import anyio.to_thread
import httpx
import pytest
from asking import Asking
from small_network import SmallNetwork

from domain.organisations import OrganisationDetails, OrganisationKind, RecordOrganisation
from domain.values import Bilingual
from gateway.ports import Answer
from gateway.server import application
from infra.server import Running

CONSISTENT = {"Yizhan-Consistent": "true"}
TWICE = "{ needs { totalCount } organisations { totalCount } standing { position } }"
"""It takes several statements: one of its roots is no record, so all of it is answered field by field."""
ABROAD = OrganisationDetails(name=Bilingual(en="Dutch Pumps"), kind=OrganisationKind.ENTERPRISE, country="NL")


@dataclass
class Moving:
    """The graph of the system, in which an organisation more comes after each of the first `moves` reads."""

    system: Running
    made: SmallNetwork
    moves: int
    reads: int = 0

    async def read(self, statement: str, parameters: Mapping[str, Any]) -> Answer:
        answer = await self.system.services.graph.read(statement, parameters)
        self.reads += 1
        if self.reads <= self.moves:
            await anyio.to_thread.run_sync(self._move)
        return answer

    async def settled(self) -> int:
        return await self.system.services.graph.settled()

    def _move(self) -> None:
        position = self.made.give(RecordOrganisation(station_id=self.made["zhejiang"], details=ABROAD)).position
        self.system.keeper.wake()
        assert self.system.keeper.wait_for(position, 10) >= position


def asked(system: Running, asking: Asking, moves: int, headers: Mapping[str, str]) -> tuple[httpx.Response, Moving]:
    """The answer of a gateway whose graph moves on so many times, and that graph."""
    asking.data("{ standing { lag } }")
    moving = Moving(system, asking.made, moves)
    gateway = application(replace(system.services, graph=moving))
    return replace(asking, gateway=gateway).post(TWICE, "adviser", headers=headers), moving


def reads_of_one_attempt(system: Running, asking: Asking) -> int:
    """How many statements the question takes, in a graph that stands still."""
    return asked(system, asking, 0, {})[1].reads


def test_a_consistent_answer_is_looked_for_again_when_the_graph_moved_under_it(system: Running, asking: Asking) -> None:
    response, moving = asked(system, asking, 1, CONSISTENT)
    answer = response.json()
    assert answer["extensions"] == {"position": asking.made.log.head()}
    assert answer["data"] == asking.data(TWICE, "adviser")
    assert moving.reads == 2 * reads_of_one_attempt(system, asking)


def test_without_being_asked_for_it_an_answer_may_show_two_states(system: Running, asking: Asking) -> None:
    response, moving = asked(system, asking, 1, {"Yizhan-Consistent": "false"})
    assert response.json()["extensions"]["position"] < asking.made.log.head()
    assert moving.reads == reads_of_one_attempt(system, asking)


def test_a_graph_that_moves_during_every_attempt_is_said_to(system: Running, asking: Asking) -> None:
    response, moving = asked(system, asking, 100, CONSISTENT)
    (error,) = response.json()["errors"]
    assert (response.status_code, error["extensions"]) == (503, {"code": "NOT_CONSISTENT"})
    assert error["message"].startswith("the graph moved on during each of 3 attempts")
    assert moving.reads == 3 * reads_of_one_attempt(system, asking)


def test_a_mutation_is_not_carried_out_several_times_for_the_sake_of_consistency(asking: Asking) -> None:
    head = asking.made.log.head()
    query = f'mutation {{ checkNeed(input: {{requestId: "twice", needId: "{asking.made["written"]}"}}) {{ changed }} }}'
    response = asking.post(query, "adviser", headers=CONSISTENT)
    assert (response.status_code, response.json()["errors"][0]["extensions"]) == (400, {"code": "BAD_INPUT"})
    assert asking.made.log.head() == head


@pytest.mark.parametrize("query", ["{", "query a { __typename } query b { __typename }", "{ nothing }"])
def test_what_cannot_be_executed_says_why_consistent_or_not(asking: Asking, query: str) -> None:
    plain, consistent = (asking.post(query, headers=headers) for headers in ({}, CONSISTENT))
    assert plain.json()["errors"] == consistent.json()["errors"]
    assert plain.status_code == consistent.status_code


@pytest.mark.parametrize("wanted", ["yes", "", "1"])
def test_what_is_neither_true_nor_false_is_bad_input(asking: Asking, wanted: str) -> None:
    response = asking.post("{ __typename }", headers={"Yizhan-Consistent": wanted})
    assert (response.status_code, response.json()["errors"][0]["extensions"]) == (400, {"code": "BAD_INPUT"})

"""A query is answered by its plan with the same bytes as by graphql-core, field by field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest
from asking import Asking
from both_ways import BothWays
from graphql import FieldNode, Visitor, get_operation_ast, parse, visit
from operations import READERS, Corpus
from small_network import SmallNetwork

from gateway.operations import operation
from gateway.planning import plans
from gateway.planning.catalogue import lists, look_ups
from gateway.planning.compiling import compiled
from gateway.planning.completing import Rules
from gateway.ports import Answer, Graph
from infra.server import Running


def with_ids(made: SmallNetwork, spelled: dict[str, Any]) -> dict[str, Any]:
    """Variables in which `@dyeing` is the id of that record."""
    return {name: made[each[1:]] if str(each).startswith("@") else each for name, each in spelled.items()}


def to_be_planned(document: str) -> bool:
    """Whether it asks for records only, by lists, look-ups and searches, and for facets of none but the lists."""
    operation = get_operation_ast(parse(document))
    assert operation is not None
    names = {each.name.value for each in operation.selection_set.selections if isinstance(each, FieldNode)}
    return names <= {"node", "search", "__typename", *lists(), *look_ups()} and not counts_neighbours(document)


def counts_neighbours(document: str) -> bool:
    """Whether it asks for facets of neighbours."""
    found = []

    class Facets(Visitor):
        def enter_field(self, node: Any, _key: Any, _parent: Any, _path: Any, ancestors: Any) -> None:
            within = {each.name.value for each in ancestors if isinstance(each, FieldNode)}
            found.extend([node] if node.name.value == "facets" and "node" in within else [])

    visit(parse(document), Facets())
    return bool(found)


@pytest.mark.parametrize("who", READERS)
def test_all_that_can_be_asked_of_the_graph_is_answered_the_same_way_and_quickly(
    ways: BothWays, asking: Asking, who: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = Corpus(asking, who)
    corpus.run()
    assert any(map(to_be_planned, corpus.documents))
    monkeypatch.setattr(Rules, "data", None)
    for document in corpus.documents:
        ours = ways.by_plan(document, who)
        assert (ours is not None) == to_be_planned(document)
        assert ours in (None, ways.by_field(document, who)), document


SPELLINGS = """
query Spelled($with: Boolean!, $size: Int, $kind: [NeedStage!], $station: ID, $lang: String = "en", $id: ID!,
              $after: String, $order: NeedOrder) {
  __typename
  first: needs(first: $size, orderBy: $order, filter: {stage: $kind, station: $station}) { ...page totalCount }
  second: needs(first: 2, after: $after, orderBy: OLDEST) {
    pageInfo { start: startCursor hasNextPage hasPreviousPage endCursor __typename }
    edges { __typename cursor node { __typename again: id id } }
    others: edges { node { title { text(lang: $lang) other: text(lang: "zh") } stage @skip(if: $with) } }
  }
  record: node(id: $id) {
    __typename
    id
    ... on Need { title { __typename zh } station { __typename ...named children(first: 1) { totalCount } } }
    ... on Station { tier ...named }
    ... on Node @include(if: $with) { recordedAt created }
  }
  none: need(id: "need_00000000000000000000000000") { id }
  nothing: node(id: "unheard_of") { id }
  counted: stations { totalCount }
}
fragment page on NeedConnection {
  edges { node { id keywords mode station { ...named } matches(first: 1) { edges { node { ...matched } } } } }
}
fragment matched on Match {
  score stage
  need { matches { edges { node { proposedBy { ...named } decidedBy(first: $size) { edges { cursor } } } } } }
}
fragment named on Station { name { text } region { code province } parent { id parent { id } } }
"""
"""Much of what GraphQL lets one write: aliases, fragments, conditions, variables, the same list under two names."""


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize(
    "given",
    [
        {"with": True, "id": "@dyeing"},
        {"with": False, "id": "@dyeing", "size": 1, "kind": ["PUBLISHED", "CHECKED"], "lang": "zh", "order": "OLDEST"},
        {"with": True, "id": "@guangdong", "station": "@guangdong", "size": None, "lang": None},
        {"with": False, "id": "unheard_of", "kind": None, "order": None, "after": None},
        {"with": True, "id": "need_0", "kind": [], "station": "unheard of", "after": "WzAsIiJd"},
    ],
)
def test_however_it_is_spelled(ways: BothWays, made: SmallNetwork, who: str | None, given: dict[str, Any]) -> None:
    variables = with_ids(made, given)
    ours = ways.by_plan(SPELLINGS, who, variables)
    assert ours is not None
    assert ours == ways.by_field(SPELLINGS, who, variables)
    assert ours.errors == []


@pytest.mark.parametrize(
    "document",
    [
        "{ needs(first: 0) { totalCount } }",
        "{ needs(first: 101) { totalCount } }",
        '{ needs(after: "nonsense") { totalCount } }',
        "{ needs { edges { node { matches(first: 0) { totalCount } } } } }",
        "{ standing { lag } }",
        "{ __schema { queryType { name } } }",
    ],
)
def test_what_is_to_be_refused_or_is_not_read_from_the_graph_is_left_to_graphql_core(
    ways: BothWays, document: str
) -> None:
    assert ways.by_plan(document, "adviser") is None


class Changed:
    """A graph whose rows come changed, as a graph never should."""

    def __init__(self, graph: Graph, change: Any) -> None:
        self._graph, self._change = graph, change

    async def read(self, statement: str, parameters: Any) -> Answer:
        answer = await self._graph.read(statement, parameters)
        return Answer(answer.position, self._change(answer.rows))

    async def settled(self) -> int:
        return await self._graph.settled()


def in_arrays(old: Any, new: Any) -> Any:
    """In what a plan reads, one value stands for another."""

    def change(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [change(each) for each in value]
        return new if value == old else value

    return change


def in_properties(name: str, old: Any, new: Any) -> Any:
    """In what the resolvers read, one value of this property stands for another; None for none at all."""

    def change(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [change(each) for each in value]
        if not isinstance(value, dict) or value.get(name) != old:
            return value
        kept = {key: each for key, each in value.items() if key != name}
        return kept if new is None else {**kept, name: new}

    return change


@pytest.mark.parametrize(
    ("document", "name", "old", "new"),
    [
        ("{ stations { edges { node { id tier } } } }", "tier", "regional", "imperial"),
        ("{ stations { edges { node { id tier } } } }", "tier", "regional", None),
        (
            "{ stations { edges { cursor node { parent { tier } children { edges { node { tier } } } } } } }",
            "tier",
            "base",
            None,
        ),
        (
            "{ stations(filter: {tier: [BASE]}) { totalCount edges { node { tier parent { tier } } } } }",
            "tier",
            "regional",
            "imperial",
        ),
    ],
)
def test_where_the_graph_holds_what_it_should_not_the_error_and_its_nulls_are_the_same(
    asking: Asking, system: Running, document: str, name: str, old: str, new: str | None
) -> None:
    def seeing(change: Any) -> BothWays:
        return BothWays(asking, replace(system.services, graph=Changed(system.services.graph, change)))

    ours = seeing(in_arrays(old, new)).by_plan(document, "adviser")
    assert ours == seeing(in_properties(name, old, new)).by_field(document, "adviser")
    assert ours is not None
    assert ours.errors


class Away:
    """A graph that cannot be read."""

    async def read(self, _statement: str, _parameters: Any) -> Answer:
        raise TimeoutError("secret words of the graph database")

    async def settled(self) -> int:
        raise TimeoutError


def test_a_graph_that_cannot_be_read_is_said_of_each_root_and_nothing_of_why(asking: Asking, system: Running) -> None:
    ways = BothWays(asking, replace(system.services, graph=Away()))
    for document in (
        '{ a: need(id: "need_00000000000000000000000000") { id } b: __typename }',
        "{ needs { totalCount } }",
    ):
        ours = ways.by_plan(document)
        assert ours == ways.by_field(document)
        assert ours is not None
        assert len(ours.errors) == 1
        assert "secret" not in str(ours.errors)


SHAPED = """query ($size: Int, $text: String, $stage: [NeedStage!], $after: String, $id: ID!, $with: Boolean!) {
  needs(first: $size, after: $after, filter: {text: $text, stage: $stage}) { edges { cursor node { id } } }
  node(id: $id) { id recordedAt @include(if: $with) }
}"""
LIKE_THIS: dict[str, Any] = {
    "size": 5,
    "text": "a",
    "stage": ["PUBLISHED"],
    "after": None,
    "id": "@dyeing",
    "with": True,
}


@pytest.mark.parametrize(
    ("who", "given", "again"),
    [
        ("adviser", {"size": 6, "text": "b", "stage": ["SOLVED", "CHECKED"], "id": "@written"}, False),
        ("other", {}, False),
        (None, {}, True),
        ("auditor", {}, True),
        ("adviser", {"text": None}, True),
        ("adviser", {"stage": None}, True),
        ("adviser", {"after": "WzEsIm5lZWRfMSJd"}, True),
        ("adviser", {"id": "@guangdong"}, True),
        ("adviser", {"id": "unheard of"}, True),
        ("adviser", {"with": False}, True),
    ],
)
def test_a_document_is_compiled_once_for_all_who_see_the_same_and_all_variables_of_one_shape(
    ways: BothWays,
    made: SmallNetwork,
    who: str | None,
    given: dict[str, Any],
    again: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compiling = mock.Mock(wraps=compiled)
    monkeypatch.setattr(plans, "compiled", compiling)
    document = f"# {uuid4()}\n{SHAPED}"
    for each, spelled in (("adviser", LIKE_THIS), (who, LIKE_THIS | given)):
        variables = with_ids(made, spelled)
        assert ways.by_plan(document, each, variables) == ways.by_field(document, each, variables)
    assert compiling.call_count == 1 + again


def test_no_more_plans_are_kept_than_there_may_be(ways: BothWays) -> None:
    filters = [f"$f{number}: String" for number in range(6)]
    members = [f"a{number}: needs(filter: {{text: $f{number}}}) {{ totalCount }}" for number in range(6)]
    document = f"query ({', '.join(filters)}) {{ {' '.join(members)} }}"
    for shape in range(2**6):
        given = {f"f{number}": "x" for number in range(6) if shape >> number & 1}
        assert ways.by_plan(document, "adviser", given) is not None
        assert len(operation(document, None).plans) <= plans.PLANS

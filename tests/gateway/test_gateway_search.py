"""Searching by words: what everybody may read, the best first, and never a trace of anything else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from asking import Asking
from both_ways import BothWays
from small_model import Model
from small_network import SmallNetwork
from small_records import need

from domain.needs import CheckNeed, PublishNeed, RecordNeed, WithdrawNeed
from domain.searching.terms import asked, terms
from gateway.context import Request
from gateway.errors import GatewayError
from gateway.indexing import Indexing, searched
from gateway.ports import PUBLIC
from infra.server import Running

Now = Callable[[], Model]
FOUND = "{ totalCount edges { cursor score node { __typename id } } pageInfo { hasNextPage endCursor } }"
READERS = [None, "stranger", "other", "adviser", "administrator"]
WORDS = ["印染废水", "膜", "membrane wastewater", "station", "技术 technology", "factory", "dyeing of textile 需求"]


def found(asking: Asking, text: str, who: str | None = None, **more: Any) -> dict[str, Any]:
    heading = "query($text: String!, $among: [Searchable!], $first: Int, $after: String)"
    given = {"first": 100, **more}
    query = f"{heading} {{ search(text: $text, among: $among, first: $first, after: $after) {FOUND} }}"
    answer: dict[str, Any] = asking.data(query, who, text=text, **given)["search"]
    return answer


def ids(page: dict[str, Any]) -> list[str]:
    return [edge["node"]["id"] for edge in page["edges"]]


@pytest.mark.parametrize("text", WORDS)
def test_what_everybody_sees_and_shares_a_word_is_found_and_nothing_else(asking: Asking, model: Now, text: str) -> None:
    wanted = set()
    for label, noun in searched().items():
        for id in model().seen(label, None, None):
            words = terms("\n".join(str(model().node(label, id).get(name) or "") for name in noun.texts))
            if not words.keys().isdisjoint(asked(text)):
                wanted.add(id)
    for who in READERS:
        page = found(asking, text, who)
        assert set(ids(page)) == wanted
        assert page["totalCount"] == len(wanted)
        scores = [edge["score"] for edge in page["edges"]]
        assert scores == sorted(scores, reverse=True)


def test_each_kind_can_be_searched_alone_and_scores_do_not_depend_on_that(asking: Asking) -> None:
    whole = found(asking, "membrane 膜")
    assert {"Need", "Profile"} <= {edge["node"]["__typename"] for edge in whole["edges"]}
    by_kind = []
    for label in searched():
        page = found(asking, "membrane 膜", among=[label.upper()])
        assert {edge["node"]["__typename"] for edge in page["edges"]} <= {label}
        by_kind += [(edge["score"], edge["node"]["id"]) for edge in page["edges"]]
    assert sorted(by_kind) == sorted((edge["score"], edge["node"]["id"]) for edge in whole["edges"])


@pytest.mark.parametrize("size", [1, 2, 7])
def test_pages_follow_each_other_without_a_gap(asking: Asking, size: int) -> None:
    whole = found(asking, "membrane wastewater 技术")
    pages, after = [], None
    while True:
        page = found(asking, "membrane wastewater 技术", first=size, after=after)
        pages += page["edges"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert pages == whole["edges"]


def test_a_need_is_found_from_its_publication_to_its_withdrawal_by_its_latest_words(
    asking: Asking, made: SmallNetwork
) -> None:
    station, organisation = made["shaoxing"], made["factory"]
    details = need("瞬态电弧测量", "Transient arc measurement")
    id = made.name("arc", RecordNeed(station_id=station, organisation_id=organisation, details=details))
    assert ids(found(asking, "瞬态电弧", "administrator")) == []
    made.give(CheckNeed(need_id=id))
    made.give(PublishNeed(need_id=id))
    assert ids(found(asking, "瞬态电弧")) == ids(found(asking, "arcs measured")) == [id]
    made.give(WithdrawNeed(need_id=id, reason="不再需要"))
    assert ids(found(asking, "瞬态电弧")) == ids(found(asking, "瞬态电弧", "administrator")) == []


DOCUMENTS = [
    '{ search(text: "membrane 膜") { totalCount } }',
    '{ search(text: "unheard") { totalCount edges { node { id } } pageInfo { startCursor endCursor } } }',
    """query ($text: String = "膜 technology", $among: [Searchable!]) {
      first: search(text: $text, among: $among, first: 2) { ...page all: edges { again: node { ...named } } }
      second: search(text: "station", among: [STATION, ORGANISATION]) { ...page }
      needs(first: 1) { totalCount }
    }
    fragment page on SearchConnection {
      __typename totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      edges { __typename score cursor node { __typename id ...named } }
    }
    fragment named on Node {
      recordedAt
      ... on Need { title { zh } station { name { text(lang: "en") } } matches(first: 1) { totalCount } }
      ... on Profile { type country contact { name { en } } }
      ... on Station { name { zh en } tier }
    }""",
    '{ search(text: "") { totalCount } }',
    '{ search(text: "a", first: 0) { totalCount } }',
    '{ search(text: "a", after: "no cursor") { totalCount } }',
]

CHOICES: list[dict[str, Any]] = [{}, {"among": ["PROFILE", "NEED"], "text": "dyeing 废水"}, {"among": []}]


@pytest.mark.parametrize("who", [None, "adviser", "auditor"])
@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_search_is_answered_by_a_plan_as_it_is_field_by_field(ways: BothWays, document: str, who: str | None) -> None:
    for variables in CHOICES:
        given = variables if "$among" in document else {}
        ours, theirs = ways.by_plan(document, who, given), ways.by_field(document, who, given)
        assert ours in (None, theirs)
        assert (ours is None) == bool(theirs.errors)


def test_a_search_says_what_it_takes(asking: Asking) -> None:
    for text in ("", "  ", "x" * 1_001):
        error = asking.error("query($text: String!) { search(text: $text) { totalCount } }", text=text)
        assert error["code"] == "BAD_INPUT"
        assert "1 to 1,000 characters" in error["message"]


def test_an_index_that_has_not_read_everything_yet_is_said_to_be_unavailable(system: Running) -> None:
    services = system.services
    fresh = Indexing(services.graph, services.progress, services.history)
    request = Request(replace(services, indexing=fresh, patience=0.01), PUBLIC)
    with pytest.raises(GatewayError) as refused:
        asyncio.run(request.indexed())
    assert refused.value.code == "UNAVAILABLE"


def test_an_answer_is_of_the_position_that_was_waited_for_or_there_is_none(asking: Asking, system: Running) -> None:
    head = system.network.head()
    answer = asking.post('{ search(text: "membrane") { totalCount } }').json()
    assert answer["extensions"]["position"] >= head
    beyond = Request(replace(system.services, patience=0.01), PUBLIC, at_least=head + 1_000)
    with pytest.raises(GatewayError) as refused:
        asking.runner.run(beyond.indexed())
    assert refused.value.code == "NOT_YET"

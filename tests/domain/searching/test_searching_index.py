"""The index of texts ranks as BM25 says, whatever it held before; the measure is written down here once more."""

from __future__ import annotations

import threading
from math import log
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.searching import index as searching
from domain.searching.index import Hit, Index
from domain.searching.terms import asked, terms

KINDS = frozenset(("Need", "Profile"))
WORDS = ["membrane", "dye", "染料", "膜", "废水处理", "water"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
QUERIES = st.lists(st.sampled_from([*WORDS, "unheard"]), min_size=1, max_size=3).map(" ".join)
IDS = st.sampled_from([f"id{number}" for number in range(8)])

Held = dict[str, tuple[str, list[tuple[str, int]]]]


def ranked(held: Held, query: str, kinds: Any) -> list[Hit]:
    """What is to be found, from the formula in the books."""
    counted: dict[str, dict[str, int]] = {}
    for id, (_, texts) in held.items():
        counted[id] = {}
        for text, weight in texts:
            for term, times in terms(text).items():
                counted[id][term] = counted[id].get(term, 0) + weight * times
    counted = {id: found for id, found in counted.items() if found}
    lengths = {id: sum(found.values()) for id, found in counted.items()}
    hits = []
    for id, found in counted.items():
        score = 0.0
        for term in asked(query):
            if not (times := found.get(term, 0)):
                continue
            having = sum(term in other for other in counted.values())
            rare = log(1 + (len(counted) - having + 0.5) / (having + 0.5))
            average = sum(lengths.values()) / len(lengths)
            score += rare * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * lengths[id] / average))
        if score and held[id][0] in kinds:
            hits.append(Hit(score, held[id][0], id))
    return sorted(hits, key=lambda hit: (-round(hit.score, 9), hit.id))


def rounded(hits: list[Hit]) -> list[Hit]:
    return [Hit(round(hit.score, 9), hit.kind, hit.id) for hit in hits]


class IndexMachine(RuleBasedStateMachine):
    """Texts come, change and go; what is found is always what the formula says of those that are there."""

    @initialize()
    def begin(self) -> None:
        self.index = Index()
        self.held: Held = {}

    @rule(id=IDS, kind=st.sampled_from(sorted(KINDS)), title=TEXTS, body=TEXTS)
    def put(self, id: str, kind: str, title: str, body: str) -> None:
        texts = [(title, 3), (body, 1)]
        self.index.put(id, kind, texts)
        self.held[id] = kind, texts

    @rule(id=IDS)
    def remove(self, id: str) -> None:
        self.index.remove(id)
        self.held.pop(id, None)

    @rule(query=QUERIES, kinds=st.sets(st.sampled_from(sorted(KINDS))), limit=st.integers(1, 9))
    def search(self, query: str, kinds: set[str], limit: int) -> None:
        wanted = ranked(self.held, query, kinds)
        found = self.index.search(query, kinds, limit)
        assert found.total == len(wanted)
        assert {hit.id for hit in rounded(found.hits)} <= {hit.id for hit in wanted}
        assert [hit.score for hit in rounded(found.hits)] == [hit.score for hit in rounded(wanted[:limit])]

    @rule(query=QUERIES, limit=st.integers(1, 3))
    def turn_pages(self, query: str, limit: int) -> None:
        whole = self.index.search(query, KINDS, 100).hits
        pages: list[Hit] = []
        beyond = None
        while page := self.index.search(query, KINDS, limit, beyond).hits:
            pages += page
            beyond = page[-1].score, page[-1].id
        assert pages == whole

    @rule(query=QUERIES)
    def compare_with_an_index_made_anew(self, query: str) -> None:
        other = Index()
        for id, (kind, texts) in sorted(self.held.items(), reverse=True):
            other.put(id, kind, texts)
        assert other.search(query, KINDS, 100) == self.index.search(query, KINDS, 100)

    @invariant()
    def every_text_with_a_word_is_held(self) -> None:
        if hasattr(self, "index"):
            assert len(self.index) == sum(any(terms(text) for text, _ in texts) for _, texts in self.held.values())


TestIndexMachine = pytest.mark.usefixtures("closed_up_often")(IndexMachine.TestCase)
TestIndexMachine.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


@pytest.fixture
def closed_up_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "SPARE", 2)


def test_a_word_in_the_title_counts_more_than_one_in_the_body() -> None:
    index = Index()
    index.put("body", "Need", [("pump", 3), ("membrane", 1)])
    index.put("title", "Need", [("membrane", 3), ("pump", 1)])
    index.put("other", "Need", [("valve", 3), ("gasket", 1)])
    assert [hit.id for hit in index.search("membrane", KINDS, 9).hits] == ["title", "body"]


@given(st.integers(1, 60), st.integers(1, 20))
def test_records_that_fit_alike_come_in_the_order_of_their_ids_on_every_page(many: int, limit: int) -> None:
    index = Index()
    for number in range(many):
        index.put(f"id{number:03}", "Need", [("membrane", 1)])
    found, beyond = [], None
    while page := index.search("membrane", KINDS, limit, beyond).hits:
        found += [hit.id for hit in page]
        beyond = page[-1].score, page[-1].id
    assert found == [f"id{number:03}" for number in range(many)]


def test_a_text_is_searched_for_while_others_come_and_go() -> None:
    index, failed, over = Index(), [], threading.Event()
    index.put("stays", "Need", [("membrane", 1)])

    def search() -> None:
        try:
            while not over.is_set():
                assert "stays" in [hit.id for hit in index.search("membrane", KINDS, 5_000).hits]
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=search) for _ in range(2)]
    for each in threads:
        each.start()
    for number in range(3_000):
        index.put(f"id{number}", "Need", [("membrane water" if number % 2 else "membrane", 1)])
        index.remove(f"id{number - 20}")
    over.set()
    for each in threads:
        each.join()
    assert not failed, failed

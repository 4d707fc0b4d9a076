"""The terms of a text: words by their stems, Chinese by its characters and pairs of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.searching.terms import asked, terms

TEXTS = st.text(st.sampled_from("膜染料处理废水 ,。AbcZ09-_ıßﬁ①𠀀é\n"), max_size=30)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Membranes for dyeing", {"membran": 1, "dye": 1}),
        ("membrane, MEMBRANE; membranes", {"membran": 3}),
        ("染料", {"染": 1, "料": 1, "染料": 1}),
        ("膜", {"膜": 1}),
        ("5G网络", {"5g": 1, "网": 1, "络": 1, "网络": 1}),
        ("ＰＣＢ板", {"pcb": 1, "板": 1}),
        ("the of and", {}),
        ("", {}),
    ],
)
def test_a_text_has_the_stems_of_its_words_and_its_characters_and_pairs_of_them(
    text: str, found: dict[str, int]
) -> None:
    assert terms(text) == found


def test_a_query_of_several_characters_asks_for_pairs_and_one_of_one_for_that() -> None:
    assert asked("染料") == ["染料"]
    assert asked("废水处理") == sorted(["废水", "水处", "处理"])
    assert asked("膜") == ["膜"]
    assert asked("膜, dyes and 5G") == sorted(["膜", "dye", "5g"])


@given(TEXTS)
def test_a_text_is_found_by_each_of_its_terms_and_by_itself(text: str) -> None:
    found = terms(text)
    assert set(asked(text)) <= set(found)
    assert bool(asked(text)) == bool(found)


@given(TEXTS)
def test_spelling_by_width_and_case_makes_no_difference(text: str) -> None:
    wide = text.translate({code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1)})
    assert terms(wide) == terms(text)
    assert asked(text.upper().lower()) == asked(text.upper())

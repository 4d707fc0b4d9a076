"""The technical glossary as a file: every row can be read, says something, and says it once."""

import csv
import re
from importlib.resources import files

import pytest

from domain.matching.english import stems
from domain.reference.common_words import english_common

MOST_ALTERNATIVES, MOST_WORDS = 6, 5
CHINESE = re.compile(r"[\u4e00-\u9fff]{1,12}")


@pytest.fixture(scope="module")
def rows() -> list[list[str]]:
    text = files("domain.reference").joinpath("data", "glossary.csv").read_text(encoding="utf-8")
    head, *rows = csv.reader(text.splitlines())
    assert head == ["term", "english"]
    return rows


def test_the_glossary_covers_the_fields_of_technology(rows: list[list[str]]) -> None:
    assert len(rows) >= 3_000


def test_every_row_is_a_chinese_term_and_its_english(rows: list[list[str]]) -> None:
    assert [row for row in rows if len(row) != 2 or not CHINESE.fullmatch(row[0])] == []


def test_no_term_stands_twice(rows: list[list[str]]) -> None:
    terms = [term for term, _ in rows]
    assert [term for term in set(terms) if terms.count(term) > 1] == []


def test_alternatives_are_few_short_and_different(rows: list[list[str]]) -> None:
    assert [row for row in rows if not well_put(row[1].split("|"))] == []


def test_every_term_says_more_than_every_profile_does(rows: list[list[str]]) -> None:
    common = stems(" ".join(english_common()))
    assert [row for row in rows if all(stems(phrase) <= common for phrase in row[1].split("|"))] == []


def well_put(phrases: list[str]) -> bool:
    """Whether these can be the alternatives of a term: some, not too many, in plain letters, none of them twice."""
    return len(set(map(str.lower, phrases))) == len(phrases) <= MOST_ALTERNATIVES and all(
        phrase and phrase.isascii() and phrase == " ".join(phrase.split()) and len(phrase.split()) <= MOST_WORDS
        for phrase in phrases
    )

"""English words for comparison: split, without grammar, cut to a stem.

The stem is light and only for comparing: British and American spellings meet, so do singular and plural, and the usual
endings of a verb and its noun (oxidise, oxidation). It need not be a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from domain.reference.common_words import english_common, english_grammar

TOKEN = re.compile(r"[A-Za-z0-9]+")
SENTENCE = re.compile(r"[.!?;:\n]+(?:\s|$)|\n")
VOWEL = re.compile(r"[aeiouy]")

SPELLINGS = tuple(
    (re.compile(british), american)
    for british, american in (
        (r"(col|od|vap|lab|harb|fav|flav|behavi|tum)our", r"\1or"),
        (r"fibre", "fiber"),
        (r"centre", "center"),
        (r"metre", "meter"),
        (r"aluminium", "aluminum"),
        (r"sulph", "sulf"),
        (r"mould", "mold"),
        (r"tyre", "tire"),
        (r"is(e[sd]?|ing|ation|ations|er|ers)$", r"iz\1"),
        (r"yse([sd]?)$", r"yze\1"),
    )
)

ENDINGS = (
    *("ization", "ation", "ment", "able", "ally", "ical"),
    *("ing", "ion", "ity", "ize", "ate", "ive"),
    *("al", "at", "ed", "iz", "ly", "ic"),
)
LEAST_STEM = 4


def tokens(text: str) -> tuple[str, ...]:
    """The words of a text in its own spelling, without grammar, numbers and single letters."""
    found = TOKEN.findall(text)
    return tuple(
        word for word in found if len(word) > 1 and not word.isdigit() and word.lower() not in english_grammar()
    )


def telling(words: Iterable[str]) -> bool:
    """Whether at least one of the words is not one that every profile uses."""
    return any(word.lower() not in english_common() for word in words)


def sentences(text: str) -> list[str]:
    return [part for part in SENTENCE.split(text) if part.strip()]


def stems(text: str) -> frozenset[str]:
    """The stems of the words of a text, without grammar."""
    return frozenset(stem(token) for token in tokens(text))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The part of a word that its forms share, in lower case."""
    cut = word.lower()
    for british, american in SPELLINGS:
        cut = british.sub(american, cut)
    cut = _singular(cut)
    shorter = _without_ending(cut)
    while shorter != cut:
        cut, shorter = shorter, _without_ending(shorter)
    return cut.removesuffix("e") if len(cut) > LEAST_STEM - 1 else cut


def _singular(word: str) -> str:
    if len(word) < LEAST_STEM or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word.removesuffix("s")


def _without_ending(word: str) -> str:
    for ending in ENDINGS:
        rest = word.removesuffix(ending)
        least = LEAST_STEM - 1 if ending in ("ing", "ed") else LEAST_STEM
        if rest != word and len(rest) >= least and VOWEL.search(rest):
            return _undoubled(rest) if ending in ("ing", "ed") else rest
    return word


def _undoubled(word: str) -> str:
    return word[:-1] if word[-1] == word[-2] and word[-1] not in "lsz" else word

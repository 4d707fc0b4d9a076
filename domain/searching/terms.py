"""The terms of a text in Chinese and English, by which it is found.

Words of letters and figures are cut to their stem. Chinese is written without spaces: each character is a term, and so
is each two that follow each other. A query of several characters asks for the pairs alone, which tell more. (The same
cut is that of Lucene's CJKAnalyzer, which has only the pairs.)
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from unicodedata import normalize

from domain.matching.english import stem
from domain.reference.common_words import english_grammar

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f"
RUN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
"""Chinese characters that follow each other, or a word in another script."""
CHINESE = re.compile(rf"[{HAN}]")
LONGEST = 64
"""Characters of a word that count."""


def terms(text: str) -> Counter[str]:
    """The terms of a text, and how often each is in it."""
    found: Counter[str] = Counter()
    for run in RUN.findall(normalize("NFKC", text)):
        if CHINESE.match(run):
            found.update(run)
            found.update(map("".join, pairwise(run)))
        elif (word := _word(run)) is not None:
            found[word] += 1
    return found


def asked(text: str) -> list[str]:
    """The terms that a query asks for, each once and in order."""
    found: set[str] = set()
    for run in RUN.findall(normalize("NFKC", text)):
        if not CHINESE.match(run):
            found.update(filter(None, (_word(run),)))
        elif len(run) == 1:
            found.add(run)
        else:
            found.update(map("".join, pairwise(run)))
    return sorted(found)


def _word(run: str) -> str | None:
    """The stem of a word that says something."""
    word = run[:LONGEST].lower()
    return None if word in english_grammar() else stem(word)

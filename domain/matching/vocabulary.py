"""Vocabulary: which of a subject's words a profile has, across Chinese and English, and how telling they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import fsum, log, sqrt
from typing import TypeAlias

from domain.matching.candidate import Candidate
from domain.matching.english import sentences, stem, stems, telling, tokens
from domain.matching.gloss import Gloss
from domain.matching.reason import Finding
from domain.matching.subject import Subject
from domain.values import Bilingual

Phrase: TypeAlias = frozenset[str]
"""The stems of a phrase, without their order."""

IN_HEADING, IN_TEXT = 1.0, 0.5
"""How much a word of the subject counts that stands in its title or keywords, or only in its text."""

ANSWERED_IN_TITLE, ANSWERED_IN_TEXT = 1.0, 0.6
"""How much it counts that the profile has the word in its title, or only below it."""

EVERYDAY = 0.5
"""What is left of a word that is no term of technology."""

ORDINARY_LENGTH = 150
"""Words in a profile's text; in a longer one a word is less telling, by the root of the lengths."""

HALF_WAY = 2.0
"""So many telling words in both titles are worth half of all that words can be worth."""

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
    """A profile's places, its title first, all their stems, and the number of words below the title."""

    places: tuple[Place, ...]
    stems: Phrase
    length: int

    def place_of(self, phrase: Phrase) -> Place | None:
        """The first place that has all of the phrase."""
        return next((place for place in self.places if phrase <= place.stems), None) if phrase <= self.stems else None


@dataclass(frozen=True, slots=True)
class Match:
    """A word of the subject, the phrase of the profile that answers it and its place, and how much that tells."""

    strength: float
    wanted: Wanted
    phrase: Phrase
    place: Place

    @property
    def words(self) -> tuple[str, str]:
        return self.wanted.word, self.place.words_of(self.phrase)


Telling: TypeAlias = Callable[[Phrase], float]
"""How telling a phrase is among the candidates: 1 for a word that one of them has, near 0 for one that all have."""


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
    places = tuple(Place(written, stems(written)) for written in (title, *sentences(text)))
    return Document(places, frozenset[str]().union(*(place.stems for place in places)), len(tokens(text)))


def telling_among(documents: Sequence[Document]) -> Telling:
    """The inverse document frequency over these profiles: 0 to 1 for a word, more for a phrase by its length's root."""

    @cache
    def telling(phrase: Phrase) -> float:
        having = sum(each.place_of(phrase) is not None for each in documents)
        rarity = log(1 + len(documents) / max(1, having)) / log(1 + max(1, len(documents)))
        return rarity * sqrt(len(phrase))

    return telling


def words(wants: Iterable[Wanted], candidate: Candidate, telling: Telling) -> Finding | None:
    """The words that both have. A stem answers once, to the word that it tells most about."""
    profile = document(candidate.title, candidate.text)
    matches = sorted(_matches(wants, profile, telling), key=_most_telling_first)
    kept: list[Match] = []
    answered: set[str] = set()
    for match in matches:
        if not match.phrase <= answered:
            kept.append(match)
            answered |= match.phrase
    if not kept:
        return None
    weight = fsum(match.strength for match in kept)
    value = weight / (weight + HALF_WAY)
    technical = any(match.wanted.technical for match in kept)
    enough = len(answered) >= (ENOUGH_TECHNICAL if technical else ENOUGH_EVERYDAY)
    pairs = tuple(match.words for match in kept[:WORDS_SHOWN])
    shown = [f"{ours} ~ {theirs}" for ours, theirs in pairs]
    text = Bilingual(zh=f"双方共有的词：{'；'.join(shown)}", en=f"Words that both have: {'; '.join(shown)}")
    return Finding(value, text, pairs, evidence=enough and value >= CONVINCING)


def _most_telling_first(match: Match) -> tuple[float, int, str]:
    return -match.strength, -len(match.phrase), match.wanted.word


def _matches(wants: Iterable[Wanted], profile: Document, telling: Telling) -> Iterator[Match]:
    title = profile.places[0]
    below = ANSWERED_IN_TEXT * min(1.0, sqrt(ORDINARY_LENGTH / max(1, profile.length)))
    for want in wants:
        counts = want.emphasis * (1.0 if want.technical else EVERYDAY)
        answers = [
            Match(telling(phrase) * counts * (ANSWERED_IN_TITLE if place is title else below), want, phrase, place)
            for phrase in want.phrases
            if (place := profile.place_of(phrase)) is not None
        ]
        if answers:
            yield max(answers, key=lambda match: (match.strength, sorted(match.phrase)))

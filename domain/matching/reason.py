"""Reasons: what speaks for a counterpart, in words that can be checked against both texts."""

from __future__ import annotations

from dataclasses import dataclass

from domain.matching.weights import Rule
from domain.values import Bilingual


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: how well it is met (0 to 1), and whether that alone justifies a suggestion.

    `words` are pairs: a word of the subject, and the word of the profile that answers it.
    """

    value: float
    text: Bilingual
    words: tuple[tuple[str, str], ...] = ()
    evidence: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule's part in a score: its weight, what it contributed (never more than its weight), and a sentence."""

    rule: Rule
    weight: float
    contribution: float
    text: Bilingual
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A counterpart: the profile's id, a score from 0 to 1, and the reasons whose contributions add up to it."""

    id: str
    score: float
    reasons: tuple[Reason, ...]

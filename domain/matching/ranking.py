"""Ranking: the candidates that answer a subject, the best first, with the reasons for each."""

from __future__ import annotations

from collections.abc import Iterable
from math import fsum

from domain.matching.branches import markets, technology
from domain.matching.candidate import Candidate
from domain.matching.circumstances import place, stage
from domain.matching.gloss import Gloss
from domain.matching.reason import Finding, Reason, Suggestion
from domain.matching.subject import Subject, complements
from domain.matching.vocabulary import Texts, Wanted, document, wanted, words
from domain.matching.weights import WEIGHTS, Rule, Weights

LEAST_SCORE = 0.15
"""Below this nothing is suggested."""


def rank(
    subject: Subject, candidates: Iterable[Candidate], gloss: Gloss, weights: Weights = WEIGHTS
) -> list[Suggestion]:
    """The candidates worth suggesting, by falling score, then by id.

    Only types that complement the subject are read, so that what is rare is judged among them. A suggestion needs
    evidence: words, or keywords of its own; a shared technology field, a stage or a country alone propose nothing.
    """
    pool = [candidate for candidate in candidates if candidate.type in complements(subject.kind)]
    texts = Texts([document(candidate.title, candidate.text) for candidate in pool])
    wants = wanted(subject, gloss)
    found = (_suggestion(subject, wants, candidate, texts, weights) for candidate in pool)
    return sorted((each for each in found if each is not None), key=lambda each: (-each.score, each.id))


def _suggestion(
    subject: Subject, wants: tuple[Wanted, ...], candidate: Candidate, texts: Texts, weights: Weights
) -> Suggestion | None:
    findings: dict[Rule, Finding | None] = {
        Rule.WORDS: words(wants, candidate, texts),
        Rule.TECHNOLOGY: technology(subject, candidate),
        Rule.MARKETS: markets(subject, candidate),
        Rule.STAGE: stage(subject, candidate),
        Rule.COUNTRY: place(subject, candidate),
    }
    reasons = [_reason(rule, finding, weights) for rule, finding in findings.items() if finding and finding.value > 0]
    score = fsum(reason.contribution for reason in reasons)
    evident = any(finding and finding.evidence for finding in findings.values())
    if not evident or score < LEAST_SCORE:
        return None
    reasons.sort(key=lambda reason: (-reason.contribution, reason.rule))
    return Suggestion(candidate.id, score, tuple(reasons))


def _reason(rule: Rule, finding: Finding, weights: Weights) -> Reason:
    weight = weights.of(rule)
    return Reason(rule, weight, weight * finding.value, finding.text, finding.words)

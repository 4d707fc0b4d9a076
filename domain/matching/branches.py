"""Branches: how close the keywords of a subject and of a profile stand in a keyword tree of the EEN."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from domain.matching.candidate import Candidate
from domain.matching.reason import Finding
from domain.matching.subject import Subject
from domain.reference.fields import TechnologyField, crosswalk
from domain.reference.keywords import Keyword, KeywordTree, market_keywords, technology_keywords
from domain.values import Bilingual

BY_DISTANCE = (1.0, 0.7, 0.5, 0.25, 0.1)
"""Closeness by the steps between two keywords; 0 beyond."""

HEAD_ONLY = 0.3
"""What is left of it when the two share nothing but one of the tree's heads, which are as wide as whole industries."""

WITHIN_FIELD = 0.4
"""Closeness of a keyword in a branch that belongs to the subject's technology field."""

CLOSE = 0.5
"""From here on keywords alone justify a suggestion: the same, one above the other, or two of one group."""

PAIRS_SHOWN = 3


class Shown(NamedTuple):
    """How a keyword or a field is shown, in Chinese and in English."""

    zh: str
    en: str


class Pair(NamedTuple):
    """Two things that stand close: what the subject has, and what the profile has."""

    closeness: float
    ours: Shown
    theirs: Shown


def technology(subject: Subject, candidate: Candidate) -> Finding | None:
    """Technology keywords: the subject's own codes, and the branches that belong to its fields (技术领域)."""
    tree = technology_keywords()
    pairs = _pairs(tree, subject.technology_keywords, candidate.technology_keywords)
    pairs += [pair for field in subject.fields for pair in _within(tree, field, candidate.technology_keywords)]
    return _finding(pairs, "技术关键词", "Technology keywords")


def markets(subject: Subject, candidate: Candidate) -> Finding | None:
    """Market keywords, by the codes of both."""
    return _finding(
        _pairs(market_keywords(), subject.market_keywords, candidate.market_keywords), "市场关键词", "Market keywords"
    )


def closeness(tree: KeywordTree, one: str, other: str) -> float:
    """How close two codes stand, from 0 to 1. Both generations of one label are one keyword."""
    if one in tree and other in tree.codes(_known(tree, one).label):
        return 1.0
    steps = tree.distance(one, other)
    if steps is None or steps >= len(BY_DISTANCE):
        return 0.0
    return BY_DISTANCE[steps] * (1.0 if _share_a_group(tree, one, other) else HEAD_ONLY)


def _share_a_group(tree: KeywordTree, one: str, other: str) -> bool:
    shared = {one, *tree.ancestors(one)} & {other, *tree.ancestors(other)}
    return any(tree.ancestors(code) for code in shared)


def _pairs(tree: KeywordTree, ours: Iterable[str], theirs: Iterable[str]) -> list[Pair]:
    theirs = tuple(theirs)
    return [
        Pair(value, _shown(tree, one), _shown(tree, other))
        for one in ours
        for other in theirs
        if (value := closeness(tree, one, other)) > 0
    ]


def _within(tree: KeywordTree, field: TechnologyField, theirs: Iterable[str]) -> list[Pair]:
    branches = crosswalk(field)
    return [
        Pair(WITHIN_FIELD, Shown(field.zh, field.en), _shown(tree, code))
        for code in theirs
        if code in tree and not branches.isdisjoint((code, *tree.ancestors(code)))
    ]


def _finding(pairs: list[Pair], zh: str, en: str) -> Finding | None:
    if not pairs:
        return None
    best = sorted(set(pairs), key=lambda pair: (-pair.closeness, pair.ours, pair.theirs))[:PAIRS_SHOWN]
    in_chinese = "；".join(f"{pair.ours.zh} ~ {pair.theirs.zh}" for pair in best)
    in_english = "; ".join(f"{pair.ours.en} ~ {pair.theirs.en}" for pair in best)
    text = Bilingual(zh=f"{zh}相近：{in_chinese}", en=f"{en} are close: {in_english}")
    words = tuple((pair.ours.zh, pair.theirs.en) for pair in best)
    return Finding(best[0].closeness, text, words, evidence=best[0].closeness >= CLOSE)


def _shown(tree: KeywordTree, code: str) -> Shown:
    keyword = _known(tree, code)
    return Shown(f"{code} {keyword.zh}", f"{code} {keyword.label}")


def _known(tree: KeywordTree, code: str) -> Keyword:
    keyword = tree.get(code)
    assert keyword is not None, "only codes of the tree are close to anything"
    return keyword

"""Circumstances: what makes a counterpart more welcome but never proposes one: its stage and its country."""

from __future__ import annotations

from domain.matching.candidate import Candidate
from domain.matching.maturity import steps_short
from domain.matching.reason import Finding
from domain.matching.subject import Subject
from domain.reference.countries import Country, country
from domain.values import Bilingual

LOST_PER_STEP = 0.4
"""What each stage of development by which the offer falls short costs."""

NAMED = 0.5
"""What it is worth that the profile names the subject's country, rather than every country."""


def stage(subject: Subject, candidate: Candidate) -> Finding | None:
    """Stage of development: what one side offers against what the other wants; nothing where either is silent."""
    if subject.stage is None or candidate.stage is None:
        return None
    offers = subject.kind.offers
    wanted, offered = (candidate.stage, subject.stage) if offers else (subject.stage, candidate.stage)
    short = steps_short(wanted, offered)
    value = max(0.0, 1 - LOST_PER_STEP * short)
    zh = f"提供的技术阶段为“{offered.label}”，要求“{wanted.label}”"
    en = f'The technology offered is at the stage "{offered.label}"; "{wanted.label}" is wanted'
    return Finding(value, Bilingual(zh=zh, en=en), ((subject.stage.label, candidate.stage.label),))


def place(subject: Subject, candidate: Candidate) -> Finding | None:
    """Country: the profile comes from one that the subject prefers, or names the subject's own as a target."""
    if candidate.country is not None and candidate.country in subject.countries:
        home = _named(candidate.country)
        text = Bilingual(zh=f"对方来自优先考虑的国家：{home.zh}", en=f"It comes from a preferred country: {home.en}")
        return Finding(1.0, text, ((candidate.country, candidate.country),))
    if subject.country in candidate.target_countries:
        home = _named(subject.country)
        text = Bilingual(
            zh=f"对方指明寻找{home.zh}的合作伙伴", en=f"It names {home.en} among the countries it looks to"
        )
        return Finding(NAMED, text, ((subject.country, subject.country),))
    return None


def _named(code: str) -> Country:
    return country(code) or Country(code, code, code)

"""Eligibility: the hard filter before any ranking. A query on the graph applies the same conditions."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from domain.matching.candidate import Candidate
from domain.matching.subject import Subject, complements


class Obstacle(StrEnum):
    """Why a profile is no counterpart today."""

    TYPE = "type"
    EXPIRED = "expired"
    DEADLINE_PASSED = "deadline_passed"
    COUNTRY_NOT_TARGETED = "country_not_targeted"
    NOT_OPEN = "not_open"
    NOT_PUBLIC = "not_public"


def obstacles(subject: Subject, candidate: Candidate, today: date) -> frozenset[Obstacle]:
    """Everything that stands between the two on this day: type, dates, target country, openness, secrecy."""
    conditions = {
        Obstacle.TYPE: candidate.type not in complements(subject.kind),
        Obstacle.EXPIRED: candidate.expires is not None and candidate.expires < today,
        Obstacle.DEADLINE_PASSED: candidate.eoi_deadline is not None and candidate.eoi_deadline < today,
        Obstacle.COUNTRY_NOT_TARGETED: not candidate.targets(subject.country),
        Obstacle.NOT_OPEN: not candidate.open_for_interest,
        Obstacle.NOT_PUBLIC: not (subject.public and candidate.public),
    }
    return frozenset(obstacle for obstacle, stands in conditions.items() if stands)


def eligible(subject: Subject, candidate: Candidate, today: date) -> bool:
    """Whether interest in the profile may be expressed for the subject on this day."""
    return not obstacles(subject, candidate, today)

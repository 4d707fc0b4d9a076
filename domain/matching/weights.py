"""Weights: how much each rule of the ranking can contribute to a score."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

from domain.kernel.refusals import ensure


class Rule(StrEnum):
    """A rule of the ranking. Its name stands in every reason that it gives."""

    WORDS = "words"
    TECHNOLOGY = "technology"
    MARKETS = "markets"
    STAGE = "stage"
    COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class Weights:
    """The most that each rule may contribute; together at most 1. Refusal: `weights.out_of_range`."""

    words: float = 0.50
    technology: float = 0.30
    markets: float = 0.08
    stage: float = 0.06
    country: float = 0.06

    def __post_init__(self) -> None:
        weights = [self.of(Rule(field.name)) for field in fields(self)]
        sound = all(weight >= 0 for weight in weights) and sum(weights) <= 1 + 1e-9
        ensure(sound, "weights.out_of_range", "weights are not negative and sum to 1 at most")

    def of(self, rule: Rule) -> float:
        weight: float = getattr(self, rule.value)
        return weight


WEIGHTS = Weights()

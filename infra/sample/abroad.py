"""Abroad: the countries of the sample's EEN profiles, and invented companies there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

from infra.sample.data import data


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its ISO code, with its contact point, how often it comes, and its letters in EEN references."""

    code: str
    adjective: str
    weight: int
    contact: str
    legal: str
    letters: str = ""

    @property
    def in_references(self) -> str:
        return self.letters or self.code


@cache
def countries() -> tuple[Country, ...]:
    return tuple(Country(**entry) for entry in data("abroad")["country"])


def client_name(country: Country, rng: Random) -> str:
    return f"{rng.choice(data('abroad')['roots'])} {country.legal}"

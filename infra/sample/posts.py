"""Posts: the stations of the sample network with the people who work there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from domain.reference.regions import Level, region
from domain.stations import NATIONAL_STATION, Tier
from domain.values import Bilingual
from infra.identity.directory import person_id
from infra.sample.steps import Actor

ADMINISTRATOR = Actor(person_id("administrator"), NATIONAL_STATION)
PARTNER = person_id("partner")
AUDITOR = person_id("auditor")
YEAR = 2025
"""Counties that stood in this year are used."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a station is: `zh` and `en` without province or city, the region's code."""

    key: str
    zh: str
    en: str
    region: str


@dataclass(frozen=True, slots=True)
class Post:
    """A station with its manager and its adviser."""

    id: str
    place: Place
    tier: Tier
    international: bool
    manager: Actor
    adviser: Actor

    @property
    def name(self) -> Bilingual:
        return Bilingual(zh=f"{self.place.zh}站", en=f"{self.place.en} station")


@dataclass(frozen=True, slots=True)
class Posts:
    """All stations. The first base station and the first international one are those of the directory's people."""

    national: Post
    regional: tuple[Post, ...]
    base: tuple[Post, ...]

    @property
    def abroad(self) -> tuple[Post, ...]:
        return tuple(post for post in self.regional if post.international)

    def above(self, base: Post) -> Post:
        """The regional station that a base station answers to."""
        return self.regional[self.base.index(base) % len(self.regional)]


@cache
def counties(code: str) -> tuple[str, ...]:
    """The counties of a region as they stood; the region itself when it is one, or has none."""
    here = region(code, YEAR)
    if here is None or here.level is Level.COUNTY:
        return (code,)
    head = code[:4] if here.level is Level.PREFECTURE else f"{code[:2]}01"
    found = (f"{head}{number:02}" for number in range(2, 90))
    return tuple(each for each in found if region(each, YEAR)) or (code,)

"""The pilot: how large the sample network is, and its name, which says so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from infra.sample.days import Days

TODAY = date(2026, 11, 20)
EARLIEST, LATEST = date(2022, 1, 1), date(2100, 1, 1)
"""The last day of a pilot lies between these: the code lists that it uses hold from 2021 on."""

NAME = re.compile(r"sample/(?P<seed>\d+)/(?P<stations>\d+)/(?P<visits>\d+)/(?P<today>\d{4}-\d{2}-\d{2})")
MOST_STATIONS = 40
REGIONS = 10


@dataclass(frozen=True, slots=True)
class Pilot:
    """The size of a sample network: base stations, visits to enterprises (each brings a need), the rest in proportion.

    By default that of the pilot's plan: 20 base stations under 10 regional ones, 1,000 visits, 100 deals.
    """

    seed: int = 1
    stations: int = 20
    visits: int = 1000
    today: date = TODAY

    @classmethod
    def named(cls, text: str) -> Pilot | None:
        """The pilot whose name a text begins with."""
        found = NAME.match(text)
        if found is None:
            return None
        seed, stations, visits = (int(found[key]) for key in ("seed", "stations", "visits"))
        return cls(seed, stations, visits, date.fromisoformat(found["today"]))

    @property
    def name(self) -> str:
        return f"sample/{self.seed}/{self.stations}/{self.visits}/{self.today}"

    @property
    def days(self) -> Days:
        return Days(self.today)

    @property
    def regions(self) -> int:
        """The regional stations: half as many as base stations, ten at most; two at least, since one serves abroad."""
        return min(REGIONS, max(2, (self.stations + 1) // 2))

    def count(self, share: float) -> int:
        """So many for each visit, at least one."""
        return max(1, round(self.visits * share))

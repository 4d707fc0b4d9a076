"""Who worked with whom: matches, cooperations and deals, counted between regions, stations, countries and so on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product


class Dimension(StrEnum):
    """By what the two sides are told apart."""

    REGION = "region"
    STATION = "station"
    COUNTRY = "country"
    INDUSTRY = "industry"
    FIELD = "field"


class Doing(StrEnum):
    """What the two sides did together."""

    MATCH = "match"
    COOPERATION = "cooperation"
    DEAL = "deal"


@dataclass(frozen=True, slots=True)
class Together:
    """One thing that was done together: by the groups of the side that asked or bought, and of the other one.

    `need_id` is the need that it was about. An amount is in hundredths of its currency.
    """

    doing: Doing
    id: str
    asking: tuple[str, ...]
    answering: tuple[str, ...]
    need_id: str | None = None
    amount_minor: int | None = None
    currency: str | None = None


@dataclass(slots=True)
class Cell:
    """What one group did with another; every number opens to the ids behind it."""

    asking: str
    answering: str
    needs: set[str] = field(default_factory=set)
    matches: set[str] = field(default_factory=set)
    cooperations: set[str] = field(default_factory=set)
    deals: set[str] = field(default_factory=set)
    amounts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, done: Together) -> None:
        {Doing.MATCH: self.matches, Doing.COOPERATION: self.cooperations, Doing.DEAL: self.deals}[done.doing].add(
            done.id
        )
        if done.need_id:
            self.needs.add(done.need_id)
        if done.amount_minor is not None and done.currency:
            self.amounts[done.currency] += done.amount_minor


def collaboration(together: Iterable[Together]) -> list[Cell]:
    """The cells of the table, by group. What belongs to several groups counts in each of them."""
    cells: dict[tuple[str, str], Cell] = {}
    for done in together:
        for asking, answering in _pairs(done):
            cells.setdefault((asking, answering), Cell(asking, answering)).add(done)
    return [cells[key] for key in sorted(cells)]


def _pairs(done: Together) -> Iterator[tuple[str, str]]:
    return iter(sorted(set(product(done.asking, done.answering))))

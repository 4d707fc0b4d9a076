"""The subject of a search: the need, achievement or profile of our own for which counterparts are looked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.reference.een import ProfileType, StageOfDevelopment
from domain.reference.fields import TechnologyField


class Kind(StrEnum):
    """What the subject is: a need (技术需求), an achievement (科技成果), or a profile by its type."""

    NEED = "need"
    ACHIEVEMENT = "achievement"
    BO = "BO"
    BR = "BR"
    TO = "TO"
    TR = "TR"
    RDR = "RDR"

    @property
    def offers(self) -> bool:
        """Whether the subject gives something, rather than asks for it."""
        return self in (Kind.ACHIEVEMENT, Kind.BO, Kind.TO)


COMPLEMENTS: Mapping[Kind, frozenset[ProfileType]] = {
    Kind.NEED: frozenset({ProfileType.TO}),
    Kind.ACHIEVEMENT: frozenset({ProfileType.TR, ProfileType.RDR}),
    Kind.BO: frozenset({ProfileType.BR}),
    Kind.BR: frozenset({ProfileType.BO}),
    Kind.TO: frozenset({ProfileType.TR, ProfileType.RDR}),
    Kind.TR: frozenset({ProfileType.TO}),
    Kind.RDR: frozenset({ProfileType.TO}),
}


def complements(kind: Kind) -> frozenset[ProfileType]:
    """The types of profile that answer a subject: an offer answers a request, a request is no answer to a need.

    A technology offer is to other networks what an achievement is to ours, so research requests answer both; between
    profiles the relation holds both ways.
    """
    return COMPLEMENTS[kind]


@dataclass(frozen=True, slots=True)
class Subject:
    """What is looked for or offered. Texts in Chinese, English or both; keywords in either; codes of the EEN's lists.

    `stage` is the stage of development that it has when it offers, and the least that it wants when it asks.
    `countries` are those from which an answer would be preferred. Only a `public` subject leaves the country.
    """

    id: str
    kind: Kind
    titles: tuple[str, ...]
    texts: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    fields: tuple[TechnologyField, ...] = ()
    technology_keywords: tuple[str, ...] = ()
    market_keywords: tuple[str, ...] = ()
    stage: StageOfDevelopment | None = None
    country: str = "CN"
    countries: frozenset[str] = frozenset()
    public: bool = True

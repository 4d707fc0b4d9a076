"""A candidate: an EEN profile as far as matching reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.reference.een import ProfileType, StageOfDevelopment


@dataclass(frozen=True, slots=True)
class Candidate:
    """A profile in English. `text` is everything it says below its title; codes are those of the EEN's lists.

    `target_countries` are where a partner may come from; empty means every country but the profile's own. `expires` and
    `eoi_deadline` are last days, both still good. A profile that is not `public` is shown to nobody as a counterpart.
    """

    id: str
    type: ProfileType
    title: str
    text: str = ""
    technology_keywords: tuple[str, ...] = ()
    market_keywords: tuple[str, ...] = ()
    country: str | None = None
    stage: StageOfDevelopment | None = None
    target_countries: frozenset[str] = frozenset()
    expires: date | None = None
    eoi_deadline: date | None = None
    open_for_interest: bool = True
    public: bool = True

    def targets(self, country: str) -> bool:
        """Whether a partner in this country is looked for."""
        return country in self.target_countries if self.target_countries else country != self.country

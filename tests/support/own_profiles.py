"""A profile of our own with everything that a profile may say, and a network in which one is published."""

from __future__ import annotations

from datetime import date
from typing import Any

from small_profiles import CALL, FULL, offer

from domain.profile_details import ProfileDetails
from domain.reference.een import PartnershipType, ProfileType
from domain.values import Bilingual

REFERENCE = "RDRCN20260202001"


def full(**more: Any) -> ProfileDetails:
    """An R&D request of a client in China, every field of it filled."""
    own: dict[str, Any] = {
        **FULL,
        "type": ProfileType.RDR,
        "title": Bilingual(zh="印染废水脱色", en="Membranes against colour in waste water"),
        "partnerships": (PartnershipType.RESEARCH_COOPERATION,),
        "technology_keywords": ("10004003", "02009009"),
        "market_keywords": ("08004002",),
        "country": "CN",
        "target_countries": ("GB", "GR", "NL"),
        "call": CALL.model_copy(update={"deadline": date(2027, 1, 31)}),
        "open_for_interest": False,
    }
    return offer(**{**own, **more})

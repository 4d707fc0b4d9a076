"""The EEN profiles of the small network: of every type, and for a need one behind each of the hard filters."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.profile_details import Call, ProfileDetails
from domain.reference.een import (
    PARTNERSHIPS,
    IprStatus,
    PartnershipType,
    ProfileType,
    SoughtPartner,
    StageOfDevelopment,
)
from domain.values import Bilingual

WATER = "Nanofiltration membrane for the decolouring of textile dyeing wastewater"
ABOUT = "The membrane process removes colour from wastewater of textile dyeing and allows its reuse."
LASTS = date(2027, 6, 30)


def offer(**more: Any) -> ProfileDetails:
    """A technology offer that answers the need for decolouring."""
    usual: dict[str, Any] = {
        "type": ProfileType.TO,
        "title": Bilingual(en=WATER),
        "summary": ABOUT,
        "country": "NL",
        "expires": LASTS,
        "stage_of_development": StageOfDevelopment.ON_THE_MARKET,
    }
    return ProfileDetails(**{**usual, **more})


FULL: dict[str, Any] = {
    "description": ABOUT,
    "advantages": "Less energy.",
    "partner_sought": "A dye house.",
    "partner_role": "To test it.",
    "technical_specification": "Flux above 20 LMH.",
    "stage_note": "In use.",
    "ipr_status": IprStatus.GRANTED,
    "ipr_note": "Patent in NL.",
    "partnerships": (PartnershipType.COMMERCIAL_WITH_ASSISTANCE,),
    "partner_kinds": (SoughtPartner.SME_49, SoughtPartner.UNIVERSITY),
    "technology_keywords": ("11001", "99999999"),
    "market_keywords": ("08005",),
    "sdgs": (6, 9),
    "submitted": date(2026, 1, 1),
    "updated": date(2026, 2, 1),
    "published": date(2026, 2, 2),
    "eoi_deadline": date(2026, 12, 31),
    "url": "https://een.example/merlin/1",
}
CALL = Call(
    framework="Horizon Europe",
    title="Water",
    scheme="RIA",
    budget="3 M€",
    deadline=date(2026, 11, 1),
    weeks=150,
    url="https://call.example/1",
    project="BLUE",
    coordinator_required=True,
)

IMPORTED: dict[str, tuple[str, ProfileDetails, str | None]] = {
    "to good": ("TONL20260101001", offer(**FULL), "agency"),
    "to named": ("TODE20260101002", offer(country="DE", target_countries=("CN", "JP")), "chamber"),
    "to second": ("TONL20260101003", offer(title=Bilingual(en="Wastewater decolouring by ozone")), "agency"),
    "to last day": ("TODE20260101011", offer(country="DE", expires=date(2026, 8, 10)), None),
    "to nowhere": ("TOXX20260101009", offer(country=None), None),
    "to expired": ("TONL20250101004", offer(expires=date(2026, 8, 9)), "agency"),
    "to deadline": ("TONL20260101005", offer(eoi_deadline=date(2026, 8, 9)), "agency"),
    "to closed": ("TONL20260101006", offer(open_for_interest=False), "agency"),
    "to elsewhere": ("TONL20260101007", offer(target_countries=("DE", "FR")), "agency"),
    "to withdrawn": ("TONL20260101008", offer(), "agency"),
    "to chinese": ("TOCN20260101010", offer(country="CN"), None),
    "tr good": (
        "TRDE20260201001",
        offer(type=ProfileType.TR, country="DE", title=Bilingual(en="Wanted: nanofiltration membrane for wastewater")),
        "chamber",
    ),
    "rdr": ("RDRNL20260301001", offer(type=ProfileType.RDR, call=CALL), "agency"),
    "bo": ("BOIT20260401001", offer(type=ProfileType.BO, country="IT", market_keywords=("08005",)), None),
    "br": ("BRFR20260501001", offer(type=ProfileType.BR, country="FR", market_keywords=("08005",)), None),
}
"""By name: the reference, what it says, and its contact point."""


def own(type: ProfileType) -> ProfileDetails:
    """A profile of our own: looked for abroad, by a client in China."""
    return ProfileDetails(
        type=type,
        title=Bilingual(en=WATER, zh="印染废水脱色"),
        summary=ABOUT,
        country="CN",
        expires=LASTS,
        partnerships=tuple(sorted(PARTNERSHIPS[type]))[:1],
    )

"""Stories about profiles: a foreign one that is imported, one of our own that is drafted, and what they rest on."""

from __future__ import annotations

from datetime import date
from typing import Any

from scenario import Story, given, id_of

from domain.achievement_details import AchievementDetails
from domain.achievements import AchievementPublished, AchievementRegistered, AchievementScreened, ScreeningResult
from domain.needs import NeedChecked, NeedDetails, NeedPublished, NeedRecorded
from domain.partners import PartnerDetails, PartnerKind, PartnerRecorded
from domain.profile_commands import DraftProfile, ImportProfile, PublishProfile, WithdrawProfile, imported_id
from domain.profile_details import ProfileDetails
from domain.profiles import ProfileDrafted, ProfileFact, ProfileImported
from domain.reference.achievements import Secrecy
from domain.reference.een import PartnershipType, ProfileType
from domain.stations import StationFounded, StationOpened, Tier
from domain.values import Bilingual, Source

STATION, ABROAD, NEED, TOOL = id_of("station"), id_of("partner"), id_of("need"), id_of("achievement")
REFERENCE = "TONL20260903002"
FOREIGN = ProfileDetails(
    type=ProfileType.TO,
    title=Bilingual(en="Dye removal from waste water"),
    technology_keywords=("01003017", "99999999"),
    country="NL",
    submitted=date(2026, 9, 3),
    expires=date(2027, 9, 3),
)
SOURCE = Source(system="pod", reference=REFERENCE)
IMPORT = ImportProfile(station_id=STATION, reference=REFERENCE, details=FOREIGN, source=SOURCE)
IMPORTED = ProfileImported(station_id=STATION, reference=REFERENCE, details=FOREIGN, source=SOURCE)
THEIRS, OURS = imported_id(REFERENCE), id_of("profile", "ours")
OFFER = ProfileDetails(
    type=ProfileType.TO,
    title=Bilingual(en="Tool monitoring"),
    country="CN",
    target_countries=("ES", "NL"),
    technology_keywords=("01003017",),
    partnerships=(PartnershipType.RESEARCH_COOPERATION,),
    expires=date(2027, 8, 1),
)
REQUEST = OFFER.model_copy(update={"type": ProfileType.TR})
DRAFTED = ProfileDrafted(station_id=STATION, details=OFFER, achievement_id=TOOL)
DRAFT = DraftProfile(station_id=STATION, details=OFFER, achievement_id=TOOL)
PUBLISH = PublishProfile(profile_id=OURS, on=date(2026, 8, 10), reference="TOCN20260810001")
WITHDRAW = WithdrawProfile(profile_id=OURS, reason="已找到伙伴", on=date(2026, 9, 1))
REGISTERED = AchievementRegistered(
    station_id=STATION,
    organisation_id=id_of("organisation"),
    details=AchievementDetails(title=Bilingual(zh="刀具"), secrecy=Secrecy.OPEN),
)
ACCEPTED = AchievementScreened(result=ScreeningResult.ACCEPT)
NEEDED = NeedRecorded(
    station_id=STATION,
    organisation_id=id_of("organisation"),
    details=NeedDetails(title=Bilingual(zh="脱色")),
)


def network() -> Story:
    """An open station, a published achievement, a published need and a contact point abroad."""
    return (
        given(
            STATION,
            StationFounded(tier=Tier.REGIONAL, name=Bilingual(zh="陕西站"), region="610000"),
            StationOpened(on=date(2026, 1, 1)),
        )
        .and_given(TOOL, REGISTERED, ACCEPTED, AchievementPublished())
        .and_given(NEED, NEEDED, NeedChecked(), NeedPublished())
        .and_given(
            ABROAD,
            PartnerRecorded(
                station_id=STATION,
                details=PartnerDetails(name=Bilingual(en="EEN NL"), kind=PartnerKind.EEN_CONTACT_POINT, country="NL"),
            ),
        )
    )


def imported(*facts: ProfileFact) -> Story:
    """The network with the foreign profile, and what happened to it."""
    return network().and_given(THEIRS, IMPORTED, *facts)


def drafted(*facts: ProfileFact) -> Story:
    """The network with the draft of our own, and what happened to it."""
    return network().and_given(OURS, DRAFTED, *facts)


def details(base: ProfileDetails = OFFER, **changes: Any) -> ProfileDetails:
    """These details, but for the changes."""
    return base.model_copy(update=changes)


def importing(**changes: Any) -> ImportProfile:
    """The import of the foreign profile, but for the changes."""
    return IMPORT.model_copy(update=changes)

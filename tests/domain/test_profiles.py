"""Profiles: foreign ones as they are imported, our own from the draft to their withdrawal."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st
from pydantic import ValidationError
from scenario import Story, given, id_of

from domain.achievements import (
    AchievementDetails,
    AchievementPublished,
    AchievementRegistered,
    AchievementScreened,
    ScreeningResult,
)
from domain.kernel.acting import Role
from domain.kernel.claims import ClaimTaken
from domain.kernel.commands import Command
from domain.kernel.facts import Fact
from domain.needs import NeedChecked, NeedDetails, NeedPublished, NeedRecorded, NeedWithdrawn
from domain.partners import PartnerDetails, PartnerKind, PartnerRecorded
from domain.profile_details import Call, ProfileDetails
from domain.profiles import (
    AmendProfile,
    DraftProfile,
    ImportProfile,
    Origin,
    Profile,
    ProfileAmended,
    ProfileDrafted,
    ProfileFact,
    ProfileImported,
    ProfilePublished,
    ProfileStage,
    ProfileWithdrawn,
    PublishProfile,
    WithdrawProfile,
    imported_id,
    reference_claim,
)
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
    return network().and_given(THEIRS, IMPORTED, *facts)


def drafted(*facts: ProfileFact) -> Story:
    return network().and_given(OURS, DRAFTED, *facts)


def details(base: ProfileDetails = OFFER, **changes: Any) -> ProfileDetails:
    return base.model_copy(update=changes)


def importing(**changes: Any) -> ImportProfile:
    return IMPORT.model_copy(update=changes)


# -- foreign profiles --------------------------------------------------------


def test_an_open_station_imports_a_foreign_profile_under_the_id_of_its_reference() -> None:
    told = network().acting(Role.ADVISER).when(importing(partner_id=ABROAD))
    proposal = told.then(IMPORTED.model_copy(update={"partner_id": ABROAD}))
    assert proposal.entity_id == THEIRS == imported_id(f" {REFERENCE.lower()} ")
    told.then_reads(STATION, ABROAD)


def test_a_foreign_profile_is_imported_once_whoever_imports_it() -> None:
    other = Source(system="page", reference=REFERENCE)
    imported().when(importing(source=other)).then_refused("profile.exists")


def test_a_station_that_has_not_opened_imports_and_drafts_nothing() -> None:
    unopened = id_of("station", "unopened")
    story = network().and_given(unopened, StationFounded(tier=Tier.BASE, name=Bilingual(zh="站"), region="610100"))
    story.when(importing(station_id=unopened)).then_refused("station.not_open")
    story.when(DRAFT.model_copy(update={"station_id": unopened})).then_refused("station.not_open")


def test_a_contact_point_that_nobody_recorded_is_refused() -> None:
    network().when(importing(partner_id=id_of("partner", "nobody"))).then_refused("partner.unknown")


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("TONL2026", "reference.malformed"),
        ("TONL20260230001", "reference.date_impossible"),
        ("TRNL20260903002", "profile.type_disagrees"),
    ],
)
def test_a_reference_is_well_formed_and_agrees_with_what_the_profile_says(reference: str, code: str) -> None:
    network().when(importing(reference=reference)).then_refused(code)


@pytest.mark.parametrize("reference", ["TODE20260903002", "TOQQ20260903002"])
def test_a_hub_may_serve_a_client_in_another_country_than_its_own(reference: str) -> None:
    assert network().when(importing(reference=reference)).refusal is None


def test_a_reference_whose_letters_name_no_country_goes_with_none() -> None:
    nowhere = importing(reference="TOQQ20260903002", details=details(FOREIGN, country=None))
    assert network().when(nowhere).refusal is None


def test_countries_of_a_profile_exist() -> None:
    network().when(importing(details=details(FOREIGN, target_countries=("CN", "ZZ")))).then_refused("country.unknown")
    ours = DRAFT.model_copy(update={"details": details(country="ZZ")})
    network().when(ours).then_refused("country.unknown")


def test_a_profile_does_not_expire_before_its_submission() -> None:
    backwards = details(FOREIGN, expires=date(2026, 9, 2))
    network().when(importing(details=backwards)).then_refused("profile.dates")
    assert network().when(importing(details=details(FOREIGN, submitted=None))).refusal is None
    assert network().when(importing(details=details(FOREIGN, expires=None))).refusal is None


def test_unknown_keywords_and_odd_partnerships_of_an_imported_profile_are_kept() -> None:
    odd = details(FOREIGN, market_keywords=("123",), partnerships=(PartnershipType.OUTSOURCING,))
    assert network().when(importing(details=odd)).then(IMPORTED.model_copy(update={"details": odd}))


def test_a_reference_of_our_own_is_not_imported_as_a_foreign_one() -> None:
    claimed = network().and_given(reference_claim(REFERENCE).id, ClaimTaken(kind="een_reference", holder_id=OURS))
    claimed.when(IMPORT).then_refused("profile.own_reference")


def test_any_station_amends_a_foreign_profile_but_not_its_type_or_reference() -> None:
    later = details(FOREIGN, summary="Now with a pilot plant.")
    story = imported().acting(Role.ADVISER, at=id_of("station", "another"))
    story.when(AmendProfile(profile_id=THEIRS, details=later)).then(ProfileAmended(details=later))
    other_type = AmendProfile(profile_id=THEIRS, details=details(FOREIGN, type=ProfileType.BO))
    story.when(other_type).then_refused("profile.type_fixed")
    elsewhere = details(FOREIGN, country="DE")
    story.when(AmendProfile(profile_id=THEIRS, details=elsewhere)).then(ProfileAmended(details=elsewhere))
    backwards = AmendProfile(profile_id=THEIRS, details=details(FOREIGN, expires=date(2020, 1, 1)))
    story.when(backwards).then_refused("profile.dates")


def test_an_amendment_that_changes_nothing_records_nothing() -> None:
    imported().when(AmendProfile(profile_id=THEIRS, details=FOREIGN)).then_nothing()
    drafted().when(AmendProfile(profile_id=OURS, details=OFFER)).then_nothing()


def test_a_foreign_profile_is_published_from_the_start() -> None:
    state: Profile = imported().state(THEIRS)
    assert (state.origin, state.stage, state.reference) == (Origin.FOREIGN, ProfileStage.PUBLISHED, REFERENCE)
    again = PublishProfile(profile_id=THEIRS, on=date(2026, 9, 4))
    imported().when(again).then_refused("profile.not_draft")


# -- our own profiles --------------------------------------------------------


def test_what_offers_rests_on_a_published_achievement() -> None:
    told = network().acting(Role.ADVISER).when(DRAFT)
    told.then(DRAFTED)
    told.then_reads(STATION, TOOL)
    refused = "profile.achievement_not_published"
    given_facts: list[tuple[Fact, ...]] = [(REGISTERED,), (REGISTERED, ACCEPTED)]
    for facts in given_facts:
        network().and_given(id_of("achievement", "other"), *facts).when(
            DRAFT.model_copy(update={"achievement_id": id_of("achievement", "other")})
        ).then_refused(refused)
    network().when(DraftProfile(station_id=STATION, details=OFFER, need_id=NEED)).then_refused(refused)


def test_a_secret_achievement_is_drafted_into_nothing() -> None:
    secret = REGISTERED.details.model_copy(update={"secrecy": Secrecy.SECRET})
    hidden = id_of("achievement", "hidden")
    story = network().and_given(hidden, REGISTERED.model_copy(update={"details": secret}), AchievementPublished())
    told = story.when(DRAFT.model_copy(update={"achievement_id": hidden}))
    told.then_refused("profile.achievement_not_published")


@pytest.mark.parametrize("type", [ProfileType.TR, ProfileType.RDR, ProfileType.BR])
def test_what_asks_rests_on_a_published_need(type: ProfileType) -> None:
    asks = details(type=type, partnerships=())
    command = DraftProfile(station_id=STATION, details=asks, need_id=NEED)
    network().when(command).then(ProfileDrafted(station_id=STATION, details=asks, need_id=NEED))
    unpublished = id_of("need", "unpublished")
    story = network().and_given(unpublished, NEEDED)
    story.when(command.model_copy(update={"need_id": unpublished})).then_refused("profile.need_not_published")
    story.when(command.model_copy(update={"need_id": id_of("need", "none")})).then_refused("profile.need_not_published")
    wrong = DraftProfile(station_id=STATION, details=asks, achievement_id=TOOL)
    story.when(wrong).then_refused("profile.need_not_published")


def test_a_profile_of_our_own_rests_on_one_subject() -> None:
    network().when(DRAFT.model_copy(update={"need_id": NEED})).then_refused("profile.one_subject")
    network().when(DraftProfile(station_id=STATION, details=OFFER)).then_refused("profile.one_subject")


def test_the_same_request_drafts_once() -> None:
    first = network().when(DRAFT).then(DRAFTED)
    network().and_given(first.entity_id, DRAFTED).when(DRAFT).then_refused("profile.exists")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"technology_keywords": ("99999999",)}, "keyword.unknown"),
        ({"market_keywords": ("99999999",)}, "keyword.unknown"),
        ({"partnerships": (PartnershipType.OUTSOURCING,)}, "profile.partnership"),
        ({"country": None}, "profile.no_country"),
        ({"target_countries": ("CN",)}, "profile.own_country_targeted"),
        ({"submitted": date(2027, 8, 2)}, "profile.dates"),
        (
            {"eoi_deadline": date(2026, 10, 1), "call": Call(deadline=date(2026, 10, 1))},
            "profile.deadlines",
        ),
    ],
)
def test_what_our_own_profile_says_is_checked_when_drafted_and_when_amended(changes: dict[str, Any], code: str) -> None:
    wrong = details(**changes)
    network().when(DRAFT.model_copy(update={"details": wrong})).then_refused(code)
    drafted().when(AmendProfile(profile_id=OURS, details=wrong)).then_refused(code)


@pytest.mark.parametrize(
    "call", [None, Call(title="HORIZON-CL5"), Call(deadline=date(2026, 10, 2), coordinator_required=True)]
)
def test_the_deadline_for_interest_lies_before_that_of_the_call_if_there_is_one(call: Call | None) -> None:
    fine = details(eoi_deadline=date(2026, 10, 1), call=call)
    network().when(DRAFT.model_copy(update={"details": fine})).then(DRAFTED.model_copy(update={"details": fine}))


def test_a_draft_is_published_under_a_reference_that_becomes_its_own() -> None:
    story = drafted()
    told = story.acting(Role.ADVISER).when(PUBLISH)
    told.then(ProfilePublished(on=PUBLISH.on, reference=PUBLISH.reference))
    claim = reference_claim("TOCN20260810001").id
    told.then_elsewhere(claim, ClaimTaken(kind="een_reference", holder_id=OURS))
    told.then_reads(TOOL)
    taken = story.and_given(claim, ClaimTaken(kind="een_reference", holder_id=id_of("profile", "third")))
    taken.when(PUBLISH).then_refused("een_reference.taken")


def test_a_draft_may_be_published_before_it_has_a_reference() -> None:
    drafted().when(PUBLISH.model_copy(update={"reference": None})).then(ProfilePublished(on=PUBLISH.on))


def test_a_draft_is_not_published_under_the_reference_of_an_imported_profile() -> None:
    abroad = imported_id("TOCN20260810001")
    story = drafted().and_given(abroad, IMPORTED)
    story.when(PUBLISH).then_refused("profile.foreign_reference")


def test_the_reference_of_our_own_agrees_with_it() -> None:
    drafted().when(PUBLISH.model_copy(update={"reference": "TRCN20260810001"})).then_refused("profile.type_disagrees")
    abroad = PUBLISH.model_copy(update={"reference": "TODE20260810001"})
    drafted().when(abroad).then_refused("profile.country_disagrees")
    published = drafted(ProfilePublished(on=PUBLISH.on, reference=PUBLISH.reference))
    moved = AmendProfile(profile_id=OURS, details=details(country="DE"))
    published.when(moved).then_refused("profile.country_disagrees")


def test_a_profile_is_published_only_while_it_is_valid() -> None:
    last = PUBLISH.model_copy(update={"on": date(2027, 8, 1), "reference": None})
    drafted().when(last).then(ProfilePublished(on=date(2027, 8, 1)))
    drafted().when(PUBLISH.model_copy(update={"on": date(2027, 8, 2)})).then_refused("profile.expired")


def test_a_profile_is_published_only_while_what_it_rests_on_is() -> None:
    gone = network().and_given(NEED, NeedWithdrawn(reason="不再需要"))
    story = gone.and_given(OURS, ProfileDrafted(station_id=STATION, details=REQUEST, need_id=NEED))
    story.when(PublishProfile(profile_id=OURS, on=PUBLISH.on)).then_refused("profile.need_not_published")


def test_the_day_of_publication_stays_when_our_own_is_amended() -> None:
    story = drafted(ProfilePublished(on=PUBLISH.on, reference=PUBLISH.reference))
    amended = details(summary="Better.", published=date(1999, 1, 1))
    kept = details(summary="Better.", published=PUBLISH.on)
    story.when(AmendProfile(profile_id=OURS, details=amended)).then(ProfileAmended(details=kept))
    state: Profile = story.and_given(OURS, ProfileAmended(details=kept)).state(OURS)
    assert (state.origin, state.stage, state.reference) == (Origin.OWN, ProfileStage.PUBLISHED, PUBLISH.reference)


def test_only_staff_of_its_station_act_on_our_own_profile() -> None:
    elsewhere = drafted().acting(Role.ADVISER, at=id_of("station", "elsewhere"))
    for command in (AmendProfile(profile_id=OURS, details=OFFER), PUBLISH, WITHDRAW):
        elsewhere.when(command).then_refused("authority.station")
        drafted().acting(Role.PARTNER).when(command).then_refused("authority.role")


def test_a_profile_is_withdrawn_once_and_then_stays_as_it_is() -> None:
    gone = ProfileWithdrawn(reason=WITHDRAW.reason, on=WITHDRAW.on)
    drafted().when(WITHDRAW).then(gone)
    imported().when(WITHDRAW.model_copy(update={"profile_id": THEIRS})).then(gone)
    drafted(gone).when(WITHDRAW).then_refused("profile.withdrawn")
    drafted(gone).when(AmendProfile(profile_id=OURS, details=OFFER)).then_refused("profile.withdrawn")


def test_a_profile_takes_interest_while_it_is_open_and_until_its_deadline() -> None:
    deadline = details(eoi_deadline=date(2026, 9, 1))
    assert OFFER.takes_interest(date(2030, 1, 1))
    assert deadline.takes_interest(date(2026, 9, 1))
    assert not deadline.takes_interest(date(2026, 9, 2))
    assert not details(open_for_interest=False).takes_interest(date(2026, 9, 1))
    assert not details(expires=None).expired(date(2030, 1, 1))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org", "https://", "https://a b", "x https://a"])
def test_an_address_is_one_of_the_web(url: str) -> None:
    with pytest.raises(ValidationError):
        ProfileDetails(type=ProfileType.TO, title=Bilingual(en="x"), url=url)
    with pytest.raises(ValidationError):
        Call(url=url)


COMMANDS: tuple[Command, ...] = (
    AmendProfile(profile_id=OURS, details=OFFER),
    AmendProfile(profile_id=OURS, details=details(summary="Better.")),
    PUBLISH,
    PUBLISH.model_copy(update={"reference": None}),
    WITHDRAW,
)
LEADS_TO = {
    ProfileStage.DRAFT: {ProfileStage.PUBLISHED, ProfileStage.WITHDRAWN},
    ProfileStage.PUBLISHED: {ProfileStage.WITHDRAWN},
    ProfileStage.WITHDRAWN: set(),
}


@given_any(st.lists(st.sampled_from(COMMANDS), max_size=8))
def test_whatever_is_asked_a_profile_goes_only_where_its_stage_leads(commands: list[Command]) -> None:
    story = drafted()
    for command in commands:
        before: Profile = story.state(OURS)
        told = story.when(command)
        for numbered in told.proposal.facts if told.proposal else ():
            story = story.and_given(numbered.entity_id, numbered.fact)
        after: Profile = story.state(OURS)
        assert after.stage is before.stage or after.stage in LEADS_TO[before.stage]

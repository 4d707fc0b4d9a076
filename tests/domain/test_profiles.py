"""Profiles: foreign ones as they are imported, our own from the draft to their withdrawal."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st
from profile_stories import (
    ABROAD,
    ACCEPTED,
    DRAFT,
    DRAFTED,
    FOREIGN,
    IMPORT,
    IMPORTED,
    NEED,
    NEEDED,
    OFFER,
    OURS,
    PUBLISH,
    REFERENCE,
    REGISTERED,
    REQUEST,
    STATION,
    THEIRS,
    TOOL,
    WITHDRAW,
    details,
    drafted,
    imported,
    importing,
    network,
)
from scenario import id_of

from domain.achievements import AchievementPublished
from domain.kernel.acting import Role
from domain.kernel.claims import ClaimTaken
from domain.kernel.commands import Command
from domain.kernel.facts import Fact
from domain.needs import NeedWithdrawn
from domain.profile_commands import AmendProfile, DraftProfile, PublishProfile, imported_id, reference_claim
from domain.profiles import (
    Origin,
    Profile,
    ProfileAmended,
    ProfileDrafted,
    ProfilePublished,
    ProfileStage,
    ProfileWithdrawn,
)
from domain.reference.achievements import Secrecy
from domain.reference.een import ProfileType
from domain.stations import StationFounded, Tier
from domain.values import Bilingual, Source

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

"""How a foreign profile stands at its source: reported, off and back again, and gone from a listing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st
from profile_stories import OURS, THEIRS, WITHDRAW, details, drafted, imported
from pydantic import ValidationError
from scenario import id_of

from domain.kernel.acting import Role
from domain.kernel.claims import ClaimTaken
from domain.profile_commands import AmendProfile
from domain.profile_standing import (
    ProfileRemoved,
    ProfileReported,
    RemoveProfile,
    ReportProfile,
    SourceStatus,
    source_claim,
)
from domain.profiles import Profile, ProfileStage, ProfileWithdrawn

TODAY = date(2026, 11, 23)
THEN = datetime(2026, 10, 2, 9, 30, tzinfo=UTC)
REMOVE = RemoveProfile(profile_id=THEIRS, on=TODAY)
OFF = [each for each in SourceStatus if each not in (SourceStatus.PUBLISHED, SourceStatus.GONE)]


def report(status: SourceStatus = SourceStatus.PUBLISHED, **more: Any) -> ReportProfile:
    return ReportProfile(profile_id=THEIRS, on=TODAY, status=status, **more)


def reported(status: SourceStatus = SourceStatus.PUBLISHED, **more: Any) -> ProfileReported:
    return ProfileReported(on=TODAY, status=status, **more)


def test_a_report_is_recorded_and_its_number_is_taken() -> None:
    told = imported().acting(Role.ADVISER).when(report(modified=THEN, source_id="900001"))
    told.then(reported(modified=THEN, source_id="900001"))
    told.then_elsewhere(source_claim("900001").id, ClaimTaken(kind="een_number", holder_id=THEIRS))


def test_a_number_belongs_to_one_profile() -> None:
    taken = ClaimTaken(kind="een_number", holder_id=id_of("profile", "another"))
    story = imported().and_given(source_claim("900001").id, taken)
    story.when(report(source_id="900001")).then_refused("een_number.taken")


def test_a_report_that_says_nothing_new_records_nothing() -> None:
    known = imported(reported(modified=THEN, source_id="900001"))
    known.when(report(modified=THEN)).then_nothing()
    known.when(report()).then_nothing()


def test_a_report_that_is_older_than_what_is_known_is_refused() -> None:
    known = imported(reported(modified=THEN))
    older = report(SourceStatus.ON_HOLD, modified=THEN - timedelta(seconds=1))
    known.when(older).then_refused("profile.report_outdated")


@pytest.mark.parametrize("status", OFF)
def test_a_profile_that_its_source_does_not_offer_is_withdrawn_until_it_is_offered_again(status: SourceStatus) -> None:
    off = imported(reported(status))
    assert stage(off) is ProfileStage.WITHDRAWN
    off.when(report()).then(reported())
    assert stage(imported(reported(status), reported())) is ProfileStage.PUBLISHED


def test_a_profile_that_a_listing_lacks_is_removed_once_and_may_come_back() -> None:
    imported().acting(Role.ADVISER).when(REMOVE).then(ProfileRemoved(on=TODAY))
    gone = imported(reported(modified=THEN), ProfileRemoved(on=TODAY))
    assert stage(gone) is ProfileStage.WITHDRAWN
    gone.when(REMOVE).then_nothing()
    gone.when(report(modified=THEN)).then(reported(modified=THEN))


def test_that_it_is_gone_is_seen_and_not_said() -> None:
    imported().when(report(SourceStatus.GONE)).then_refused("profile.gone_reported")


def test_what_was_withdrawn_here_stays_withdrawn_whatever_its_source_says() -> None:
    gone = imported(reported(), ProfileWithdrawn(reason=WITHDRAW.reason, on=WITHDRAW.on))
    gone.when(report()).then_refused("profile.withdrawn")
    gone.when(REMOVE).then_refused("profile.withdrawn")


def test_a_profile_of_our_own_has_no_source_elsewhere() -> None:
    drafted().when(report().model_copy(update={"profile_id": OURS})).then_refused("profile.not_foreign")
    drafted().when(REMOVE.model_copy(update={"profile_id": OURS})).then_refused("profile.not_foreign")


def test_what_a_profile_says_is_not_amended_while_its_source_does_not_offer_it() -> None:
    amend = AmendProfile(profile_id=THEIRS, details=details(summary="Better."))
    imported(reported(SourceStatus.ON_HOLD)).when(amend).then_refused("profile.withdrawn")


def test_a_moment_means_the_same_everywhere() -> None:
    with pytest.raises(ValidationError, match="takes a time with its offset"):
        report(modified=datetime(2026, 10, 2))  # noqa: DTZ001 - what is refused


@given_any(st.lists(st.sampled_from([report(), *(report(each) for each in OFF), REMOVE]), max_size=8))
def test_it_is_offered_here_exactly_while_its_source_offers_it(commands: list[ReportProfile | RemoveProfile]) -> None:
    story = imported()
    for command in commands:
        told = story.when(command)
        assert told.proposal is not None
        for numbered in told.proposal.facts:
            story = story.and_given(numbered.entity_id, numbered.fact)
        offered = isinstance(command, ReportProfile) and command.status is SourceStatus.PUBLISHED
        assert stage(story) is (ProfileStage.PUBLISHED if offered else ProfileStage.WITHDRAWN)


def stage(story: Any) -> ProfileStage:
    state: Profile = story.state(THEIRS)
    return state.stage

"""Organisations: recorded once, corrected, and known by a credit code that belongs to one of them."""

from __future__ import annotations

import pytest
from scenario import Story, given, id_of

from domain.kernel.acting import Role
from domain.kernel.claims import ClaimReleased, ClaimTaken
from domain.kernel.commands import Command
from domain.organisations import (
    AmendOrganisation,
    OrganisationAmended,
    OrganisationDetails,
    OrganisationKind,
    OrganisationRecorded,
    OrganisationVerified,
    RecordOrganisation,
    VerifyOrganisation,
    credit_code_claim,
)
from domain.stations import StationFounded, Tier
from domain.values import Bilingual, Source

STATION, MILL, OTHER = id_of("station"), id_of("organisation", "印染"), id_of("organisation", "别家")
DETAILS = OrganisationDetails(name=Bilingual(zh="印染有限公司"), kind=OrganisationKind.ENTERPRISE, region="330600")
CODE, NEW_CODE = "91110000600037341L", "91330600MA2B12345R"
SOURCE = Source(system="绍兴", reference="QY-1")


def mill(code: str | None = None) -> Story:
    story = given(STATION, StationFounded(tier=Tier.BASE, name=Bilingual(zh="站"), region="330600"))
    story = story.and_given(MILL, OrganisationRecorded(station_id=STATION, details=DETAILS, credit_code=code))
    if code:
        story = story.and_given(credit_code_claim(code).id, ClaimTaken(kind="credit_code", holder_id=MILL))
    return story


def held(story: Story, code: str, holder: str) -> Story:
    return story.and_given(credit_code_claim(code).id, ClaimTaken(kind="credit_code", holder_id=holder))


def record(**changes: object) -> RecordOrganisation:
    return RecordOrganisation.model_validate({"station_id": STATION, "details": DETAILS, **changes})


def verify(code: str = CODE, former: str | None = None) -> VerifyOrganisation:
    return VerifyOrganisation(organisation_id=MILL, credit_code=code, former=former)


def test_an_organisation_without_a_credit_code_is_recorded_unverified() -> None:
    proposal = mill().when(record()).then(OrganisationRecorded(station_id=STATION, details=DETAILS))
    assert {each.entity_id for each in proposal.facts} == {proposal.entity_id}


def test_a_credit_code_is_taken_in_the_commit_that_records_it() -> None:
    told = mill().when(record(credit_code=CODE))
    proposal = told.then(OrganisationRecorded(station_id=STATION, details=DETAILS, credit_code=CODE))
    told.then_elsewhere(credit_code_claim(CODE).id, ClaimTaken(kind="credit_code", holder_id=proposal.entity_id))


def test_a_credit_code_of_another_organisation_is_refused() -> None:
    mill(CODE).when(record(credit_code=CODE)).then_refused("credit_code.taken")
    held(mill(), CODE, OTHER).when(verify()).then_refused("credit_code.taken")


def test_an_organisation_from_the_same_source_is_recorded_once() -> None:
    first = (
        mill()
        .when(record(source=SOURCE))
        .then(OrganisationRecorded(station_id=STATION, details=DETAILS, source=SOURCE))
    )
    again = mill().and_given(first.entity_id, OrganisationRecorded(station_id=STATION, details=DETAILS))
    again.when(record(source=SOURCE)).then_refused("organisation.exists")


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({"region": "999999"}, "region.unknown"),
        ({"country": "ZZ", "region": None}, "country.unknown"),
        ({"country": "NL"}, "organisation.region_abroad"),
    ],
)
def test_region_and_country_exist_and_go_together(details: dict[str, object], code: str) -> None:
    changed = DETAILS.model_copy(update=details)
    mill().when(record(details=changed)).then_refused(code)
    mill().when(AmendOrganisation(organisation_id=MILL, details=changed)).then_refused(code)


def test_an_organisation_abroad_has_no_region_of_china() -> None:
    abroad = DETAILS.model_copy(update={"country": "NL", "region": None})
    mill().when(record(details=abroad)).then(OrganisationRecorded(station_id=STATION, details=abroad))


@pytest.mark.parametrize("wrong", ["91110000600037342L", CODE.lower()])
def test_a_credit_code_that_does_not_check_is_refused(wrong: str) -> None:
    mill().when(record(credit_code=wrong)).then_refused("credit_code.invalid")
    mill().when(verify(wrong)).then_refused("credit_code.invalid")


def test_an_amendment_that_changes_nothing_records_nothing() -> None:
    mill().when(AmendOrganisation(organisation_id=MILL, details=DETAILS)).then_nothing()


def test_an_amendment_replaces_the_details_and_keeps_the_code() -> None:
    moved = DETAILS.model_copy(update={"address": "越城区"})
    mill(CODE).when(AmendOrganisation(organisation_id=MILL, details=moved)).then(OrganisationAmended(details=moved))
    state = mill(CODE).and_given(MILL, OrganisationAmended(details=moved)).state(MILL)
    assert (state.details, state.credit_code) == (moved, CODE)


def test_a_code_that_becomes_known_is_taken() -> None:
    told = mill().when(verify())
    told.then(OrganisationVerified(credit_code=CODE))
    told.then_elsewhere(credit_code_claim(CODE).id, ClaimTaken(kind="credit_code", holder_id=MILL))


def test_a_changed_code_is_taken_and_the_former_one_let_go_in_one_commit() -> None:
    told = mill(CODE).when(verify(NEW_CODE, former=CODE))
    told.then(OrganisationVerified(credit_code=NEW_CODE))
    told.then_elsewhere(credit_code_claim(NEW_CODE).id, ClaimTaken(kind="credit_code", holder_id=MILL))
    told.then_elsewhere(credit_code_claim(CODE).id, ClaimReleased())


def test_a_code_is_changed_by_whoever_names_the_one_in_force() -> None:
    mill(CODE).when(verify(NEW_CODE)).then_refused("organisation.former_code")
    mill(CODE).when(verify(NEW_CODE, former=NEW_CODE)).then_refused("organisation.former_code")


def test_the_same_code_is_not_recorded_twice() -> None:
    mill(CODE).when(verify(CODE, former=CODE)).then_refused("organisation.verified")


def test_nobody_lets_go_of_the_code_of_another_organisation() -> None:
    told = held(mill(), NEW_CODE, OTHER).when(verify(CODE, former=NEW_CODE))
    told.then(OrganisationVerified(credit_code=CODE))
    told.then_elsewhere(credit_code_claim(NEW_CODE).id)


def test_a_code_that_was_let_go_may_be_taken_by_another() -> None:
    story = held(mill(), CODE, OTHER).and_given(credit_code_claim(CODE).id, ClaimReleased())
    told = story.when(verify())
    proposal = told.then_elsewhere(credit_code_claim(CODE).id, ClaimTaken(kind="credit_code", holder_id=MILL))
    assert [each.version for each in proposal.facts] == [2, 3]


@pytest.mark.parametrize(
    "command",
    [
        AmendOrganisation(organisation_id=OTHER, details=DETAILS),
        VerifyOrganisation(organisation_id=OTHER, credit_code=CODE),
    ],
)
def test_an_organisation_that_is_not_there_cannot_change(command: Command) -> None:
    mill().when(command).then_refused("organisation.unknown")


def test_only_staff_of_the_station_that_recorded_it_change_it() -> None:
    mill().acting(Role.ADVISER).when(verify()).then(OrganisationVerified(credit_code=CODE))
    mill().acting(Role.AUDITOR).when(verify()).then_refused("authority.role")
    mill().acting(Role.MANAGER, at=id_of("station", "elsewhere")).when(verify()).then_refused("authority.station")
    mill().acting(Role.ADVISER, at=id_of("station", "elsewhere")).when(record()).then_refused("authority.station")


def test_a_verified_organisation_has_its_code() -> None:
    assert mill().and_given(MILL, OrganisationVerified(credit_code=CODE)).state(MILL).credit_code == CODE

"""Experts: a person is listed once, and shared by the teams of several stations."""

from __future__ import annotations

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st
from scenario import Story, id_of
from two_stations import HANGZHOU, NOBODY, SHAOXING, UNIVERSITY, UNOPENED, at, lived, two_stations

from domain.experts import (
    AmendExpert,
    DelistExpert,
    Expert,
    ExpertAmended,
    ExpertDelisted,
    ExpertDetails,
    ExpertJoinedTeam,
    ExpertLeftTeam,
    ExpertLibrary,
    ExpertListed,
    JoinTeam,
    LeaveTeam,
    ListExpert,
)
from domain.kernel.acting import Role
from domain.kernel.commands import Command
from domain.kernel.facts import Fact, sealed_fields
from domain.kernel.ids import derived_id
from domain.reference.fields import TechnologyField

PERSON = id_of("person", "expert")
EXPERT = derived_id("expert", PERSON)
DETAILS = ExpertDetails(
    title="教授",
    fields=(TechnologyField.NEW_MATERIALS,),
    languages=("zh", "en"),
    libraries=(ExpertLibrary.TECHNICAL, ExpertLibrary.NEGOTIATION),
    organisation_id=UNIVERSITY,
)
PUBLIC = DETAILS.model_copy(update={"name_public": True})
LISTED = ExpertListed(station_id=SHAOXING, person_id=PERSON, name="王某", phone="13900000000", details=DETAILS)
LIST = ListExpert(station_id=SHAOXING, person_id=PERSON, name="王某", phone="13900000000", details=DETAILS)
JOINED, LEFT = ExpertJoinedTeam(station_id=HANGZHOU), ExpertLeftTeam(station_id=HANGZHOU)
JOIN, LEAVE = JoinTeam(expert_id=EXPERT, station_id=HANGZHOU), LeaveTeam(expert_id=EXPERT, station_id=HANGZHOU)
DELISTED, DELIST = ExpertDelisted(reason="已退休"), DelistExpert(expert_id=EXPERT, reason="已退休")


def expert(*facts: Fact) -> Story:
    return two_stations().and_given(EXPERT, LISTED, *facts)


def amend(details: ExpertDetails = DETAILS, **more: object) -> AmendExpert:
    return AmendExpert.model_validate({"expert_id": EXPERT, "details": details, **more})


def test_an_open_station_lists_an_expert_under_the_person_s_id() -> None:
    told = two_stations().when(LIST)
    assert told.then(LISTED).entity_id == EXPERT
    told.then_reads(SHAOXING, UNIVERSITY)


def test_listing_may_take_the_expert_into_the_station_s_team_in_the_same_commit() -> None:
    command = LIST.model_copy(update={"in_team": True})
    two_stations().when(command).then(LISTED, ExpertJoinedTeam(station_id=SHAOXING))


def test_a_person_is_listed_once_whichever_station_lists() -> None:
    expert().when(LIST).then_refused("expert.exists")
    at(HANGZHOU, expert()).when(LIST.model_copy(update={"station_id": HANGZHOU})).then_refused("expert.exists")


def test_a_station_lists_only_for_itself() -> None:
    at(HANGZHOU, two_stations()).when(LIST).then_refused("authority.station")
    at(HANGZHOU, expert(DELISTED)).when(LIST).then_refused("authority.station")


def test_a_person_who_was_delisted_may_be_listed_again_by_another_station() -> None:
    again = LISTED.model_copy(update={"station_id": HANGZHOU})
    story = at(HANGZHOU, expert(JOINED, DELISTED))
    story.when(LIST.model_copy(update={"station_id": HANGZHOU})).then(again)
    assert story.and_given(EXPERT, again).state(EXPERT) == Expert(PERSON, HANGZHOU, DETAILS)


def test_a_station_that_has_not_opened_neither_lists_nor_has_a_team() -> None:
    story = at(UNOPENED, two_stations())
    story.when(LIST.model_copy(update={"station_id": UNOPENED})).then_refused("station.not_open")
    join = JOIN.model_copy(update={"station_id": UNOPENED})
    at(UNOPENED, expert()).when(join).then_refused("station.not_open")


def test_an_expert_speaks_languages_that_exist() -> None:
    details = DETAILS.model_copy(update={"languages": ("zh", "zz")})
    two_stations().when(LIST.model_copy(update={"details": details})).then_refused("language.unknown")
    expert().when(amend(details)).then_refused("language.unknown")


def test_an_expert_s_employer_has_been_recorded_or_is_not_named() -> None:
    nobody = DETAILS.model_copy(update={"organisation_id": NOBODY})
    two_stations().when(LIST.model_copy(update={"details": nobody})).then_refused("organisation.unknown")
    free = DETAILS.model_copy(update={"organisation_id": None})
    expert().when(amend(free)).then(ExpertAmended(person_id=PERSON, details=free))


@pytest.mark.parametrize("given", [{"name": "王某某"}, {"phone": "13800000000"}, {"email": "w@example.org"}])
def test_an_amendment_gives_what_has_changed(given: dict[str, str]) -> None:
    told = expert().when(amend(DETAILS, **given))
    told.then(ExpertAmended.model_validate({"person_id": PERSON, "details": DETAILS, **given}))


def test_an_amendment_replaces_the_details() -> None:
    expert().when(amend(PUBLIC)).then(ExpertAmended(person_id=PERSON, details=PUBLIC))
    state: Expert = expert(ExpertAmended(person_id=PERSON, details=PUBLIC)).state(EXPERT)
    assert state.details.name_public


def test_an_amendment_that_changes_nothing_records_nothing() -> None:
    expert().when(amend()).then_nothing()


def test_those_who_listed_an_expert_or_have_the_expert_in_their_team_amend_and_no_others() -> None:
    at(HANGZHOU, expert()).when(amend(PUBLIC)).then_refused("authority.station")
    at(HANGZHOU, expert(JOINED)).when(amend(PUBLIC)).then(ExpertAmended(person_id=PERSON, details=PUBLIC))
    at(HANGZHOU, expert(JOINED, LEFT)).when(amend(PUBLIC)).then_refused("authority.station")


def test_several_stations_share_an_expert_each_in_its_own_team() -> None:
    own = ExpertJoinedTeam(station_id=SHAOXING)
    at(HANGZHOU, expert(own)).when(JOIN).then(JOINED)
    assert expert(own, JOINED).state(EXPERT).teams == {SHAOXING, HANGZHOU}
    at(HANGZHOU, expert(JOINED)).when(JOIN).then_refused("expert.in_team")


def test_a_station_takes_experts_into_its_own_team_only_and_lets_go_from_it_only() -> None:
    expert().when(JOIN).then_refused("authority.station")
    expert(JOINED).when(LEAVE).then_refused("authority.station")
    at(HANGZHOU, expert(JOINED)).when(LEAVE).then(LEFT)
    at(HANGZHOU, expert()).when(LEAVE).then_refused("expert.not_in_team")
    expert(JOINED).acting(Role.ADMINISTRATOR).when(LEAVE).then(LEFT)


def test_only_the_station_that_listed_an_expert_delists_and_that_empties_every_team() -> None:
    at(HANGZHOU, expert(JOINED)).when(DELIST).then_refused("authority.station")
    expert(JOINED).when(DELIST).then(DELISTED)
    assert expert(JOINED, DELISTED).state(EXPERT).teams == frozenset()


def test_nothing_but_a_new_listing_follows_a_delisting() -> None:
    gone = expert(DELISTED)
    gone.when(DELIST).then_refused("expert.delisted")
    gone.when(amend(PUBLIC)).then_refused("expert.delisted")
    at(HANGZHOU, gone).when(JOIN).then_refused("expert.delisted")
    gone.when(LIST).then(LISTED)


@pytest.mark.parametrize("fact", [ExpertListed, ExpertAmended])
def test_an_expert_s_name_phone_and_email_are_sealed(fact: type[Fact]) -> None:
    assert {path for path, _ in sealed_fields(fact)} == {("name",), ("phone",), ("email",)}


STATIONS = st.sampled_from([SHAOXING, HANGZHOU])
MOVES = st.tuples(
    STATIONS,
    st.one_of(
        st.builds(JoinTeam, expert_id=st.just(EXPERT), station_id=STATIONS),
        st.builds(LeaveTeam, expert_id=st.just(EXPERT), station_id=STATIONS),
        st.just(DELIST),
        STATIONS.map(lambda station: LIST.model_copy(update={"station_id": station})),
    ),
)


@given_any(st.lists(MOVES, max_size=12))
def test_whatever_is_asked_only_a_listed_expert_is_in_teams_and_only_by_their_stations_word(
    moves: list[tuple[str, Command]],
) -> None:
    for station, before, command, after in lived(expert(), EXPERT, moves):
        assert not (after.delisted and after.teams)
        if not isinstance(command, DelistExpert):
            assert before.teams ^ after.teams <= {station}
        assert after.delisted == isinstance(command, DelistExpert)

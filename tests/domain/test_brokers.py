"""Brokers: certified, and signed by one station at a time."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st
from scenario import NOON, Story, id_of
from two_stations import HANGZHOU, SHAOXING, UNOPENED, at, lived, two_stations

from domain.brokers import (
    AmendBroker,
    Broker,
    BrokerAmended,
    BrokerCertified,
    BrokerReleased,
    BrokerResumed,
    BrokerSigned,
    BrokerStage,
    BrokerSuspended,
    CertifyBroker,
    Contract,
    ReleaseBroker,
    ResumeBroker,
    SignBroker,
    SuspendBroker,
)
from domain.kernel.acting import Role
from domain.kernel.commands import Command
from domain.kernel.facts import Fact, sealed_fields
from domain.kernel.ids import derived_id

PERSON = id_of("person", "broker")
BROKER = derived_id("broker", PERSON)
MAY, MARCH, JUNE, JULY = date(2025, 5, 6), date(2026, 3, 1), date(2026, 6, 30), date(2026, 7, 1)
CERTIFIED = BrokerCertified(
    station_id=SHAOXING, person_id=PERSON, name="陈某", certificate="JJR-0042", issuer="某省技术市场协会", on=MAY
)
CERTIFY = CertifyBroker.model_validate(CERTIFIED.model_dump())
SIGNED = BrokerSigned(station_id=SHAOXING, since=MARCH)
TO_JUNE = SIGNED.model_copy(update={"until": JUNE})
SIGN = SignBroker(broker_id=BROKER, station_id=SHAOXING, since=MARCH)
SIGN_AT_HANGZHOU = SignBroker(broker_id=BROKER, station_id=HANGZHOU, since=JULY)
SUSPENDED, SUSPEND = BrokerSuspended(reason="投诉调查"), SuspendBroker(broker_id=BROKER, reason="投诉调查")
RESUMED, RESUME = BrokerResumed(), ResumeBroker(broker_id=BROKER)
RELEASED = BrokerReleased(until=JUNE, reason="合同协商终止")
RELEASE = ReleaseBroker(broker_id=BROKER, until=JUNE, reason="合同协商终止")


def broker(*facts: Fact) -> Story:
    return two_stations().and_given(BROKER, CERTIFIED, *facts)


def amend(**more: object) -> AmendBroker:
    given = {"broker_id": BROKER, "issuer": CERTIFIED.issuer, "on": CERTIFIED.on}
    return AmendBroker.model_validate({**given, **more})


def test_an_open_station_records_a_certificate_under_the_person_s_id() -> None:
    told = two_stations().when(CERTIFY)
    assert told.then(CERTIFIED).entity_id == BROKER
    told.then_reads(SHAOXING)


def test_a_person_s_certificate_is_recorded_once_and_by_a_station_for_itself() -> None:
    broker().when(CERTIFY).then_refused("broker.exists")
    at(HANGZHOU, two_stations()).when(CERTIFY).then_refused("authority.station")


def test_a_station_that_has_not_opened_neither_records_nor_signs() -> None:
    story = at(UNOPENED, two_stations())
    story.when(CERTIFY.model_copy(update={"station_id": UNOPENED})).then_refused("station.not_open")
    sign = SIGN.model_copy(update={"station_id": UNOPENED})
    at(UNOPENED, broker()).when(sign).then_refused("station.not_open")


@pytest.mark.parametrize(
    "given", [{"issuer": "国家技术转移东部中心"}, {"on": MARCH}, {"name": "陈某某"}, {"certificate": "9"}]
)
def test_an_amendment_gives_what_has_changed(given: dict[str, object]) -> None:
    unchanged = {"person_id": PERSON, "issuer": CERTIFIED.issuer, "on": CERTIFIED.on}
    broker().when(amend(**given)).then(BrokerAmended.model_validate({**unchanged, **given}))


def test_an_amendment_replaces_issuer_and_day() -> None:
    amended = BrokerAmended(person_id=PERSON, issuer="国家技术转移东部中心", on=MARCH)
    state: Broker = broker(amended).state(BROKER)
    assert (state.issuer, state.certified_on) == ("国家技术转移东部中心", MARCH)


def test_an_amendment_that_changes_nothing_records_nothing() -> None:
    broker().when(amend()).then_nothing()


def test_those_who_recorded_a_broker_or_have_signed_the_broker_amend_and_no_others() -> None:
    command = amend(certificate="JJR-0043")
    at(HANGZHOU, broker()).when(command).then_refused("authority.station")
    elsewhere = broker(SIGNED.model_copy(update={"station_id": HANGZHOU}))
    assert at(HANGZHOU, elsewhere).when(command).refusal is None
    assert elsewhere.when(command).refusal is None
    released = elsewhere.and_given(BROKER, RELEASED)
    at(HANGZHOU, released).when(command).then_refused("authority.station")


def test_an_open_station_signs_a_certified_broker_for_itself() -> None:
    told = broker().when(SIGN)
    told.then(SIGNED)
    told.then_reads(SHAOXING)
    at(HANGZHOU, broker()).when(SIGN).then_refused("authority.station")


def test_a_contract_does_not_end_before_it_begins() -> None:
    broker().when(SIGN.model_copy(update={"until": date(2026, 2, 28)})).then_refused("broker.dates")
    one_day = SIGN.model_copy(update={"until": MARCH})
    broker().when(one_day).then(SIGNED.model_copy(update={"until": MARCH}))


@pytest.mark.parametrize("facts", [(SIGNED,), (SIGNED, SUSPENDED), (TO_JUNE, SUSPENDED)])
def test_a_second_station_is_refused_and_told_which_one_has_signed(facts: tuple[Fact, ...]) -> None:
    refusal = at(HANGZHOU, broker(*facts)).when(SIGN_AT_HANGZHOU).then_refused("broker.signed")
    assert SHAOXING in refusal.explanation


def test_a_contract_holds_on_its_last_day() -> None:
    today = SIGNED.model_copy(update={"until": NOON.date()})
    tomorrow = SIGN_AT_HANGZHOU.model_copy(update={"since": date(2026, 8, 11)})
    at(HANGZHOU, broker(today)).when(tomorrow).then_refused("broker.signed")


@pytest.mark.parametrize("facts", [(TO_JUNE,), (SIGNED, RELEASED), (SIGNED, SUSPENDED, RELEASED)])
def test_after_a_contract_that_is_over_another_station_signs_from_a_later_day_on(facts: tuple[Fact, ...]) -> None:
    story = at(HANGZHOU, broker(*facts))
    overlapping = SIGN_AT_HANGZHOU.model_copy(update={"since": JUNE})
    story.when(overlapping).then_refused("broker.overlap")
    story.when(SIGN_AT_HANGZHOU).then(BrokerSigned(station_id=HANGZHOU, since=JULY))


def test_only_the_station_that_signed_releases() -> None:
    at(HANGZHOU, broker(SIGNED)).when(RELEASE).then_refused("authority.station")
    broker(SIGNED).when(RELEASE).then(RELEASED)
    broker(SIGNED, SUSPENDED).when(RELEASE).then(RELEASED)
    broker(SIGNED).acting(Role.ADMINISTRATOR, at=HANGZHOU).when(RELEASE).then(RELEASED)


@pytest.mark.parametrize("until", [date(2026, 2, 28), JULY])
def test_a_release_falls_within_the_contract(until: date) -> None:
    broker(TO_JUNE).when(RELEASE.model_copy(update={"until": until})).then_refused("broker.dates")
    broker(TO_JUNE).when(RELEASE).then(RELEASED)


def test_a_station_suspends_the_broker_it_signed_and_lets_the_broker_resume() -> None:
    broker(SIGNED).when(SUSPEND).then(SUSPENDED)
    broker(SIGNED, SUSPENDED).when(RESUME).then(RESUMED)
    broker(SIGNED, SUSPENDED).when(SUSPEND).then_refused("broker.suspended")
    broker(SIGNED).when(RESUME).then_refused("broker.not_suspended")
    at(HANGZHOU, broker(SIGNED)).when(SUSPEND).then_refused("authority.station")
    at(HANGZHOU, broker(SIGNED, SUSPENDED)).when(RESUME).then_refused("authority.station")


@pytest.mark.parametrize("facts", [(), (SIGNED, RELEASED)])
@pytest.mark.parametrize("command", [SUSPEND, RESUME, RELEASE])
def test_nothing_is_suspended_resumed_or_released_without_a_contract(facts: tuple[Fact, ...], command: Command) -> None:
    broker(*facts).when(command).then_refused("broker.not_signed")


def test_a_release_leaves_the_contract_with_its_last_day() -> None:
    state: Broker = broker(SIGNED, SUSPENDED, RESUMED, RELEASED).state(BROKER)
    assert state.stage is BrokerStage.ENDED
    assert state.contract == Contract(SHAOXING, MARCH, JUNE)
    assert state.bound is None


@pytest.mark.parametrize("fact", [BrokerCertified, BrokerAmended])
def test_a_broker_s_name_and_certificate_number_are_sealed(fact: type[Fact]) -> None:
    assert {path for path, _ in sealed_fields(fact)} == {("name",), ("certificate",)}


STATIONS = st.sampled_from([SHAOXING, HANGZHOU])
DAYS = st.sampled_from([MARCH, JUNE, JULY, date(2026, 9, 1)])
MOVES = st.tuples(
    STATIONS,
    st.one_of(
        st.builds(SignBroker, broker_id=st.just(BROKER), station_id=STATIONS, since=DAYS, until=st.none() | DAYS),
        st.builds(ReleaseBroker, broker_id=st.just(BROKER), until=DAYS, reason=st.just("到期")),
        st.sampled_from([SUSPEND, RESUME, amend(certificate="JJR-0043")]),
    ),
)
ALLOWED = {
    SignBroker: {("certified", "signed"), ("ended", "signed"), ("signed", "signed")},
    SuspendBroker: {("signed", "suspended")},
    ResumeBroker: {("suspended", "signed")},
    ReleaseBroker: {("signed", "ended"), ("suspended", "ended")},
}


@given_any(st.lists(MOVES, max_size=12))
def test_whatever_is_asked_contracts_never_overlap_and_no_stage_is_left_but_by_its_rules(
    moves: list[tuple[str, Command]],
) -> None:
    for station, before, command, after in lived(broker(), BROKER, moves):
        steps = ALLOWED.get(type(command))
        assert (before.stage, after.stage) in steps if steps else before.stage is after.stage
        if before.bound and not isinstance(command, SignBroker | AmendBroker):
            assert before.bound.station_id == station
        if isinstance(command, SignBroker) and before.contract:
            assert before.contract.until is not None
            assert before.contract.until < after.contract.since

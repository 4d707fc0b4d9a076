"""Appointments: who may act for a station, in which role, on which days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st
from scenario import Story, given, id_of

from domain.appointments import (
    Appoint,
    Appointment,
    AppointmentEnded,
    AppointmentMade,
    EndAppointment,
    Term,
    acting,
    appointment_id,
    evolve,
)
from domain.kernel.acting import Role
from domain.kernel.days import CHINA
from domain.stations import StationDesignatedInternational, StationFounded, Tier
from domain.values import Bilingual

STATION, ABROAD, LIN = id_of("station"), id_of("station", "abroad"), id_of("person", "林")
HELD = appointment_id(LIN, STATION)
JANUARY, MARCH, JUNE, DECEMBER = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 30), date(2026, 12, 31)
DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 9))


def network() -> Story:
    return (
        given(STATION, StationFounded(tier=Tier.BASE, name=Bilingual(zh="绍兴站"), region="330600"))
        .and_given(ABROAD, StationFounded(tier=Tier.REGIONAL, name=Bilingual(zh="杭州站"), region="330100"))
        .and_given(ABROAD, StationDesignatedInternational(on=JANUARY))
    )


def made(
    role: Role = Role.ADVISER, since: date = JANUARY, until: date | None = None, at: str = STATION
) -> AppointmentMade:
    return AppointmentMade(person_id=LIN, station_id=at, role=role, since=since, until=until)


def appoint(role: Role = Role.ADVISER, since: date = JANUARY, until: date | None = None, at: str = STATION) -> Appoint:
    return Appoint(person_id=LIN, station_id=at, role=role, since=since, until=until)


def end(role: Role = Role.ADVISER, until: date = JUNE) -> EndAppointment:
    return EndAppointment(appointment_id=HELD, role=role, until=until)


@pytest.mark.parametrize("role", [Role.ADVISER, Role.MANAGER])
def test_a_manager_appoints_the_advisers_and_managers_of_the_station(role: Role) -> None:
    told = network().acting(Role.MANAGER).when(appoint(role))
    assert told.then(made(role)).entity_id == HELD


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.PARTNER])
def test_a_role_that_reaches_beyond_the_station_takes_an_administrator(role: Role) -> None:
    network().acting(Role.MANAGER, at=ABROAD).when(appoint(role, at=ABROAD)).then_refused("appointment.beyond_station")
    network().when(appoint(role, at=ABROAD)).then(made(role, at=ABROAD))


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.PARTNER])
def test_who_may_not_give_a_role_may_not_end_it(role: Role) -> None:
    story = network().and_given(HELD, made(role))
    story.acting(Role.MANAGER).when(end(role)).then_refused("appointment.beyond_station")
    story.acting(Role.ADMINISTRATOR).when(end(role)).then(AppointmentEnded(role=role, until=JUNE))


def test_a_partner_abroad_is_attached_to_an_international_station() -> None:
    network().when(appoint(Role.PARTNER)).then_refused("appointment.partner_abroad")


def test_an_appointment_does_not_end_before_it_begins() -> None:
    network().when(appoint(since=MARCH, until=JANUARY)).then_refused("appointment.dates")
    network().when(appoint(since=MARCH, until=MARCH)).then(made(since=MARCH, until=MARCH))


@pytest.mark.parametrize(
    ("since", "until"),
    [(JANUARY, MARCH), (MARCH, None), (JUNE, DECEMBER), (JANUARY, None), (date(2026, 4, 1), MARCH.replace(month=5))],
)
def test_a_role_is_not_held_twice_on_any_day(since: date, until: date | None) -> None:
    story = network().and_given(HELD, made(since=MARCH, until=JUNE))
    refusal = story.when(appoint(since=since, until=until)).then_refused("appointment.held")
    assert "2026-03-01 until 2026-06-30" in refusal.explanation


def test_a_role_may_be_held_again_after_its_end_and_another_one_beside_it() -> None:
    story = network().and_given(HELD, made(until=MARCH))
    story.when(appoint(since=date(2026, 3, 2))).then(made(since=date(2026, 3, 2)))
    story.when(appoint(Role.MANAGER, since=JANUARY)).then(made(Role.MANAGER))


def test_a_role_without_an_end_is_held_until_further_notice() -> None:
    refusal = network().and_given(HELD, made()).when(appoint(since=DECEMBER)).then_refused("appointment.held")
    assert "further notice" in refusal.explanation


def test_what_is_not_held_cannot_end() -> None:
    story = network().and_given(HELD, made(since=MARCH, until=JUNE))
    story.when(end(until=date(2026, 7, 1))).then_refused("appointment.not_held")
    story.when(end(until=JANUARY)).then_refused("appointment.not_held")
    story.when(end(Role.MANAGER)).then_refused("appointment.not_held")
    network().when(end()).then_refused("appointment.unknown")


def test_a_role_holds_on_its_last_day_and_not_on_the_day_after() -> None:
    state = network().and_given(HELD, made(), AppointmentEnded(role=Role.ADVISER, until=JUNE)).state(HELD)
    assert state.roles_on(JUNE) == {Role.ADVISER}
    assert state.roles_on(JUNE + timedelta(days=1)) == frozenset()
    assert state.roles_on(JANUARY - timedelta(days=1)) == frozenset()


def test_the_end_of_one_role_leaves_the_others_and_the_earlier_terms() -> None:
    first, other = made(until=MARCH), made(Role.MANAGER)
    again = made(since=date(2026, 5, 1))
    state = network().and_given(HELD, first, other, again, AppointmentEnded(role=Role.ADVISER, until=JUNE)).state(HELD)
    assert state.terms == (
        Term(Role.ADVISER, JANUARY, MARCH),
        Term(Role.MANAGER, JANUARY, None),
        Term(Role.ADVISER, date(2026, 5, 1), JUNE),
    )


def test_a_manager_appoints_at_no_other_station() -> None:
    network().acting(Role.MANAGER, at=ABROAD).when(appoint()).then_refused("authority.station")
    network().and_given(HELD, made()).acting(Role.MANAGER, at=ABROAD).when(end()).then_refused("authority.station")


def test_an_adviser_appoints_nobody() -> None:
    network().acting(Role.ADVISER).when(appoint()).then_refused("authority.role")
    network().and_given(HELD, made()).acting(Role.ADVISER).when(end()).then_refused("authority.role")


def test_nobody_is_appointed_at_a_station_that_is_not_there() -> None:
    network().when(appoint(at=id_of("station", "nowhere"))).then_refused("station.unknown")


def test_an_appointment_rests_on_its_station() -> None:
    network().when(appoint()).then_reads(STATION)


def test_who_acts_has_the_roles_of_the_day_on_which_they_act() -> None:
    held = Appointment(LIN, STATION, (Term(Role.ADVISER, JANUARY, JUNE),))
    last = datetime(2026, 6, 30, 23, 59, tzinfo=CHINA)
    who = acting(LIN, STATION, held, last)
    assert (who.roles, who.appointment_id, who.at) == (frozenset({Role.ADVISER}), HELD, last)
    assert acting(LIN, STATION, held, last + timedelta(minutes=1)).roles == frozenset()


def test_who_is_not_appointed_or_acts_for_no_station_has_no_roles() -> None:
    noon = datetime(2026, 6, 30, 12, tzinfo=UTC)
    held = Appointment(LIN, STATION, (Term(Role.ADVISER, JANUARY, None),))
    for who in (acting(LIN, STATION, None, noon), acting(LIN, None, held, noon)):
        assert (who.roles, who.appointment_id) == (frozenset(), None)


@given_any(DAYS, st.none() | DAYS, DAYS, st.none() | DAYS)
def test_two_terms_meet_when_there_is_a_day_on_which_both_hold(
    since: date, until: date | None, other_since: date, other_until: date | None
) -> None:
    term, other = Term(Role.ADVISER, since, until), Term(Role.ADVISER, other_since, other_until)
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(12)]
    whole = all(end is None or start <= end for start, end in ((since, until), (other_since, other_until)))
    if whole:
        assert term.meets(other_since, other_until) == any(term.holds_on(day) and other.holds_on(day) for day in days)


@given_any(st.lists(st.tuples(st.booleans(), DAYS, st.none() | DAYS), max_size=12), DAYS)
def test_whatever_is_asked_a_role_is_never_held_twice_on_a_day(
    asked: list[tuple[bool, date, date | None]], day: date
) -> None:
    story = network()
    for ends, since, until in asked:
        told = story.when(end(until=since) if ends else appoint(since=since, until=until))
        if told.proposal is not None:
            story = story.and_given(HELD, *(each.fact for each in told.proposal.facts))
    if HELD in story.lives:
        assert sum(term.holds_on(day) for term in story.state(HELD).terms) <= 1


def test_history_starts_with_an_appointment() -> None:
    with pytest.raises(AssertionError, match="history starts"):
        evolve(None, AppointmentEnded(role=Role.ADVISER, until=JUNE))

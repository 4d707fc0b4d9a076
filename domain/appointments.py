"""Appointments: who may act for a station, in which role, from when until when. Rights rest on these facts alone.

There is one entity for a person at a station; it holds all the terms that the person ever had there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeAlias, assert_never

from domain.kernel.acting import MANAGERS, Acting, Role
from domain.kernel.commands import Command
from domain.kernel.days import day_of
from domain.kernel.deciding import Slice
from domain.kernel.facts import Fact
from domain.kernel.fields import PersonalText
from domain.kernel.ids import derived_id
from domain.kernel.refusals import ensure
from domain.references import AppointmentId, PersonId, StationId
from domain.stations import Station


def appointment_id(person_id: str, station_id: str) -> str:
    """The id of what a person is appointed to at a station."""
    return derived_id("appointment", person_id, station_id)


# -- facts -------------------------------------------------------------------


class AppointmentMade(Fact, topic="appointment.made"):
    """The person holds the role at the station, from a day on, and until a day if one is given (that day included)."""

    person_id: PersonId
    station_id: StationId
    role: Role
    since: date
    until: date | None = None
    name: PersonalText | None = None


class AppointmentEnded(Fact, topic="appointment.ended"):
    """The role ends with this day: it is the last on which it holds."""

    role: Role
    until: date


AppointmentFact: TypeAlias = AppointmentMade | AppointmentEnded


# -- state -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Term:
    """A role held from a day until a day, both included; without an end while `until` is None."""

    role: Role
    since: date
    until: date | None

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    def meets(self, since: date, until: date | None) -> bool:
        """Whether there is a day in both."""
        return (until is None or self.since <= until) and (self.until is None or since <= self.until)


@dataclass(frozen=True, slots=True)
class Appointment:
    person_id: str
    station_id: str
    terms: tuple[Term, ...] = ()

    def roles_on(self, day: date) -> frozenset[Role]:
        return frozenset(term.role for term in self.terms if term.holds_on(day))


def evolve(appointment: Appointment | None, fact: AppointmentFact) -> Appointment:
    if isinstance(fact, AppointmentMade):
        appointment = appointment or Appointment(fact.person_id, fact.station_id)
        return replace(appointment, terms=(*appointment.terms, Term(fact.role, fact.since, fact.until)))
    assert appointment is not None, "history starts with AppointmentMade"
    match fact:
        case AppointmentEnded(role=role, until=until):
            ended = tuple(
                replace(term, until=until) if term.role is role and term.holds_on(until) else term
                for term in appointment.terms
            )
            return replace(appointment, terms=ended)
        case _:
            assert_never(fact)


def acting(person_id: str, station_id: str | None, appointment: Appointment | None, at: datetime) -> Acting:
    """Who acts, with the roles that the appointment gives at that moment."""
    if appointment is None or station_id is None:
        return Acting(person_id, station_id, None, frozenset(), at)
    return Acting(person_id, station_id, appointment_id(person_id, station_id), appointment.roles_on(day_of(at)), at)


# -- decisions ---------------------------------------------------------------


class Appoint(Command, roles=MANAGERS):
    person_id: PersonId
    station_id: StationId
    role: Role
    since: date
    until: date | None = None
    name: PersonalText | None = None

    def derives_from(self) -> tuple[str, ...]:
        return (self.person_id, self.station_id)


class EndAppointment(Command, roles=MANAGERS):
    appointment_id: AppointmentId
    role: Role
    until: date


def appoint(appointment: Appointment | None, station: Station, command: Appoint, acting: Acting) -> AppointmentMade:
    """A manager appoints the station's advisers and managers; what reaches further takes an administrator."""
    ensure_reach(command.role, acting)
    ensure(
        command.role is not Role.PARTNER or station.international,
        "appointment.partner_abroad",
        "a partner abroad is attached to a station that is designated international",
    )
    ensure(
        command.until is None or command.since <= command.until,
        "appointment.dates",
        f"takes an end that is not before {command.since}",
    )
    for term in appointment.terms if appointment else ():
        ensure(
            term.role is not command.role or not term.meets(command.since, command.until),
            "appointment.held",
            f"the role {command.role} is held from {term.since} until {term.until or 'further notice'} already",
        )
    return AppointmentMade(**dict(command))


def end(appointment: Appointment, command: EndAppointment, acting: Acting) -> AppointmentEnded:
    """What is not held cannot end; who may appoint to a role may end it."""
    ensure_reach(command.role, acting)
    ensure(
        command.role in appointment.roles_on(command.until),
        "appointment.not_held",
        f"the role {command.role} is not held on {command.until}",
    )
    return AppointmentEnded(role=command.role, until=command.until)


def ensure_reach(role: Role, acting: Acting) -> None:
    """A manager looks after advisers and managers; the other roles reach beyond the station."""
    ensure(
        role in (Role.ADVISER, Role.MANAGER) or Role.ADMINISTRATOR in acting.roles,
        "appointment.beyond_station",
        f"the role {role} is for an administrator to give and to end; a manager's are adviser and manager",
    )


SLICE = Slice("appointment", Appointment, (AppointmentMade, AppointmentEnded), evolve, (appoint, end))

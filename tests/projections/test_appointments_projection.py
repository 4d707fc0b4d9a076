"""Appointments in the graph."""

from __future__ import annotations

from datetime import date

from scenario import id_of
from two_stations import CONTEXT, graph_of

from domain.appointments import AppointmentEnded, AppointmentMade, appointment_id
from domain.kernel.acting import Role
from domain.kernel.claims import ClaimReleased
from domain.kernel.facts import Fact
from domain.kernel.fields import Sealed
from domain.kernel.history import Recorded
from projections.appointments import APPOINTED_AT, project

LIN, STATION = id_of("person", "林"), id_of("station")
HELD = appointment_id(LIN, STATION)


def made(role: Role = Role.ADVISER, since: date = date(2026, 1, 1), until: date | None = None) -> AppointmentMade:
    return AppointmentMade(
        person_id=LIN, station_id=STATION, role=role, since=since, until=until, name=Sealed("sealed:1:name")
    )


def node(*facts: Fact) -> dict[str, object]:
    found = graph_of(HELD, *facts).node("Appointment", HELD)
    assert found is not None
    return dict(found)


def test_an_appointment_stands_at_its_station_with_the_role_its_days_and_who_made_it() -> None:
    assert node(made(until=date(2026, 6, 30))) == {
        "created": 7,
        "recorded_at": "2026-08-10T12:00:00.000000Z",
        "person_id": LIN,
        "name": "sealed:1:name",
        "adviser_since": "2026-01-01",
        "adviser_until": "2026-06-30",
        "adviser_by": CONTEXT.actor,
    }
    assert graph_of(HELD, made()).targets(APPOINTED_AT, HELD) == {STATION: {}}


def test_a_second_role_stands_beside_the_first_and_the_beginning_stays() -> None:
    both = node(made(), made(Role.MANAGER, date(2026, 3, 1)))
    assert both == {
        **node(made()),
        "manager_since": "2026-03-01",
        "manager_by": CONTEXT.actor,
    }


def test_an_appointment_without_a_name_keeps_the_one_that_is_known() -> None:
    unnamed = made(Role.MANAGER).model_copy(update={"name": None})
    assert node(made(), unnamed)["name"] == "sealed:1:name"


def test_the_latest_term_of_a_role_is_shown() -> None:
    ended = AppointmentEnded(role=Role.ADVISER, until=date(2026, 3, 31))
    assert node(made(), ended) == {**node(made()), "adviser_until": "2026-03-31"}
    again = node(made(), ended, made(since=date(2026, 5, 1)))
    assert again["adviser_since"] == "2026-05-01"
    assert "adviser_until" not in again


def test_a_fact_of_another_noun_says_nothing_of_appointments() -> None:
    assert list(project(Recorded(HELD, 1, 7, ClaimReleased()), CONTEXT)) == []

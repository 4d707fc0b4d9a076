"""Appointments in the graph: who may act for a station, with the latest term of each role."""

from __future__ import annotations

from collections.abc import Iterator

from domain.appointments import AppointmentEnded, AppointmentMade
from domain.kernel.context import Context
from domain.kernel.history import Recorded
from projections.changes import Change, Link, LinkType, NodeType
from projections.nouns import Noun, begun, put

APPOINTMENT = NodeType("Appointment", ("created", "person_id"))
APPOINTED_AT = LinkType("Appointment", "APPOINTED_AT", "Station")


def project(recorded: Recorded, context: Context) -> Iterator[Change]:
    id = recorded.entity_id
    match recorded.fact:
        case AppointmentMade() as fact:
            first = begun(recorded, context) if recorded.version == 1 else {}
            named = {"name": fact.name} if fact.name else {}
            term = {
                f"{fact.role}_since": fact.since,
                f"{fact.role}_until": fact.until,
                f"{fact.role}_by": context.actor,
            }
            yield put(APPOINTMENT, id, person_id=fact.person_id, **term, **named, **first)
            yield Link(APPOINTED_AT, id, fact.station_id)
        case AppointmentEnded(role=role, until=until):
            yield put(APPOINTMENT, id, **{f"{role}_until": until})


NOUN = Noun("appointment", APPOINTMENT, project, (APPOINTED_AT,), (APPOINTED_AT,))

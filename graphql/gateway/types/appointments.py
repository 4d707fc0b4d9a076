"""Appointments in GraphQL."""

from __future__ import annotations

from typing import Any

import graphene

from domain.kernel.acting import Role
from gateway.context import Request
from gateway.fields import choice, one, personal
from gateway.filters import Is, Linked
from gateway.listing import Node, Noun, connection_type
from gateway.made import own
from projections.appointments import APPOINTED_AT


class Term(graphene.ObjectType):
    """A role that a person holds or held at a station: the latest term of it."""

    role = choice(Role, "What the person is appointed to do.", required=True)
    since = graphene.String(required=True, description="The first day.")
    until = graphene.String(description="The last day; none while no end is set.")
    by = graphene.ID(required=True, description="Who made the appointment.")


_ROLES = tuple(Role)
_KEPT = tuple(f"{role}_{name}" for role in _ROLES for name in ("since", "until", "by"))


def _terms(_request: Request, *kept: str | None) -> list[dict[str, Any]]:
    terms = zip(_ROLES, kept[::3], kept[1::3], kept[2::3], strict=True)
    return [{"role": role.value, "since": since, "until": until, "by": by} for role, since, until, by in terms if since]


class Appointment(graphene.ObjectType):
    """What a person is, or was, appointed to at a station."""

    class Meta:
        interfaces = (Node,)

    person_id = graphene.ID(required=True)
    name = personal("name", "The person's name, for those who act for the same station.")
    terms = own(graphene.List(graphene.NonNull(Term)), _KEPT, _terms, required=True)
    station = one("stations.Station", APPOINTED_AT, "Where.")


AppointmentConnection = connection_type(Appointment)

NOUN = Noun(
    Appointment,
    AppointmentConnection,
    prefix="appointment",
    plural="appointments",
    filters={"person": Is("person_id", graphene.ID), "station": Linked(APPOINTED_AT)},
)

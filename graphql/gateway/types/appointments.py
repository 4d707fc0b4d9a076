"""Appointments in GraphQL."""

from __future__ import annotations

from typing import Any

import graphene

from domain.kernel.acting import Role
from gateway.fields import choice, one, personal
from gateway.filters import Is, Linked
from gateway.listing import Node, Noun, connection_type
from projections.appointments import APPOINTED_AT


class Term(graphene.ObjectType):
    """A role that a person holds or held at a station: the latest term of it."""

    role = choice(Role, "What the person is appointed to do.", required=True)
    since = graphene.String(required=True, description="The first day.")
    until = graphene.String(description="The last day; none while no end is set.")
    by = graphene.ID(required=True, description="Who made the appointment.")


class Appointment(graphene.ObjectType):
    """What a person is, or was, appointed to at a station."""

    class Meta:
        interfaces = (Node,)

    person_id = graphene.ID(required=True)
    name = personal("name", "The person's name, for those who act for the same station.")
    terms = graphene.List(graphene.NonNull(Term), required=True)
    station = one("stations.Station", APPOINTED_AT, "Where.")

    @staticmethod
    def resolve_terms(node: dict[str, Any], _info: Any) -> list[dict[str, Any]]:
        return [
            {
                "role": role.value,
                "since": node[f"{role}_since"],
                "until": node.get(f"{role}_until"),
                "by": node[f"{role}_by"],
            }
            for role in Role
            if f"{role}_since" in node
        ]


AppointmentConnection = connection_type(Appointment)

NOUN = Noun(
    Appointment,
    AppointmentConnection,
    prefix="appointment",
    plural="appointments",
    filters={"person": Is("person_id", graphene.ID), "station": Linked(APPOINTED_AT)},
)

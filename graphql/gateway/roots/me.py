"""Me: who the gateway takes the sender of a request for, so that somebody who is new can say whom to appoint."""

from __future__ import annotations

from typing import Any

import graphene

from domain.kernel.acting import Role
from gateway.context import Request
from gateway.fields import choices


class Me(graphene.ObjectType):
    """Who asks, and what they may do today; of the public nothing is known."""

    person_id = graphene.ID(description="The person whose token it is: the id by which they are appointed.")
    station_id = graphene.ID(description="The station for which the request speaks.")
    roles = choices(Role, "The roles to which the person is appointed there today.")


def _resolve(_root: Any, info: Any) -> dict[str, Any]:
    request: Request = info.context
    viewer = request.viewer
    roles = [role.value for role in Role if role in viewer.roles]
    return {"person_id": viewer.person_id, "station_id": viewer.station_id, "roles": roles}


def fields() -> dict[str, Any]:
    return {"me": graphene.Field(Me, required=True, resolver=_resolve, description=Me.__doc__)}

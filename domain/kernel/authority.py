"""Who may do what: decided from appointments alone, the same way for every command.

A command names the roles that may give it. Besides, one acts only for the station that answers for the record: the one
that it is recorded for, or one of those that share it. Administrators may act on any record. A record that only those
who answer for it see does not exist for anybody else: no refusal tells that it does.
"""

from __future__ import annotations

from collections.abc import Iterable

from domain.kernel.acting import ALL_SEEING, Acting, Role
from domain.kernel.commands import Command
from domain.kernel.refusals import ensure


def entitle(acting: Acting, command: Command, answering: Iterable[str]) -> None:
    """Refuse unless the roles of who acts allow the command on a record that the `answering` stations answer for."""
    if not command.ROLES:
        return
    needed = ", ".join(sorted(command.ROLES))
    ensure(
        not acting.roles.isdisjoint(command.ROLES),
        "authority.role",
        f"takes the role {needed}; {acting.person_id} holds {', '.join(sorted(acting.roles)) or 'none'} "
        f"at {acting.station_id or 'no station'} today",
    )
    if Role.ADMINISTRATOR in acting.roles:
        return
    stations = set(answering)
    ensure(
        not stations or acting.station_id in stations,
        "authority.station",
        f"{acting.station_id} does not answer for this record; {', '.join(sorted(stations))} does",
    )


def is_hidden(acting: Acting, state: object | None) -> bool:
    """Whether an entity is `confined` to the stations that answer for it, and who acts does so for none of them."""
    if not getattr(state, "confined", False) or not acting.roles.isdisjoint(ALL_SEEING):
        return False
    return acting.station_id not in getattr(state, "answering", ())


def answering(target: object | None, command: Command) -> frozenset[str]:
    """The stations that answer for the record decided on; for a new one, the station that the command names."""
    holder = command if target is None else target
    stations = getattr(holder, "answering", None) or getattr(holder, "station_id", None) or ()
    return frozenset((stations,) if isinstance(stations, str) else stations)

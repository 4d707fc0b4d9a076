"""Installation: the national station and the first administrator, in one commit, once."""

from __future__ import annotations

from datetime import date

from domain.appointments import AppointmentMade, appointment_id
from domain.kernel.acting import Role
from domain.kernel.commands import Command
from domain.kernel.deciding import Decision
from domain.kernel.fields import PersonalText
from domain.kernel.refusals import ensure
from domain.reference.checks import ensure_region
from domain.references import PersonId
from domain.stations import NATIONAL_STATION, Station, StationFounded, StationOpened, Tier
from domain.values import Bilingual, RegionCode


class Install(Command, roles=frozenset()):
    """Takes no appointment, since there is none yet; and works only in an empty network."""

    name: Bilingual
    region: RegionCode
    opened_on: date
    administrator_id: PersonId
    administrator_name: PersonalText | None = None

    def derives_from(self) -> tuple[str, ...]:
        return ("national",)


def install(station: Station | None, command: Install) -> Decision:
    """The first appointment is the only one that nobody made by an appointment of their own."""
    ensure(station is None, "installation.done", "the network has been installed; ask its administrator")
    ensure_region(command.region)
    made = AppointmentMade(
        person_id=command.administrator_id,
        station_id=NATIONAL_STATION,
        role=Role.ADMINISTRATOR,
        since=command.opened_on,
        name=command.administrator_name,
    )
    founded = StationFounded(tier=Tier.NATIONAL, name=command.name, region=command.region)
    return Decision(
        (founded, StationOpened(on=command.opened_on)),
        {appointment_id(command.administrator_id, NATIONAL_STATION): (made,)},
    )

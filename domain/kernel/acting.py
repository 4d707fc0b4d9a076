"""Who acts: a person, for a station, in the roles that its appointments give on that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.kernel.days import day_of


class Role(StrEnum):
    """What a person is appointed to do at a station."""

    ADVISER = "adviser"
    """站点工作人员: does the station's daily work."""
    MANAGER = "manager"
    """站长: an adviser who also appoints the station's people."""
    PARTNER = "partner"
    """An adviser abroad, in the Enterprise Europe Network, attached to an international station."""
    AUDITOR = "auditor"
    """Reads history; changes nothing."""
    ADMINISTRATOR = "administrator"
    """The national station's office: founds stations and appoints anybody."""


STAFF = frozenset({Role.ADVISER, Role.MANAGER, Role.ADMINISTRATOR})
"""Those who do a station's daily work."""

MANAGERS = frozenset({Role.MANAGER, Role.ADMINISTRATOR})
"""Those who answer for a station's people."""

ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
"""Those who answer for the network."""

ALL_SEEING = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
"""Those who see every record, whoever answers for it."""


@dataclass(frozen=True, slots=True)
class Acting:
    """A person who acts for a station at a moment, with the appointment that entitles, and the roles it gives then."""

    person_id: str
    station_id: str | None
    appointment_id: str | None
    roles: frozenset[Role]
    at: datetime

    @property
    def day(self) -> date:
        """The day of the act, by the network's calendar."""
        return day_of(self.at)

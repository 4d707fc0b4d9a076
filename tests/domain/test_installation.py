"""Installation: the national station and its first administrator, once."""

from __future__ import annotations

from datetime import date

from scenario import id_of, nothing_given

from domain.appointments import AppointmentMade, appointment_id
from domain.installation import Install
from domain.kernel.acting import Role
from domain.stations import NATIONAL_STATION, StationFounded, StationOpened, Tier
from domain.values import Bilingual

LIN = id_of("person", "林")
COMMAND = Install(
    name=Bilingual(zh="国家站"),
    region="110000",
    opened_on=date(2026, 1, 1),
    administrator_id=LIN,
    administrator_name="林",
)
FOUNDED = StationFounded(tier=Tier.NATIONAL, name=Bilingual(zh="国家站"), region="110000")
MADE = AppointmentMade(
    person_id=LIN, station_id=NATIONAL_STATION, role=Role.ADMINISTRATOR, since=date(2026, 1, 1), name="林"
)


def test_installation_takes_no_role_and_makes_the_national_station_and_its_administrator_in_one_commit() -> None:
    told = nothing_given().acting().when(COMMAND)
    assert told.then(FOUNDED, StationOpened(on=date(2026, 1, 1))).entity_id == NATIONAL_STATION
    told.then_elsewhere(appointment_id(LIN, NATIONAL_STATION), MADE)


def test_a_network_is_installed_once() -> None:
    again = COMMAND.model_copy(update={"administrator_id": id_of("person", "usurper")})
    nothing_given().and_given(NATIONAL_STATION, FOUNDED).acting().when(again).then_refused("installation.done")


def test_the_national_station_lies_in_a_region_that_exists() -> None:
    nothing_given().acting().when(COMMAND.model_copy(update={"region": "999999"})).then_refused("region.unknown")


def test_the_first_administrator_may_act() -> None:
    state = (
        nothing_given()
        .and_given(appointment_id(LIN, NATIONAL_STATION), MADE)
        .state(appointment_id(LIN, NATIONAL_STATION))
    )
    assert state.roles_on(date(2026, 1, 1)) == {Role.ADMINISTRATOR}

"""A network on disk with a national station and one base station, ready for commands, and what became of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import pytest

from domain.appointments import Appoint
from domain.installation import Install
from domain.kernel.acting import Role
from domain.kernel.commands import Command
from domain.kernel.context import Context
from domain.kernel.ids import derived_id
from domain.kernel.outcomes import Outcome
from domain.kernel.refusals import Refusal
from domain.needs import AmendNeed, Need, NeedDetails, NeedStage, RecordNeed
from domain.organisations import OrganisationDetails, OrganisationKind, RecordOrganisation
from domain.stations import NATIONAL_STATION, FoundStation, OpenStation, Tier
from domain.values import Bilingual, Contact
from infra.application import Network, now

HEAD_OFFICE, LIN = derived_id("person", "office"), derived_id("person", "林")
NOON = datetime(2026, 8, 10, 12, tzinfo=UTC)
DAY = date(2026, 1, 1)
CODE = "91110000600037341L"
DETAILS = NeedDetails(title=Bilingual(zh="印染废水深度脱色"))
CONTACT = Contact(person_id=derived_id("person", "李"), name="李敏华", phone="13912345678", email="li@example.cn")
MILL = OrganisationDetails(name=Bilingual(zh="印染有限公司"), kind=OrganisationKind.ENTERPRISE)


@dataclass
class Installed:
    """The network, its base station, and short ways to give commands there."""

    network: Network
    station: str
    requests: count[int] = field(default_factory=lambda: count(1))

    def office(self, command: Command, request: str | None = None, desk: Network | None = None) -> Outcome:
        """The national office gives a command."""
        return (desk or self.network).perform(command, self.context(HEAD_OFFICE, NATIONAL_STATION, request))

    def adviser(self, command: Command, request: str | None = None, desk: Network | None = None) -> Outcome:
        """Lin, the base station's adviser, gives a command."""
        return (desk or self.network).perform(command, self.context(LIN, self.station, request))

    def context(self, person: str, station: str, request: str | None = None) -> Context:
        return Context(actor=person, station_id=station, request_id=request or f"r{next(self.requests)}", at=NOON)

    def mill(self, code: str | None = None) -> str:
        """An organisation of the base station."""
        command = RecordOrganisation(station_id=self.station, details=MILL, credit_code=code)
        return self.adviser(command).entity_id

    def need(self, mill: str | None = None, contact: Contact | None = None) -> str:
        command = RecordNeed(
            station_id=self.station, organisation_id=mill or self.mill(), details=DETAILS, contact=contact
        )
        return self.adviser(command).entity_id


def install(folder: Path, clock: Callable[[], datetime] = now) -> Installed:
    """A fresh network in this folder."""
    network = Network(folder, clock)
    name = Bilingual(zh="国家站")
    first = Install(name=name, region="110000", opened_on=DAY, administrator_id=HEAD_OFFICE)
    network.perform(first, Context(actor=HEAD_OFFICE, request_id="install", at=NOON))
    made = Installed(network, "")
    found = FoundStation(tier=Tier.BASE, name=Bilingual(zh="绍兴站"), region="330600", parent_id=NATIONAL_STATION)
    made.station = made.office(found).entity_id
    made.office(OpenStation(station_id=made.station, on=DAY))
    made.office(Appoint(person_id=LIN, station_id=made.station, role=Role.ADVISER, since=DAY))
    return made


def amended(need: str, title: str) -> AmendNeed:
    """The command that gives the need this title."""
    return AmendNeed(need_id=need, details=DETAILS.model_copy(update={"title": Bilingual(zh=title)}))


def stage(network: Network, need: str) -> NeedStage:
    """The stage that the need is in, as this network has it."""
    entity = network.find(need)
    assert entity is not None
    assert isinstance(entity.state, Need)
    return entity.state.stage


def refused(give: Callable[[], object]) -> str:
    """The code of the refusal that this meets."""
    with pytest.raises(Refusal) as refusal:
        give()
    return refusal.value.code

"""The desk of the small network: commands given by its people, and its records by names of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from domain.appointments import Appoint
from domain.kernel.acting import Role
from domain.kernel.commands import Command
from domain.kernel.context import Context
from domain.kernel.outcomes import Outcome
from domain.stations import NATIONAL_STATION
from domain.values import Contact, Currency, Money
from infra.application import Network
from infra.identity.directory import Person, person_id

NOON = datetime(2026, 8, 10, 12, tzinfo=UTC)


def clock() -> datetime:
    """It is always noon of the same day."""
    return NOON


def yuan(amount: int, currency: Currency = Currency.CNY) -> Money:
    return Money(amount=Decimal(amount), currency=currency)


def person(name: str) -> Contact:
    return Contact(person_id=person_id(name), name=name, phone=f"0575-{name}", email=f"{len(name)}@example.org")


@dataclass
class SmallNetwork:
    """The network under names of its own: `ids["dyeing"]` is a need, `people["adviser"]` acts for its station."""

    log: Network
    ids: dict[str, str] = field(default_factory=lambda: {"national": NATIONAL_STATION})
    people: dict[str, Person] = field(default_factory=dict)
    given: int = 0

    def give(self, command: Command, at: datetime = NOON, who: str = "administrator") -> Outcome:
        """The administrator gives the command, or somebody else does."""
        self.given += 1
        acts = self.people[who]
        return self.log.perform(
            command, Context(actor=acts.person_id, station_id=acts.station_id, request_id=f"r{self.given}", at=at)
        )

    def name(self, name: str, command: Command, at: datetime = NOON) -> str:
        """The record that the command makes, under this name."""
        self.ids[name] = self.give(command, at).entity_id
        return self.ids[name]

    def appoint(self, name: str, station: str, role: Role, until: date | None = None) -> None:
        self.people[name] = Person(name, person_id(name), self.ids[station], f"{role} at {station}")
        since = date(2026, 1, 1)
        self.give(
            Appoint(
                person_id=person_id(name),
                station_id=self.ids[station],
                role=role,
                since=since,
                until=until,
                name=f"名{name}",
            )
        )

    def __getitem__(self, name: str) -> str:
        return self.ids[name]

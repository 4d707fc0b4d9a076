"""What every import does, whatever it imports: it gives commands on behalf of a person, and compares contacts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol, TypeVar
from uuid import uuid4

from domain.kernel.commands import Command
from domain.kernel.context import Context
from domain.kernel.facts import Fact
from domain.kernel.history import Commit
from domain.kernel.ids import derived_id
from domain.kernel.outcomes import Desk, Outcome
from domain.kernel.performing import Entity
from domain.values import Contact
from infra.imports.report import Happened
from infra.imports.told import IMPORT
from infra.vault import Vault

F = TypeVar("F", bound=Fact)


class Book(Desk, Protocol):
    """A desk that also knows what is recorded."""

    def find(self, id: str) -> Entity | None: ...

    def history(self, id: str, after: int = 0, limit: int = 1_000) -> list[Commit]: ...

    def facts_of(self, fact: type[F]) -> Iterator[tuple[str, F]]: ...


@dataclass(slots=True)
class Recording:
    """Records for a station, on behalf of a person, judging dates by a day."""

    book: Book
    vault: Vault
    actor: str
    acting_for: str
    station_id: str
    today: date
    clock: Callable[[], datetime]
    run: str = field(default_factory=lambda: uuid4().hex)
    _sent: int = 0

    def give(self, command: Command) -> Outcome:
        self._sent += 1
        context = Context(
            actor=self.actor,
            station_id=self.acting_for,
            request_id=f"{IMPORT}{self.run}/{self._sent}",
            at=self.clock(),
        )
        return self.book.perform(command, context)

    def same_contact(self, known: Contact | None, said: Contact) -> bool:
        """Whether a contact that is known says the same as one from a file; compared without opening anything."""
        if known is None:
            return False
        pairs = [(getattr(known, name), getattr(said, name)) for name in ("name", "phone", "email")]
        return all(self.vault.same(old, new) if old and new else old == new for old, new in pairs)


def contact_of(holder: str, name: str | None, phone: str | None, email: str | None) -> Contact | None:
    """The contact person of a record: known by the record alone, so that the id says nothing about the person."""
    if not (name or phone or email):
        return None
    return Contact(person_id=derived_id("person", "contact", holder), name=name, phone=phone, email=email)


def amended(outcome: Outcome) -> Happened:
    return Happened.AMENDED if outcome.changed else Happened.UNCHANGED

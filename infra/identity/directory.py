"""The development issuer's directory: the people who can sign in on this installation, by a short name."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import orjson

from infra.identity.persons import person_of

ISSUER: Final = "yizhan-development"
"""Who issues the tokens of the people in here; no OpenID provider can have this name, since theirs are addresses."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in, and the station that a token of theirs speaks for."""

    name: str
    person_id: str
    station_id: str
    about: str


def person_id(name: str) -> str:
    """The id under which the log knows somebody from this directory."""
    return person_of(ISSUER, name)


@dataclass(frozen=True, slots=True)
class Directory:
    """The people, in a file of the data folder."""

    path: Path

    def people(self) -> tuple[Person, ...]:
        if not self.path.exists():
            return ()
        return tuple(Person(**entry) for entry in orjson.loads(self.path.read_bytes()))

    def find(self, name: str) -> Person | None:
        return next((person for person in self.people() if person.name == name), None)

    def add(self, *people: Person) -> None:
        """Put people into the directory; a name that is there already stands for the new one."""
        known = {person.name: person for person in (*self.people(), *people)}
        written = self.path.with_suffix(".new")
        written.write_bytes(orjson.dumps([asdict(person) for person in known.values()], option=orjson.OPT_INDENT_2))
        written.replace(self.path)

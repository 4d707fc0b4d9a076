"""What a source has told before: so that an import tells news from what it said already, and from work done here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from domain.kernel.history import Commit
from domain.values import Contact
from infra.imports.flaws import Flaw

Details = TypeVar("Details")

IMPORT = "import/"
"""How the request ids of imports begin."""


@dataclass(frozen=True, slots=True)
class Told:
    """What imports have said of a record until now; None where they said nothing.

    `details_edited` and `contact_edited` say that somebody here had the last word since.
    """

    details: Any = None
    contact: Contact | None = None
    details_edited: bool = False
    contact_edited: bool = False

    @classmethod
    def by(cls, history: Iterable[Commit]) -> Told:
        """What the facts of a record say of that."""
        details, contact, details_edited, contact_edited = None, None, False, False
        for commit in history:
            imported = commit.context.request_id.startswith(IMPORT)
            for recorded in commit.events:
                if (said := getattr(recorded.fact, "details", None)) is not None:
                    details, details_edited = (said, False) if imported else (details, said != details)
                if (person := getattr(recorded.fact, "contact", None)) is not None:
                    contact, contact_edited = (person, False) if imported else (contact, True)
        return cls(details, contact, details_edited, contact_edited)

    def details_now(self, known: Details, said: Details, where: str) -> Details:
        """What the record is to say: as it is known, unless the source says something new.

        Raises a flaw where the source says something new and somebody here has changed the record meanwhile.
        """
        if said in (known, self.details):
            return known
        if self.details_edited:
            raise edited_here(where)
        return said

    def contact_now(
        self, said: Contact | None, same: Callable[[Contact | None, Contact], bool], known: Contact | None, where: str
    ) -> Contact | None:
        """The contact to record: None where the source says nothing new, by `same`, which compares without opening."""
        if said is None or same(known, said) or (self.contact is not None and same(self.contact, said)):
            return None
        if self.contact_edited:
            raise edited_here(where)
        return said


def edited_here(where: str) -> Flaw:
    """The source and somebody here both changed a record: neither is overwritten by the other."""
    return Flaw(
        "record.edited_here",
        "it was changed here since it was last imported, and the file now says something new of it",
        "a file that says what the record says, or says of it what it said before; or the same change made here",
        where,
    )

"""Commands: what somebody asks for. A command is decided against the state, and may be refused."""

from __future__ import annotations

from typing import ClassVar

from domain.kernel.acting import STAFF, Role
from domain.kernel.claims import ClaimKey
from domain.kernel.facts import Value


class Command(Value):
    """What somebody asks for.

    A field `need_id` names an entity that the decision works on or rests on. A command that makes something new names
    no id for it: the id follows from `derives_from`, or from the request when that is empty.
    """

    ROLES: ClassVar[frozenset[Role]] = STAFF

    def __init_subclass__(cls, *, roles: frozenset[Role] = STAFF) -> None:
        super().__init_subclass__()
        cls.ROLES = roles

    def derives_from(self) -> tuple[str, ...]:
        """What names the new entity once and for ever, for instance a reference given from outside."""
        return ()

    def claims(self) -> tuple[ClaimKey, ...]:
        """What the decision may take or release because it must be unique and may change hands."""
        return ()

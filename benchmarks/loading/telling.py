"""Telling: what those who ask hear, kept for the report: answers with their times, and failures with their codes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

CODES: Final = frozenset({"UNAVAILABLE", "NOT_YET", "NOT_CONSISTENT", "CONTENDED", "NOT_READY"})
"""The documented codes of what passes by itself."""


class Answered(msgspec.Struct, frozen=True, array_like=True):
    """An answer that held what was asked: to what, when that was sent, and when it was heard."""

    what: str
    sent: float
    heard: float


class Failed(msgspec.Struct, frozen=True, array_like=True):
    """An answer that did not: its status and codes."""

    what: str
    sent: float
    heard: float
    status: int
    codes: tuple[str, ...]


class Told(msgspec.Struct):
    """All that the process that asked has to tell in the end.

    `needs` is how many it recorded, `counterparts` how many each of its topics has.
    """

    answered: list[Answered] = []
    failed: list[Failed] = []
    mutations: dict[str, int] = {}
    findings: dict[str, int] = {}
    words: list[str] = []
    judged: int = 0
    needs: int = 0
    counterparts: list[int] = []

    def write(self, path: Path) -> None:
        path.write_bytes(msgspec.json.encode(self))

    @classmethod
    def read(cls, path: Path) -> Told:
        return msgspec.json.decode(path.read_bytes(), type=cls)

    def count(self, what: str) -> None:
        """Count something that happened to a mutation."""
        self.mutations[what] = self.mutations.get(what, 0) + 1


def codes_of(answer: Any) -> tuple[str, ...]:
    """The codes of the errors of an answer; one without any has an empty one."""
    errors = answer.get("errors") if isinstance(answer, Mapping) else None
    if not isinstance(errors, list) or not errors:
        return ()
    return tuple(sorted({str((each.get("extensions") or {}).get("code", "")) for each in errors}))


def documented(codes: tuple[str, ...]) -> bool:
    """Whether an answer says in documented codes why it holds nothing, and that this passes."""
    return bool(codes) and CODES.issuperset(codes)

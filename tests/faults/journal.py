"""What a writer process puts down before it sends a commit, and after it was answered: a JSON line each.

A line is one `write` to a file opened for appending: a process that is killed loses nothing that it has put down, and
at most the last line is cut off.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from tests.faults.rule import Event, Read


class Outcome(StrEnum):
    """What a writer was told."""

    ACCEPTED = "accepted"
    VERSION = "version conflict"
    READ = "read moved"
    REPEATED = "request repeated"
    TRACKING = "tracking conflict"
    NOT_RECORDED = "not recorded"
    UNKNOWN = "outcome unknown"
    FAILED = "failed"
    """An error that nobody promised; `Answer.words` says which."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A commit as its writer sent it. Its name is its context, once in the world."""

    name: str
    at: int
    """Nanoseconds on the clock that all processes of a machine share."""
    events: tuple[Event, ...] = ()
    reads: tuple[Read, ...] = ()
    request: bytes | None = None
    tracking: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What its writer was told. `first` and `last` are notification ids: of the commit, or of the first one of the
    request; `id` is what to settle an unknown outcome by."""

    name: str
    at: int
    outcome: Outcome
    first: int = 0
    last: int = 0
    id: bytes = b""
    words: str = ""


@dataclass(slots=True)
class Told:
    """All that one journal says: attempts and their last answers by name, and the attempts that a crash cut off."""

    attempts: dict[str, Attempt] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    cut_off: set[str] = field(default_factory=set)
    """Attempts without an answer whose process was not there any more to receive one."""
    doubts: int = 0
    """How often a writer was told that an outcome is unknown."""

    @property
    def unknown(self) -> list[Answer]:
        return [answer for answer in self.answers.values() if answer.outcome is Outcome.UNKNOWN]


class Journal:
    """The journal of one writer; it goes on in the same file when the writer is started again."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        os.write(self._file, b"\n")  # behind whatever a crash cut off
        self._put({"is": "started"})

    def attempt(
        self,
        name: str,
        events: Sequence[Event],
        reads: Sequence[Read] = (),
        request: bytes | None = None,
        tracking: tuple[str, int] | None = None,
    ) -> None:
        self._put(
            {
                "is": "attempt",
                "name": name,
                "at": time.monotonic_ns(),
                "events": [[entity, version, topic, state.hex()] for entity, version, topic, state in events],
                "reads": list(reads),
                "request": request.hex() if request is not None else None,
                "tracking": tracking,
            }
        )

    def answer(
        self, name: str, outcome: Outcome, first: int = 0, last: int = 0, id: bytes = b"", words: str = ""
    ) -> None:
        line = {"is": "answer", "name": name, "at": time.monotonic_ns(), "outcome": outcome}
        self._put(line | {"first": first, "last": last, "id": id.hex(), "words": words})

    def close(self) -> None:
        """The writer has received an answer for everything."""
        self._put({"is": "ended"})
        os.close(self._file)

    def _put(self, line: dict[str, Any]) -> None:
        os.write(self._file, json.dumps(line).encode() + b"\n")


def read_journal(path: Path) -> Told:
    """What a journal says."""
    return told(path.read_text(encoding="utf-8").splitlines()) if path.exists() else Told()


def told(lines: Sequence[str]) -> Told:
    """What these lines say. A line that a crash cut off counts as not written."""
    found = Told()
    waiting: set[str] = set()
    for text in lines:
        try:
            line = json.loads(text)
        except ValueError:
            continue
        match line.pop("is"):
            case "started":
                found.cut_off |= waiting
                waiting.clear()
            case "attempt":
                found.attempts[line["name"]] = _attempt(**line)
                waiting.add(line["name"])
            case "answer":
                answer = Answer(**line | {"outcome": Outcome(line["outcome"]), "id": bytes.fromhex(line["id"])})
                found.answers[answer.name] = answer
                found.doubts += answer.outcome is Outcome.UNKNOWN
                waiting.discard(answer.name)
            case "ended":
                waiting.clear()
    found.cut_off |= waiting
    return found


def _attempt(
    name: str,
    at: int,
    events: list[tuple[str, int, str, str]],
    reads: list[tuple[str, int | None]],
    request: str | None,
    tracking: list[Any] | None,
) -> Attempt:
    return Attempt(
        name,
        at,
        tuple((entity, version, topic, bytes.fromhex(state)) for entity, version, topic, state in events),
        tuple((entity, version) for entity, version in reads),
        bytes.fromhex(request) if request is not None else None,
        (tracking[0], tracking[1]) if tracking else None,
    )

"""The rule of the log once more, written from its description alone: the judge of what the engine says.

It shares no code with the engine, keeps everything in memory and takes its time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import msgpack

FORMAT = 1
COMMIT, CANCEL, CONFIGURATION = 0, 1, 2

Event = tuple[str, int, str, bytes]
"""Entity, version, topic, state."""
Read = tuple[str, int | None]
"""Entity, and the version of it that was read; None: it was absent."""


class Verdict(StrEnum):
    """What became of one commit, or one cancel, at one place in the log."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REPEATED = "its request was answered before"
    UNCONFIGURED = "stands before the configuration"
    LATE = "past its window"
    AHEAD = "claims to have folded what came after it"
    VERSION = "a version does not follow"
    READ = "a read had moved"
    TRACKING = "a position was tracked before"
    CANCELLED = "cancelled"


class NewerRecord(Exception):
    """A record of a format or kind that this rule does not know: nothing from here on can be judged."""


@dataclass(frozen=True, slots=True)
class Stood:
    """An accepted commit: its first notification id, and what it holds."""

    first: int
    events: tuple[Event, ...]
    request: bytes | None
    context: bytes
    reads: tuple[Read, ...] | None = None
    """What it read; None where that is not stored."""

    @property
    def last(self) -> int:
        return self.first + len(self.events) - 1

    @property
    def name(self) -> str:
        """Its context, by which its writer knows it."""
        return self.context.decode(errors="replace")


@dataclass(frozen=True, slots=True)
class Ruling:
    """One commit, or cancel, at one place in the log."""

    offset: int
    id: bytes
    context: bytes
    verdict: Verdict
    is_cancel: bool = False


@dataclass(slots=True)
class Model:
    """All that follows from a log up to here."""

    window: int | None = None
    first_version: int = 1
    stood: list[Stood] = field(default_factory=list)
    rulings: list[Ruling] = field(default_factory=list)
    ignored: int = 0
    stopped_at: int | None = None
    _heads: dict[str, int] = field(default_factory=dict)
    _requests: set[bytes] = field(default_factory=set)
    _tracked: dict[str, int] = field(default_factory=dict)
    _accepted: set[bytes] = field(default_factory=set)
    _refused: dict[bytes, int] = field(default_factory=dict)

    @property
    def head(self) -> int:
        """The last notification id."""
        return self.stood[-1].last if self.stood else 0

    def head_of(self, entity: str) -> int | None:
        """The last version of an entity; None when it is absent."""
        return self._heads.get(entity)

    def fold(self, records: Iterable[tuple[int, bytes | None]]) -> None:
        """Go through the log in order; stop for good at a record that a newer node wrote."""
        for offset, value in records:
            try:
                pack = unpack(value)
            except NewerRecord:
                self.stopped_at = offset
                return
            if pack is None:
                self.ignored += 1
            for item in pack or ():
                self._apply(offset, item)

    def _apply(self, offset: int, item: list[Any]) -> None:
        if item[0] == CONFIGURATION:
            if self.window is None:
                _, self.window, self.first_version = item
            return
        id = item[1]
        context = item[6] if item[0] == COMMIT else b""
        verdict = self._judge(offset, item)
        self.rulings.append(Ruling(offset, id, context, verdict, item[0] == CANCEL))
        if verdict is Verdict.ACCEPTED:
            self._accept(item)
        elif verdict is not Verdict.DUPLICATE:
            self._refused[id] = offset

    def _judge(self, offset: int, item: list[Any]) -> Verdict:
        if item[1] in self._accepted or self._remembers_refusing(item[1], offset):
            return Verdict.DUPLICATE
        if item[0] == CANCEL:
            return Verdict.CANCELLED
        _, _, base, request, events, reads, _, *tracking = item
        if self.window is None:
            return Verdict.UNCONFIGURED
        if request is not None and request in self._requests:
            return Verdict.REPEATED
        if base > offset:
            return Verdict.AHEAD
        if offset - base > self.window:
            return Verdict.LATE
        heads: dict[str, int] = {}
        for entity, version, _, _ in events:
            head = heads.get(entity, self._heads.get(entity))
            if version not in ({1, self.first_version} if head is None else {head + 1}):
                return Verdict.VERSION
            heads[entity] = version
        if any(self._heads.get(entity) != version for entity, version in reads if entity not in heads):
            return Verdict.READ
        if tracking and tracking[0][1] <= self._tracked.get(tracking[0][0], -1):
            return Verdict.TRACKING
        return Verdict.ACCEPTED

    def _remembers_refusing(self, id: bytes, offset: int) -> bool:
        refused_at = self._refused.get(id)
        return refused_at is not None and (self.window is None or offset - refused_at <= self.window)

    def _accept(self, item: list[Any]) -> None:
        _, id, _, request, events, reads, context, *tracking = item
        self.stood.append(
            Stood(
                self.head + 1,
                tuple((entity, version, topic, state) for entity, version, topic, state in events),
                request,
                context,
                tuple((entity, version) for entity, version in reads),
            )
        )
        self._accepted.add(id)
        self._heads.update((entity, version) for entity, version, _, _ in events)
        if request is not None:
            self._requests.add(request)
        if tracking:
            application, position = tracking[0]
            self._tracked[application] = position


def unpack(value: bytes | None) -> list[list[Any]] | None:
    """The items of a record; None when it is no pack at all. Raises NewerRecord."""
    try:
        record = msgpack.unpackb(value or b"")
    except (ValueError, msgpack.UnpackException):
        return None
    match record:
        case [bool(), *_]:
            return None
        case [int(format), *_] if format > FORMAT:
            raise NewerRecord
        case [int(format), list(items)] if format == FORMAT and all(_is_item(item) for item in items):
            return items
    return None


def _is_item(item: Any) -> bool:
    """Whether this is a commit, a cancel or a configuration. Raises NewerRecord for a kind beyond these."""
    match item:
        case [bool(), *_]:
            return False
        case [0, id, base, None | bytes(), list(events), list(reads), bytes(), *tracking]:
            parts = [*map(_is_event, events), *map(_is_read, reads), *map(_is_tracking, tracking)]
            return _is_id(id) and _is_number(base) and all(parts) and len(tracking) < 2 and bool(events or tracking)
        case [1, id]:
            return _is_id(id)
        case [2, window, first_version]:
            return _is_number(window) and window > 0 and _is_number(first_version) and first_version < 2
        case [int(kind), *_] if kind > CONFIGURATION:
            raise NewerRecord
    return False


def _is_event(event: Any) -> bool:
    match event:
        case [str(), version, str(), bytes()]:
            return _is_number(version)
    return False


def _is_read(read: Any) -> bool:
    match read:
        case [str(), version]:
            return version is None or _is_number(version)
    return False


def _is_tracking(tracking: Any) -> bool:
    match tracking:
        case [str(), position]:
            return _is_number(position)
    return False


def _is_id(id: Any) -> bool:
    return isinstance(id, bytes) and len(id) == 12


def _is_number(number: Any) -> bool:
    return type(number) is int and 0 <= number < 2**63

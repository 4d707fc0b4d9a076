"""Lives: what was done to needs, as those who did it were told, and so what may be seen of them.

It knows nothing of the graph. A need is, at a position of the log, what the last change up to there made of it; and
what was sent before an answer was heard may show in it.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Does(StrEnum):
    """What a command does to a need: the name of its mutation."""

    RECORD = "recordNeed"
    AMEND = "amendNeed"
    CHECK = "checkNeed"
    PUBLISH = "publishNeed"


STAGES: Final[Mapping[Does, str]] = {Does.RECORD: "RECORDED", Does.CHECK: "CHECKED", Does.PUBLISH: "PUBLISHED"}
"""The stage that a need is in after it."""


@dataclass(frozen=True, slots=True)
class Change:
    """A command that took effect: on which need, under which number of its own, when it was sent, and at what position.

    `organisation` is who needs it; times are seconds of one clock.
    """

    does: Does
    need: str
    organisation: str
    number: int
    sent: float
    position: int


@dataclass(frozen=True, slots=True)
class Version:
    """A need as it was from a position on; `number` is that of the command that last said what is needed."""

    position: int
    sent: float
    stage: str
    number: int

    def after(self, change: Change) -> Version:
        stage = STAGES.get(change.does, self.stage)
        number = change.number if change.does is Does.AMEND else self.number
        return Version(change.position, change.sent, stage, number)


@dataclass(frozen=True, slots=True)
class Moment:
    """What an answer may be of: all up to its position, and any of what had been sent when it was heard.

    One that is `exact` shows nothing beyond its position.
    """

    position: int
    heard: float
    exact: bool = False


Options = list[Version | None]
"""What a need may be at a moment; None says that it may not be there yet."""


@dataclass(slots=True)
class Life:
    """A need from its first change to the last, in the order of the log, in whichever order they become known."""

    id: str
    organisation: str
    changes: list[Change] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)

    @property
    def created(self) -> int:
        return self.changes[0].position

    def add(self, change: Change) -> None:
        insort(self.changes, change, key=lambda each: each.position)
        first = self.changes[0]
        version = Version(first.position, first.sent, STAGES[Does.RECORD], first.number)
        self.versions = [version]
        for each in self.changes[1:]:
            version = version.after(each)
            self.versions.append(version)

    def options(self, moment: Moment) -> Options:
        """What it may be at a moment, the oldest first."""
        known = bisect_right(self.versions, moment.position, key=lambda each: each.position)
        options: Options = [self.versions[known - 1] if known else None]
        if not moment.exact:
            options += [each for each in self.versions[known:] if each.sent < moment.heard]
        return options


class Lives:
    """All needs that came since it began to look, each with its life. `before` is how many there were then."""

    def __init__(self, before: int = 0) -> None:
        self.before = before
        self.positions: set[int] = set()
        self._by_id: dict[str, Life] = {}
        self._of: dict[str, list[Life]] = {}
        self._born: list[Change] = []

    def add(self, change: Change) -> None:
        """What became known of a need; the first is that it was recorded."""
        self.positions.add(change.position)
        life = self._by_id.get(change.need)
        if life is None:
            life = self._by_id[change.need] = Life(change.need, change.organisation)
            life.add(change)
            insort(self._of.setdefault(change.organisation, []), life, key=lambda each: each.created)
            insort(self._born, change, key=lambda each: each.position)
        else:
            life.add(change)

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Life]:
        return iter(self._by_id.values())

    def get(self, id: str) -> Life | None:
        return self._by_id.get(id)

    def of(self, organisation: str) -> list[Life]:
        """The needs of an organisation, the oldest first."""
        return self._of.get(organisation, [])

    def number(self, moment: Moment) -> range:
        """How many needs there may be at a moment, in the whole network."""
        born = bisect_right(self._born, moment.position, key=lambda each: each.position)
        later = [] if moment.exact else [each for each in self._born[born:] if each.sent < moment.heard]
        return range(self.before + born, self.before + born + len(later) + 1)

"""Pages: whether a list shows what it has to, nothing else, in its order, once and as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from loading.findings import Kind
from loading.lives import Life, Moment, Options, Version

Found = Iterator[tuple[Kind, str]]
Look = Callable[[Life, Version], Mapping[str, Any]]
"""How a version of a need looks in an answer."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was answered: its records, how many it may hold, and whether it says that there are more."""

    nodes: Sequence[Mapping[str, Any]]
    size: int
    more: bool

    @classmethod
    def of(cls, connection: Mapping[str, Any], size: int) -> Page:
        nodes = [edge["node"] for edge in connection["edges"]]
        return cls(nodes, size, connection["pageInfo"]["hasNextPage"])


@dataclass(frozen=True, slots=True)
class Expected:
    """The needs that a page chooses from, in its order, at a moment; `stages` are those that it is of, none is all."""

    lives: Sequence[Life]
    moment: Moment
    look: Look
    stages: tuple[str, ...] = ()

    def certain(self, life: Life) -> bool:
        """Whether it is on the list whatever of it shows."""
        return all(map(self._fits, life.options(self.moment)))

    def possible(self, life: Life) -> bool:
        return any(map(self._fits, life.options(self.moment)))

    def count(self) -> range:
        """How many there may be."""
        return range(sum(map(self.certain, self.lives)), sum(map(self.possible, self.lives)) + 1)

    def _fits(self, version: Version | None) -> bool:
        return version is not None and (not self.stages or version.stage in self.stages)

    def differing(self, page: Page) -> Found:
        """What is wrong with a page."""
        places = {life.id: place for place, life in enumerate(self.lives)}
        last = -1
        seen: set[str] = set()
        for node in page.nodes:
            place = places.get(node["id"])
            if place is None or not self.possible(self.lives[place]):
                yield Kind.STRANGE, f"{node} does not belong there"
                continue
            if place <= last:
                yield Kind.ORDER, f"{node['id']} comes too late, or twice"
            last = max(last, place)
            seen.add(node["id"])
            yield from never_so(node, self.lives[place], self.moment, self.look)
        full = len(page.nodes) >= page.size
        for life in self.lives[: last + 1]:
            if life.id not in seen and self.certain(life):
                yield Kind.MISSING, f"{life.id} is not there, which is {life.options(self.moment)}"
        if len(page.nodes) > page.size or (page.more and not full):
            yield Kind.ORDER, f"{len(page.nodes)} records on a page of {page.size}, and more: {page.more}"
        yield from self._beyond(page, last + 1)

    def _beyond(self, page: Page, reached: int) -> Found:
        beyond = self.lives[reached:]
        if page.more and not any(map(self.possible, beyond)):
            yield Kind.ORDER, "there are said to be more, and there are none"
        if not page.more and any(map(self.certain, beyond)):
            yield Kind.MISSING, "there are said to be no more, and there are"


def never_so(node: Mapping[str, Any], life: Life, moment: Moment, look: Look) -> Found:
    """Whether a need is shown as it never was, or was no more, or not yet."""
    if version_shown(node, life, life.options(moment), look) is None:
        yield Kind.NEVER_SO, f"{dict(node)} at {moment}; it has been {life.versions}"


def version_shown(node: Mapping[str, Any], life: Life, options: Options, look: Look) -> Version | None:
    """The version that is shown, of those that may be."""
    for version in options:
        if version is not None and look(life, version) == node:
            return version
    return None

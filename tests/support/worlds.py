"""Running worlds: each with its own version of what is hidden, and what a reader is answered in two of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from asking import Asking
from chance.known import Known
from followed import Followed
from small_desk import SmallNetwork, clock
from small_links import LABELS
from small_model import Model, model_of
from small_network import recorded
from two_worlds import CHANGES, appoint_outsiders, hide_from_members, hide_from_the_public

from infra.identity.tokens import signing_key
from infra.server import Running, running
from infra.settings import Settings

MEMBERS = ("other", "outsider", "foreigner")
"""Who acts for a station that answers for nothing of what differs."""
PUBLIC = (None, "stranger", "retired")
READERS = (*MEMBERS, *PUBLIC)
PATIENCE = 15.0
"""Seconds that the graph may take to show what happened."""


@dataclass(frozen=True)
class World:
    """A running system with its own version of what is hidden, and what one does with it."""

    system: Running
    asking: Asking
    followed: Followed

    @property
    def made(self) -> SmallNetwork:
        return self.asking.made

    def happens(self, word: str) -> None:
        """Let all that nobody sees change, in these words, and the graph show it."""
        for change in CHANGES:
            change(self.made, word)
        deadline = time.monotonic() + PATIENCE
        while self.system.services.progress.position() < self.made.log.head():
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def model(self) -> Model:
        return model_of(self.made.log)

    def known(self) -> Known:
        """What can be asked by, as somebody sees it who sees all: what is hidden, too."""
        return Known.of(self.model().graph, self.made.log.head(), lambda text: self.asking.data(text, "administrator"))


@contextmanager
def world(folder: Path, loop: asyncio.Runner, *, members: bool, public: bool) -> Iterator[World]:
    """A world with the one version of what is hidden from members, or the other; and of what is from the public."""
    settings = Settings(data=folder, graph_heap="256m")
    with ExitStack() as stack:
        system = stack.enter_context(running(settings, clock))
        lifespan = system.gateway.router.lifespan_context(system.gateway)
        loop.run(lifespan.__aenter__())
        stack.callback(lambda: loop.run(lifespan.__aexit__(None, None, None)))
        made = recorded(system.network)
        appoint_outsiders(made)
        hide_from_members(made, members)
        hide_from_the_public(made, public)
        asking = Asking(system.gateway, loop, made, signing_key(folder / "issuer.pem"))
        yield World(system, asking, Followed(asking, system.services))


@dataclass(frozen=True)
class Worlds:
    """One world, and two that are the same but for what is hidden: from members, and from the public besides."""

    plain: World
    to_members: World
    to_the_public: World
    _hidden: dict[bool, list[str]] = field(default_factory=dict)

    @property
    def every(self) -> tuple[World, ...]:
        return self.plain, self.to_members, self.to_the_public

    def pair(self, who: str | None) -> tuple[World, World]:
        """The two that this reader must not be able to tell apart."""
        return self.plain, self.to_members if who in MEMBERS else self.to_the_public

    def said(self, document: str, who: str | None, variables: Mapping[str, Any] | None = None) -> list[str]:
        """What each of the two answers, to the last byte: the status and the body."""
        answers = (each.asking.post(document, who, variables) for each in self.pair(who))
        return [f"{each.status_code} {each.text}" for each in answers]

    def hidden(self, who: str | None) -> list[str]:
        """The ids of records that there are in one of the two, and that this reader does not see."""
        member = who in MEMBERS
        if member not in self._hidden:
            found: dict[str, None] = {}
            for each in self.pair(who):
                model, station = each.model(), each.made["guangdong"] if member else None
                for label in LABELS.values():
                    seen = model.seen(label, "other" if member else None, station)
                    found |= dict.fromkeys(sorted(model.ids(label) - seen))
            self._hidden[member] = list(found)
        return self._hidden[member]

    def some_hidden(self, who: str | None, most: int = 6) -> list[str]:
        """So many of these at most, from the first to the last."""
        ids = self.hidden(who)
        return ids[:: -(-len(ids) // most)]

    def known(self) -> Known:
        """What anybody could guess: whatever there is in any of the worlds."""
        one, other = self.plain.known(), self.to_the_public.known()

        def both(here: Mapping[Any, Sequence[Any]], there: Mapping[Any, Sequence[Any]]) -> dict[Any, list[Any]]:
            return {key: list(dict.fromkeys((*here.get(key, ()), *there.get(key, ())))) for key in (*here, *there)}

        values, cursors = both(one.values, other.values), both(one.cursors, other.cursors)
        every = list(dict.fromkeys((*one.every, *other.every)))
        return Known(both(one.ids, other.ids), values, cursors, one.head, every)


@contextmanager
def three_worlds(folder: Path, loop: asyncio.Runner) -> Iterator[Worlds]:
    """All of them, for as long as the context lasts."""
    with (
        world(folder / "plain", loop, members=True, public=True) as plain,
        world(folder / "members", loop, members=False, public=True) as to_members,
        world(folder / "public", loop, members=False, public=False) as to_the_public,
    ):
        yield Worlds(plain, to_members, to_the_public)

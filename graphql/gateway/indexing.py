"""Indexing: what everybody may read, kept in memory by its words, so that a search is ranked in a moment.

One task of the process reads the texts from the graph when the process begins, and again those of records of which
something was recorded, once the graph shows it. Only what the public sees is held: what is rare or frequent, and so
every score, is counted over nothing that anybody may not see.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

import anyio.to_thread
import structlog

from domain.kernel.history import Commit
from domain.kernel.ids import prefix_of
from domain.searching.index import Found, Index
from domain.visibility import VISIBLE, Having, Visible
from gateway.listing import Noun
from gateway.nouns import by_prefix, nouns
from gateway.ports import PUBLIC, Graph, History, Progress
from gateway.seeing import sees

AT_ONCE: Final = 500
"""So many records are read from the graph together, and about so many events from the log."""
PATIENCE: Final = 60.0
REST: Final = 0.5
"""Seconds until the next try after one that came to nothing."""


class Indexing:
    """Keeps an index of texts in step with the graph, in the event loop in which it is begun."""

    def __init__(self, graph: Graph, progress: Progress, history: History) -> None:
        self._graph = graph
        self._progress = progress
        self._history = history
        self._index = Index()
        self._position = -1
        self._moved = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._log = structlog.get_logger("gateway.indexing")

    @property
    def position(self) -> int:
        """The position of the log up to which every record is held by its words; -1 until all have been read once."""
        return self._position

    def begin(self) -> None:
        """Begin to read and to follow."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def end(self) -> None:
        """Follow no longer."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def wait_for(self, position: int, seconds: float) -> int:
        """Wait until the index has come so far, or so many seconds; gives how far it is then."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._position < position:
                    await self._moved.wait()
        return self._position

    def search(self, query: str, kinds: Iterable[str], limit: int, beyond: tuple[float, str] | None = None) -> Found:
        """The records of these labels that share words with the query, the best first."""
        return self._index.search(query, frozenset(kinds), limit, beyond)

    # -- keeping in step ---------------------------------------------------------------

    async def _run(self) -> None:
        while True:
            try:
                if self._position < 0:
                    await self._read_all()
                else:
                    await self._follow(await self._progress.wait_for(self._position + 1, PATIENCE))
            except Exception as error:
                self._log.warning("gateway.indexing.trouble", error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(REST)

    async def _read_all(self) -> None:
        """Read every text. What is recorded meanwhile is read once more afterwards."""
        begun = self._progress.position()
        for noun in searched().values():
            after = ""
            while rows := await self._rows(noun, "n.id > $after", {"after": after}):
                await anyio.to_thread.run_sync(self._hold, noun, rows)
                after = rows[-1][0]
        self._reached(begun)
        self._log.info("gateway.indexing.read", texts=len(self._index), position=begun)

    async def _follow(self, reached: int) -> None:
        """Read again what was recorded up to a position that the graph shows."""
        while self._position < reached:
            commits = await anyio.to_thread.run_sync(self._history.commits, self._position, AT_ONCE)
            shown = [commit for commit in commits if commit.position <= reached]
            for noun, ids in touched(shown):
                for first in range(0, len(ids), AT_ONCE):
                    await self._look_again(noun, ids[first : first + AT_ONCE])
            if not shown:
                await asyncio.sleep(REST)
                return
            self._reached(shown[-1].position)

    async def _look_again(self, noun: Noun, ids: Sequence[str]) -> None:
        rows = await self._rows(noun, "n.id IN $ids", {"ids": ids})
        await anyio.to_thread.run_sync(self._hold, noun, rows)
        for id in set(ids) - {row[0] for row in rows}:
            self._index.remove(id)

    async def _rows(self, noun: Noun, condition: str, parameters: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        properties = ", ".join(f"n.{name}" for name in (*noun.texts, *judged(noun.label)))
        statement = f"MATCH (n:{noun.label}) WHERE {condition} RETURN n.id, {properties} ORDER BY n.id LIMIT {AT_ONCE}"
        return (await self._graph.read(statement, parameters)).rows

    def _hold(self, noun: Noun, rows: Sequence[Sequence[Any]]) -> None:
        """Hold the records that everybody may read, and none of the others."""
        texts, rule = noun.texts, judged(noun.label)
        for id, *values in rows:
            if sees(PUBLIC, noun.label, dict(zip(rule, values[len(texts) :], strict=True)), ()):
                found = zip(values, texts.values(), strict=False)
                self._index.put(id, noun.label, [(text, weight) for text, weight in found if text])
            else:
                self._index.remove(id)

    def _reached(self, position: int) -> None:
        self._position = position
        self._moved.set()
        self._moved = asyncio.Event()


def searched() -> dict[str, Noun]:
    """The nouns that are searched for by words, by their labels."""
    return {noun.label: noun for noun in nouns() if noun.texts}


def judged(label: str) -> list[str]:
    """The properties that decide whether the public sees a record of this label."""
    alternatives = VISIBLE.get(label, Visible(public=None)).public or ()
    return sorted({name for each in alternatives if isinstance(each, Having) for name in each.values})


def touched(commits: Iterable[Commit]) -> list[tuple[Noun, list[str]]]:
    """The records of which these commits say something, by their nouns."""
    found: dict[str, set[str]] = {}
    for commit in commits:
        for event in commit.events:
            noun = by_prefix().get(prefix_of(event.entity_id))
            if noun is not None and noun.texts:
                found.setdefault(noun.label, set()).add(event.entity_id)
    return [(searched()[label], sorted(ids)) for label, ids in found.items()]

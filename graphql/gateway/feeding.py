"""The feed: what is recorded, told to those who wait for it, once the graph shows it.

One task of the process reads each new commit once, whoever many wait; who waits costs nothing while nothing happens. A
reader who is too slow is not waited for: it goes back to the log, which holds everything, and goes on from there.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, TypeAlias

import anyio.to_thread
import structlog

from domain.kernel.history import Commit
from gateway.ports import History, Progress

AT_ONCE: Final = 500
"""About how many events are read from the log together."""
KEPT: Final = 1_000
"""So many commits wait for one reader; one that is further behind reads them from the log."""
PATIENCE: Final = 60.0
REST: Final = 0.1
"""Seconds until the next look where nothing came of the one before."""

Replay: TypeAlias = Callable[[int, int], Sequence[Commit]]
"""Some of the commits beyond a position and up to another one that concern a subject; none when there are no more."""
Subjects: TypeAlias = Callable[[History, Commit], Iterable[tuple[str, Commit]]]
"""Whom a commit concerns, and what of it."""


class Watch:
    """One reader's place: the commits that concern its subject and are beyond the position where it began."""

    def __init__(self, since: int) -> None:
        self.since = since
        self._commits: deque[Commit] = deque()
        self._news = asyncio.Event()
        self._lost = False

    def tell(self, commit: Commit) -> None:
        if len(self._commits) >= KEPT:
            self._commits.clear()
            self._lost = True
        if not self._lost:
            self._commits.append(commit)
        self._news.set()

    def begin_again(self, since: int) -> None:
        self.since, self._lost = since, False
        self._commits.clear()

    async def commits(self) -> AsyncIterator[Commit]:
        """Those that come, for as long as none is lost."""
        while not self._lost:
            while self._commits:
                yield self._commits.popleft()
            self._news.clear()
            if not self._lost and not self._commits:
                await self._news.wait()


class Feed:
    """Tells of commits by what they concern. It works while somebody waits, in the event loop of those who do."""

    def __init__(self, progress: Progress, history: History, subjects: Subjects) -> None:
        self._progress = progress
        self._history = history
        self._subjects = subjects
        self._watches: dict[str, set[Watch]] = {}
        self._position = 0
        self._task: asyncio.Task[None] | None = None
        self._log = structlog.get_logger("gateway.feed")

    async def happened(self, subject: str, after: int | None, replay: Replay) -> AsyncIterator[Commit]:
        """What concerns this subject beyond a position, or from now on: each commit once, in the order of the log.

        What has been recorded already is asked of `replay`.
        """
        with self._watched(subject) as watch:
            position = watch.since if after is None else after
            while True:
                while found := await anyio.to_thread.run_sync(replay, position, watch.since):
                    for commit in found:
                        position = commit.position
                        yield commit
                async for commit in watch.commits():
                    if commit.position > position:
                        position = commit.position
                        yield commit
                watch.begin_again(self._position)

    @property
    def watches(self) -> int:
        """How many wait."""
        return sum(map(len, self._watches.values()))

    @contextmanager
    def _watched(self, subject: str) -> Iterator[Watch]:
        if self._task is None or self._task.done():
            self._position = self._progress.position()
            self._task = asyncio.get_running_loop().create_task(self._run())
        watch = Watch(self._position)
        self._watches.setdefault(subject, set()).add(watch)
        try:
            yield watch
        finally:
            self._watches[subject].discard(watch)
            if not self._watches[subject]:
                del self._watches[subject]
            if not self._watches and self._task is not None:
                self._task.cancel()

    async def _run(self) -> None:
        while True:
            before = self._position
            try:
                await self._follow(await self._progress.wait_for(before + 1, PATIENCE))
            except Exception as error:
                self._log.warning("gateway.feed.trouble", error=f"{type(error).__name__}: {error}", position=before)
            if self._position == before:
                await asyncio.sleep(REST)

    async def _follow(self, reached: int) -> None:
        while self._position < reached:
            commits = await anyio.to_thread.run_sync(self._history.commits, self._position, AT_ONCE)
            told = await anyio.to_thread.run_sync(self._with_subjects, commits, reached)
            if not told:
                return
            for position, concerned in told:
                for subject, commit in concerned:
                    for watch in self._watches.get(subject, ()):
                        watch.tell(commit)
                self._position = position

    def _with_subjects(self, commits: Sequence[Commit], until: int) -> list[tuple[int, list[tuple[str, Commit]]]]:
        shown = [commit for commit in commits if commit.position <= until]
        return [(commit.position, list(self._subjects(self._history, commit))) for commit in shown]

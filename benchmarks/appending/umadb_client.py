"""UmaDB by its own client.

The optimistic check is a condition: nothing with the stream's tag beyond the position that its writer saw last. (One
client for all threads, and this condition rather than a tag for each version, were the quicker ways, of those tried.)
"""

from __future__ import annotations

import importlib
from types import TracebackType
from typing import Any, Self

from appending.jobs import Job
from appending.load import TOPIC, Commit, states


class UmaDB:
    """Settings: `UMADB_URI`."""

    def __init__(self, job: Job) -> None:
        self._umadb: Any = importlib.import_module("umadb")  # it stands in the peers' environment alone
        self._client = self._umadb.Client(job.settings["UMADB_URI"])

    def writer(self, stream: str, events: int) -> Commit:
        umadb, client, payload = self._umadb, self._client, states(stream, events)
        query = umadb.Query([umadb.QueryItem(tags=[stream])])
        last: int | None = None

        def commit() -> None:
            nonlocal last
            batch = [umadb.Event(TOPIC, state, [stream]) for state in payload]
            last = client.append(batch, umadb.AppendCondition(query, after=last))

        return commit

    def head(self) -> int:
        return self._client.head() or 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

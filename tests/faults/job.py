"""What one writer of a crew is told to do."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from infra.eventlog import open_log


@dataclass(frozen=True)
class Job:
    """What one writer does. `ways` is the number of its threads, or of its concurrent commits on one asyncio loop."""

    name: str
    folder: str
    url: str
    seed: int
    client: str = "auto"
    window: int = 100_000
    deadline: float = 30.0
    ways: int = 4
    entities: int = 12
    pause: float = 0.01
    on_a_loop: bool = False
    silent: bool = False
    """Commits nothing: a node that only folds."""

    @property
    def journal(self) -> Path:
        return Path(self.folder) / f"{self.name}.journal"

    @property
    def index(self) -> Path:
        return Path(self.folder) / f"{self.name}.index"

    @property
    def dump(self) -> Path:
        return Path(self.folder) / f"{self.name}.dump"

    @property
    def embedded(self) -> bool:
        return self.url.startswith("sqlite:")

    def text(self) -> str:
        return json.dumps(asdict(self))

    def open(self, *, create: bool = False) -> Any:
        """The log, as this writer's node."""
        if self.embedded:
            return open_log(self.url, window=self.window)
        return open_log(
            self.url, index=self.index, client=self.client, window=self.window, deadline=self.deadline, create=create
        )

"""A job: what one worker process is told to do, in words that both environments understand."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Job:
    """One load on one store by one process.

    kind: what is driven, a name in `worker.STORES` or `worker.RUNS`.
    settings: where it is, as that kind reads it.
    writers: threads, or concurrent commits of an event loop.
    events: events in each commit; in a run without commits, how much of it.
    name: makes the streams of this process its own.
    """

    kind: str
    settings: dict[str, str] = field(default_factory=dict)
    writers: int = 1
    events: int = 1
    name: str = "a"

    def encoded(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def decoded(cls, text: str) -> Job:
        return cls(**json.loads(text))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a worker did within the window that it was given.

    latencies: seconds of each commit that began in the window.
    recorded: events acknowledged since the store was opened, those of the warm-up included.
    head: the last position that the store knows of, afterwards; None where it counts no events.
    """

    latencies: list[float]
    recorded: int = 0
    head: int | None = None
    figures: dict[str, float] = field(default_factory=dict)

    def encoded(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def decoded(cls, text: str) -> Outcome:
        return cls(**json.loads(text))

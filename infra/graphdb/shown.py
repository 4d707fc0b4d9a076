"""What is shown: the generation that is to be read at the moment, and how far it is."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from infra.graphdb.generation import Generation

CERTAIN: Final = 20.0
"""Seconds for which one may rely on a look at which generation is read. What is read no more is kept longer."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A generation to read from, and how far it is known to be: all that leads there is in place.

    `looked` is the moment at which it was known to be the one to read; None where it does not change.
    """

    generation: Generation
    position: int = 0
    looked: float | None = None

    def certain(self) -> bool:
        """Whether what was read by now was there to be read."""
        return self.looked is None or moment() - self.looked < CERTAIN


def moment() -> float:
    """Seconds by a clock that goes on while the machine is asleep, where there is one."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()

"""Waiting for what is bound to happen."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(holds: Callable[[], bool], seconds: float = 60, about: str = "") -> None:
    """Wait until it holds; raises TimeoutError, with what it is about, if that takes too long."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(about or f"it did not come to that in {seconds:g} s")
        time.sleep(0.005)

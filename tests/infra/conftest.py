"""Networks on disk for the tests of the application."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from installed import NOON, Installed, install

from infra.application import Network


@pytest.fixture
def shaoxing(tmp_path: Path) -> Iterator[Installed]:
    """A network whose clock stands one second past noon."""
    made = install(tmp_path / "data", lambda: NOON + timedelta(seconds=1))
    yield made
    made.network.close()


@pytest.fixture
def second(shaoxing: Installed, tmp_path: Path) -> Iterator[Network]:
    """Another network on the same folder, as another process has it."""
    network = Network(tmp_path / "data")
    yield network
    network.close()

"""What holds for all tests: which rooms are slow as a whole, and that none is timed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("unhurried", settings(), deadline=None)
settings.load_profile("unhurried")

pytest_plugins = ["real_servers"]

SLOW_ROOMS = (
    "benchmarks",
    "conformance",
    "docs",
    "e2e",
    "faults",
    "gateway",
    "infra/cli",
    "infra/eventlog/test_eventlog_engines.py",
    "infra/eventlog/test_eventlog_secured.py",
    "infra/eventlog/test_eventlog_transports.py",
    "infra/graphdb",
    "infra/publishing",
    "infra/sample",
    "infra/servers",
    "infra/test_server.py",
    "scripts",
)
"""Their tests start processes, the graph engine or whole servers; `scripts/check --fast` leaves them out."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of a slow room as slow."""
    rooms = tuple(Path(__file__).parent / room for room in SLOW_ROOMS)
    for item in items:
        if any(item.path.is_relative_to(room) for room in rooms):
            item.add_marker(pytest.mark.slow)

"""What holds for all tests: which rooms are slow as a whole, and that none is timed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1")
"""Servers of tests are short-lived: Java compiles quickly rather than well, which is half the work of a start."""

settings.register_profile("unhurried", settings(), deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """What a command sets up for its process is not that of the tests after it: they read what is logged."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


pytest_plugins = ["real_servers", "one_system", "npm"]

SLOW_ROOMS = (
    "benchmarks",
    "conformance",
    "console",
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
    "statements",
)
"""Their tests start processes, the graph engine or whole servers; `scripts/check --fast` leaves them out."""


ROOMS = tuple(Path(__file__).parent / room for room in SLOW_ROOMS)


def slow(path: Path) -> bool:
    """Whether it is a slow room, or in one."""
    return any(path.is_relative_to(room) for room in ROOMS)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Import nothing of a slow room that is left out as a whole."""
    return True if config.option.markexpr == "not slow" and slow(collection_path) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of a slow room as slow."""
    for item in items:
        if slow(item.path):
            item.add_marker(pytest.mark.slow)

"""The library's own suites hold for the embedded engine."""

from __future__ import annotations

from pathlib import Path

import pytest
from library_suites import suites


def settings(folder: Path, _request: pytest.FixtureRequest) -> dict[str, str]:
    return {"EVENTLOG_URL": f"sqlite:{folder / 'log.db'}"}


globals().update(suites(settings))

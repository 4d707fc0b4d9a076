"""What is installed: every package that there is in the source."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLACES = {"domain": "domain", "projections": "projections", "gateway": "graphql/gateway", "infra": "infra"}


def test_every_package_of_the_source_is_installed() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    assert settings["package-dir"] == PLACES
    found = {
        ".".join((name, *file.parent.relative_to(ROOT / place).parts))
        for name, place in PLACES.items()
        for file in (ROOT / place).rglob("__init__.py")
    }
    assert set(settings["packages"]) == found
    assert len(settings["packages"]) == len(found)

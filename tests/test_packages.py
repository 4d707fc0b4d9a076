"""What is installed: every package that there is in the source."""

from __future__ import annotations

import tomllib
from pathlib import Path

from infra.documents import CHECKOUT, INSTALLED, PATTERN

ROOT = Path(__file__).parents[1]
PLACES = {"domain": "domain", "projections": "projections", "gateway": "graphql/gateway", "infra": "infra"}
FILES = {"gateway.trusted": "graphql/operations"}
"""What is installed as a package and is none: a folder of files, within one."""


def test_every_package_of_the_source_is_installed() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    assert settings["package-dir"] == PLACES | FILES
    found = {
        ".".join((name, *file.parent.relative_to(ROOT / place).parts))
        for name, place in PLACES.items()
        for file in (ROOT / place).rglob("__init__.py")
    }
    assert set(settings["packages"]) == found | FILES.keys()
    assert len(settings["packages"]) == len(found | FILES.keys())


def test_the_documents_that_come_with_it_are_installed_where_they_are_looked_for() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    assert settings["package-dir"][f"gateway.{INSTALLED}"] == f"graphql/{CHECKOUT}"
    assert settings["package-data"][f"gateway.{INSTALLED}"] == [PATTERN]

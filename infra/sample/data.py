"""The data files of the sample network."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def data(name: str) -> dict[str, Any]:
    """A file of the data folder, by its name without the ending."""
    return tomllib.loads(files("infra.sample").joinpath("data", f"{name}.toml").read_text(encoding="utf-8"))


def phrases(noun: str, kind: str) -> tuple[str, ...]:
    """What texts about a noun say besides their topic."""
    return tuple(data("phrases")[noun][kind])

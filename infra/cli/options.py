"""Options that several commands share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from infra.settings import Settings

Data: TypeAlias = Annotated[Path | None, typer.Option(help="The data folder. [default: var, or the setting]")]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


def settings(**given: object) -> Settings:
    """The settings, with what the command line gives before everything else."""
    return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]  # checked by the model


def typed(path: Path) -> str:
    """A path as a person would type it from here."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def program() -> str:
    """How this program was called, so that a hint can be typed as it is printed."""
    return typed(Path(sys.argv[0]))

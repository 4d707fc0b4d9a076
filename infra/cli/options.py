"""Options that several commands share."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from domain.kernel import moments
from infra.cli.failures import USAGE, Failure
from infra.identity.directory import Directory, Person
from infra.identity.persons import LONGEST_SUBJECT, person_of
from infra.settings import Settings

CACHE = "YIZHAN_CACHE"
"""Where development keeps what it fetches: no setting of an installation, and none that is misspelt."""

Data: TypeAlias = Annotated[Path | None, typer.Option(help="The data folder. [default: var, or the setting]")]
AsOf: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="POSITION|TIME",
        help="A position of the log; or a time in ISO 8601 with its offset, or a day, which means all of it in China.",
    ),
]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


def settings(**given: object) -> Settings:
    """The settings, with what the command line gives before everything else; a misspelt variable is a `Failure`."""
    known = {f"YIZHAN_{name.upper()}" for name in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.startswith("YIZHAN_") and name not in known | {CACHE})
    if unknown:
        raise Failure(f"{', '.join(unknown)}: there is no such setting; takes {', '.join(sorted(known))}", USAGE)
    return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]  # checked by the model


def person_of_provider(chosen: Settings, sub: str) -> str:
    """Whom the OpenID provider knows by this name; a `Failure` without a provider, or when nobody has such a name."""
    if chosen.oidc_issuer is None:
        raise Failure("--sub: takes an OpenID provider; its address is the setting `oidc_issuer`", USAGE)
    if not 1 <= len(sub) <= LONGEST_SUBJECT:
        raise Failure(f"--sub: takes 1 to {LONGEST_SUBJECT} characters", USAGE)
    return person_of(chosen.oidc_issuer, sub)


def moment(text: str) -> moments.AsOf:
    """What `--as-of` means; a `Failure` when it is no moment."""
    try:
        return moments.as_of(text)
    except moments.MomentError as error:
        raise Failure(f"--as-of: {error}", USAGE) from None


def person_named(folder: Path, name: str) -> Person:
    """Who acts: somebody of the folder's directory."""
    person = Directory(folder / "people.json").find(name)
    if person is None:
        raise Failure(f"--as {name}: there is nobody of that name in {folder}; `yizhan sample` makes a network", USAGE)
    return person


def typed(path: Path) -> str:
    """A path as a person would type it from here."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def program() -> str:
    """How this program was called, so that a hint can be typed as it is printed."""
    return typed(Path(sys.argv[0]))

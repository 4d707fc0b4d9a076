"""`yizhan token`: a bearer token of the development issuer."""

from __future__ import annotations

from typing import Annotated

import typer

from infra.application import now
from infra.cli.failures import USAGE, Failure
from infra.cli.options import Data, settings
from infra.identity.directory import Directory
from infra.identity.tokens import issue, signing_key


def token(
    as_: Annotated[str, typer.Option("--as", help="Who signs in: a name of this installation's directory.")],
    data: Data = None,
    hours: Annotated[float, typer.Option(min=0.01, max=24 * 30, help="How long it holds.")] = 12,
) -> None:
    """Print a token for somebody in the directory of this installation (development only)."""
    chosen = settings(data=data)
    if not chosen.development_sign_in:
        raise Failure(
            f"the development issuer is off: people sign in at {chosen.oidc_issuer}, "
            "unless the setting `development_tokens` is true"
        )
    directory = Directory(chosen.data / "people.json")
    person = directory.find(as_)
    if person is None:
        names = ", ".join(each.name for each in directory.people()) or "nobody yet: yizhan sample puts people into it"
        raise Failure(f"--as {as_}: there is nobody of that name; takes one of: {names}", USAGE)
    print(issue(signing_key(chosen.data / "issuer.pem"), person, now(), hours))

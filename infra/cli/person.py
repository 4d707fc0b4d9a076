"""`yizhan person`: the id under which the log knows somebody of the OpenID provider."""

from __future__ import annotations

from typing import Annotated

import orjson
import typer

from infra.cli.options import Json, person_of_provider, settings


def person(
    sub: Annotated[str, typer.Option(help="Whom: the claim `sub` of their tokens, as the provider shows it.")],
    json: Json = False,
) -> None:
    """Print the id of a person of the OpenID provider, by which they are appointed."""
    chosen = settings()
    id = person_of_provider(chosen, sub)
    print(orjson.dumps({"id": id, "issuer": chosen.oidc_issuer, "sub": sub}).decode() if json else id)

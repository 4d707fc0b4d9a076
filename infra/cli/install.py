"""`yizhan install`: an empty network of one's own, with its national station and first administrator."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

import typer

from domain.installation import Install
from domain.kernel.context import Context
from domain.kernel.days import day_of
from domain.stations import NATIONAL_STATION
from domain.values import Bilingual
from infra.application import now
from infra.cli.failures import USAGE, Failure
from infra.cli.opening import opened
from infra.cli.options import Data, person_of_provider, program, settings, typed
from infra.identity.directory import Directory, Person, person_id
from infra.settings import Settings


def install(
    station: Annotated[str, typer.Option(help="The Chinese name of the national station.")],
    region: Annotated[str, typer.Option(help="Its region by GB/T 2260, six digits, such as 110108 (海淀区).")],
    administrator: Annotated[str, typer.Option(help="The name of the first administrator.")],
    name: Annotated[str, typer.Option(help="The short name under which the administrator signs in.")] = "administrator",
    sub: Annotated[
        str | None,
        typer.Option(help="With an OpenID provider: the administrator, by the claim `sub` of their tokens."),
    ] = None,
    data: Data = None,
) -> None:
    """Install an empty network: the national station, open from today on, and its first administrator."""
    chosen = settings(data=data)
    folder = chosen.data
    administrator_id = _administrator_id(chosen, name, sub)
    network = opened(chosen)
    try:
        command = Install(
            name=Bilingual(zh=station),
            region=region,
            opened_on=day_of(now()),
            administrator_id=administrator_id,
            administrator_name=administrator,
        )
        network.perform(command, Context(actor=administrator_id, request_id=f"install/{uuid4().hex}", at=now()))
        about = f"administrator at {station} (national)"
        Directory(folder / "people.json").add(Person(name, administrator_id, NATIONAL_STATION, about))
    finally:
        network.close()
    token = f"a token of {chosen.oidc_issuer}" if sub else f"{program()} token --data {typed(folder)} --as {name}"
    print(f"{NATIONAL_STATION}  {station}; sign in with: {token}")


def _administrator_id(chosen: Settings, name: str, sub: str | None) -> str:
    """Who is appointed first: somebody who can sign in here."""
    if sub is not None:
        return person_of_provider(chosen, sub)
    if not chosen.development_sign_in:
        raise Failure(f"people sign in at {chosen.oidc_issuer}: takes --sub, the administrator's name there", USAGE)
    return person_id(name)

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
from infra.cli.opening import opened
from infra.cli.options import Data, program, settings, typed
from infra.identity.directory import Directory, Person, person_id


def install(
    station: Annotated[str, typer.Option(help="The Chinese name of the national station.")],
    region: Annotated[str, typer.Option(help="Its region by GB/T 2260, six digits, such as 110108 (海淀区).")],
    administrator: Annotated[str, typer.Option(help="The name of the first administrator.")],
    name: Annotated[str, typer.Option(help="The short name under which the administrator signs in.")] = "administrator",
    data: Data = None,
) -> None:
    """Install an empty network: the national station, open from today on, and its first administrator."""
    chosen = settings(data=data)
    folder = chosen.data
    network = opened(chosen)
    try:
        command = Install(
            name=Bilingual(zh=station),
            region=region,
            opened_on=day_of(now()),
            administrator_id=person_id(name),
            administrator_name=administrator,
        )
        network.perform(command, Context(actor=person_id(name), request_id=f"install/{uuid4().hex}", at=now()))
        about = f"administrator at {station} (national)"
        Directory(folder / "people.json").add(Person(name, person_id(name), NATIONAL_STATION, about))
    finally:
        network.close()
    print(f"{NATIONAL_STATION}  {station}; sign in with: {program()} token --data {typed(folder)} --as {name}")

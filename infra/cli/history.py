"""`yizhan history`: what happened to an entity."""

from __future__ import annotations

from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from gateway.roots.history import events
from infra.cli.failures import USAGE, Failure
from infra.cli.opening import opened
from infra.cli.options import Data, Json, settings
from infra.networks import begun

MOST = 100_000


def history(
    id: Annotated[str, typer.Argument(metavar="ID", help="The entity, such as need_01h455vb4pex5vsknk084sn02q.")],
    data: Data = None,
    as_of: Annotated[int | None, typer.Option(min=0, help="Only what stood in the log at this position.")] = None,
    json: Json = False,
) -> None:
    """Print what happened to an entity: who did what, when, for which station."""
    chosen = settings(data=data)
    if not begun(chosen):
        raise Failure(f"{chosen.data}: there is no network in this folder; `yizhan sample` makes one", USAGE)
    network = opened(chosen)
    try:
        found = [event for event in events(network.history(id, 0, MOST)) if as_of is None or event["position"] <= as_of]
    finally:
        network.close()
    if not found:
        raise Failure(f"the log knows nothing of {id}")
    if json:
        print(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
        return
    table = Table("position", "when", "what", "who", "station", "fact", box=None, pad_edge=False)
    for event in found:
        table.add_row(
            str(event["position"]),
            event["happened_at"][:19],
            event["topic"],
            event["actor"],
            event["station"] or "",
            orjson.dumps(event["data"]).decode(),
        )
    Console(highlight=False, markup=False).print(table)

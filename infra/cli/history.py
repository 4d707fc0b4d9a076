"""`yizhan history`: what happened to an entity."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from gateway.roots.history import events
from infra.cli.failures import Failure
from infra.cli.opening import opened, with_network
from infra.cli.options import AsOf, Data, Json, moment, settings
from infra.past import NetworkPasts

MOST = 100_000


def history(
    id: Annotated[str, typer.Argument(metavar="ID", help="The entity, such as need_01h455vb4pex5vsknk084sn02q.")],
    data: Data = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Print what happened to an entity: who did what, when, for which station. With --as-of, up to then."""
    wanted = None if as_of is None else moment(as_of)
    with ExitStack() as stack:
        network = opened(with_network(settings(data=data)))
        stack.callback(network.close)
        until = None if wanted is None else stack.enter_context(NetworkPasts(network)).position(wanted)
        found = [event for event in events(network.history(id, 0, MOST)) if until is None or event["position"] <= until]
    if not found:
        raise Failure(f"the log knows nothing of {id}{'' if as_of is None else f' as of {as_of}'}")
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

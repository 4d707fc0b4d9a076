"""`yizhan rebuild` and `yizhan generations`: the graph again from the log, and which graphs there are."""

from __future__ import annotations

import logging
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from infra.cli.opening import with_network
from infra.cli.operating import carried_out
from infra.cli.options import AsOf, Data, Json, moment, settings
from infra.logs import configure


def rebuild(
    data: Data = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Build the graph again from the log, while the one that is there is read; then read the new one.

    With --as-of, build it as it was then, beside the one that is read.
    """
    if as_of is not None:
        moment(as_of)
    chosen = with_network(settings(data=data))
    configure(logging.WARNING)
    done = carried_out(chosen, "rebuild", "rebuilding", **({} if as_of is None else {"as_of": as_of}))
    position, seconds = done["position"], done["seconds"]
    if json:
        print(orjson.dumps(done).decode())
    else:
        what = "is read now" if as_of is None else f"holds the graph as of {position:,}"
        about = f"{position:,} events in {seconds:.1f} s, {position / max(seconds, 0.001):,.0f} a second"
        print(f"generation {done['generation']} {what}: {about}")


def generations(
    data: Data = None,
    remove: Annotated[int | None, typer.Option(metavar="GENERATION", help="Remove one that was kept.")] = None,
    json: Json = False,
) -> None:
    """List the graphs that there are: the one that is read, those being built, kept, or about to be removed."""
    chosen = with_network(settings(data=data))
    if remove is not None:
        carried_out(chosen, "remove", "removing", generation=remove)
        print(orjson.dumps({"removed": remove}).decode() if json else f"generation {remove} is removed")
        return
    found = carried_out(chosen, "generations", "looking")
    if json:
        print(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
        return
    table = Table("generation", "version", "state", "position", "owner", "stopped", box=None, pad_edge=False)
    for each in found["generations"]:
        table.add_row(*(f"{value:,}" if isinstance(value, int) else value or "" for value in each.values()))
    Console(highlight=False, markup=False).print(table)

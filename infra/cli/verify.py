"""`yizhan verify`: what is claimed, checked against the log."""

from __future__ import annotations

import logging
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table

from infra.cli.failures import REFUSED
from infra.cli.opening import with_network
from infra.cli.operating import carried_out
from infra.cli.options import Data, Json, settings
from infra.logs import configure


def verify(
    data: Data = None,
    graph: Annotated[
        bool, typer.Option("--graph", help="Compare the graph with an independent fold of the log. [default: all]")
    ] = False,
    json: Json = False,
) -> None:
    """Check the graph against the log, node for node and link for link. Exits with 1 when they differ.

    Projecting rests for that long; reading and recording go on.
    """
    configure(logging.WARNING)
    found = carried_out(with_network(settings(data=data)), "verify", "verifying")
    if json:
        print(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
    else:
        _print(found)
    if found["differing"]:
        raise typer.Exit(REFUSED)


def _print(found: dict[str, Any]) -> None:
    skipped = f", {len(found['skipped'])} events skipped" if found["skipped"] else ""
    about = f"{found['nodes']:,} nodes and {found['links']:,} links at position {found['position']:,}{skipped}"
    if not found["differing"]:
        print(f"the graph is what the log makes: {about}")
        return
    print(f"the graph is not what the log makes: {found['differing']:,} differences in {about}")
    table = Table("what", "by the log", "in the graph", box=None, pad_edge=False)
    for each in found["differences"]:
        what = each.get("node") or f"{each['source']} {each['link']} {each['target']}"
        table.add_row(what, *(_shown(each[side]) for side in ("expected", "found")))
    Console(highlight=False, markup=False).print(table)


def _shown(held: dict[str, Any] | None) -> str:
    return "nothing" if held is None else orjson.dumps(held).decode()

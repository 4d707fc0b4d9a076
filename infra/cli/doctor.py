"""`yizhan doctor`: whether the installation is well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from infra.cli.failures import OUT_OF_REACH, REFUSED, USAGE, Failure
from infra.cli.options import Data, Json, settings
from infra.doctor import Finding, State, examine
from infra.eventlog.keeping import folded, put_aside
from infra.networks import EMBEDDED, indexes
from infra.settings import Settings

SIGNS = {
    State.WELL: "[green]ok[/]",
    State.WARNING: "[yellow]!![/]",
    State.ILL: "[red]NO[/]",
    State.OUT_OF_REACH: "[red]??[/]",
}


def doctor(
    data: Data = None,
    accept_log: Annotated[
        bool,
        typer.Option("--accept-log", help="Put indexes aside that are of another log than the one there is now."),
    ] = False,
    json: Json = False,
) -> None:
    """Look at settings, disk, keys, log and server, and say what is not well. Changes nothing, but for --accept-log.

    Exits with 1 when something is not well, and with 3 when a service is out of reach.
    """
    chosen = settings(data=data)
    findings = list(_accepted(chosen)) if accept_log else []
    findings += examine(chosen)
    if json:
        print(orjson.dumps([asdict(each) for each in findings], option=orjson.OPT_INDENT_2).decode())
    else:
        table = Table("", "what", "found", box=None, pad_edge=False)
        for each in findings:
            table.add_row(SIGNS[each.state], each.about, each.said.replace("[", "\\["))
        Console(highlight=False).print(table)
    states = {each.state for each in findings}
    if State.ILL in states:
        raise typer.Exit(REFUSED)
    if State.OUT_OF_REACH in states:
        raise typer.Exit(OUT_OF_REACH)


def _accepted(chosen: Settings) -> Iterator[Finding]:
    """Put aside each index that was folded from another log."""
    if chosen.log == EMBEDDED:
        raise Failure("--accept-log is for a log in Kafka; the embedded log is its own index", USAGE)
    ill = {each.about: each.said for each in examine(chosen) if each.state is State.ILL}
    if "log" in ill:
        raise Failure(f"the log itself is not whole, and an index may be the only copy left: {ill['log']}")
    for index in indexes(chosen.data):
        if f"index {index.name}" in ill and folded(index) is not None:
            yield Finding(f"index {index.name}", State.WARNING, f"put aside as {put_aside(index)}")

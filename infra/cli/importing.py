"""`yizhan import`: files of profiles, needs and achievements, recorded for a station."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from domain.kernel.days import day_of
from infra.application import now
from infra.cli.failures import REFUSED, USAGE, Failure
from infra.cli.opening import opened
from infra.cli.options import Data, Json, person_named, settings
from infra.imports.report import FileReport, Report
from infra.imports.run import Importer
from infra.rehearsal import Rehearsal
from infra.stations import station_named

WIDE = 200
"""Columns of a table that no terminal shows."""


def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="POD v6 XML, profile page JSON, CSV.")],
    data: Data = None,
    station: Annotated[
        str | None, typer.Option(help="For which station: its id or its name. [default: the station of --as]")
    ] = None,
    as_: Annotated[str, typer.Option("--as", help="Who imports: a name of the directory.")] = "administrator",
    today: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day by which dates are judged. [default: now]")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and record nothing.")] = False,
    json: Json = False,
) -> None:
    """Import files. What cannot be read or is refused is quarantined with its reason; the rest goes on.

    Importing the same again changes nothing and says so. Exits with 1 when something was quarantined.
    """
    missing = [str(file) for file in files if not file.is_file()]
    if missing:
        raise Failure(f"{', '.join(missing)}: there is no such file", USAGE)
    chosen = settings(data=data)
    folder = chosen.data
    network = opened(chosen)
    try:
        person = person_named(folder, as_)
        target = station_named(network, station) if station else person.station_id
        if target is None:
            raise Failure(f"--station {station}: there is no station of that id or name", USAGE)
        importer = Importer(
            book=Rehearsal(network) if dry_run else network,
            vault=network.vault,
            actor=person.person_id,
            acting_for=person.station_id,
            station_id=target,
            today=today.date() if today else day_of(now()),
            clock=now,
        )
        with _progress() as (read, recorded):
            report = importer.files(files, dry_run, read, recorded)
    finally:
        network.close()
    if json:
        print(orjson.dumps(report.as_json(), option=orjson.OPT_INDENT_2).decode())
    else:
        _print(report)
    if report.counts()["quarantined"]:
        raise typer.Exit(REFUSED)


@contextmanager
def _progress() -> Iterator[tuple[Callable[[Path, int], None], Callable[[FileReport, int], None]]]:
    """A bar on standard error for each file: bytes while it is read, records while they are recorded."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        tasks: dict[str, int] = {}

        def read(path: Path, count: int) -> None:
            task = tasks.setdefault(f"{path} read", -1)
            if task == -1:
                size = path.stat().st_size
                task = tasks[f"{path} read"] = progress.add_task(f"{path.name}: bytes", total=size)
            progress.update(task, completed=count)  # type: ignore[arg-type]  # rich's TaskID is an int

        def recorded(file: FileReport, total: int) -> None:
            task = tasks.setdefault(f"{file.file} recorded", -1)
            if task == -1:
                name = Path(file.file).name
                task = tasks[f"{file.file} recorded"] = progress.add_task(f"{name}: records", total=total)
            progress.advance(task)  # type: ignore[arg-type]  # rich's TaskID is an int

        yield read, recorded


def _print(report: Report) -> None:
    console = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else WIDE)
    table = Table(Column("file", overflow="fold"), "kind", *report.counts(), box=None, pad_edge=False)
    for file in report.files:
        table.add_row(Path(file.file).name, file.kind or "unknown", *map(str, file.counts().values()))
    if len(report.files) > 1:
        table.add_row("all", "", *map(str, report.counts().values()))
    console.print(table)
    for file in report.files:
        for note in file.notes:
            console.print(f"{Path(file.file).name}: {note}")
        for line in file.lines:
            for warning in line.warnings:
                console.print(f"{Path(file.file).name}, {line.where}: {warning}")
        for each in file.quarantined:
            console.print(f"{Path(each.file).name}, {each.where}: {each.code}: {each.reason}; takes {each.accepted}")
    if report.dry_run:
        console.print("a dry run: nothing was recorded")

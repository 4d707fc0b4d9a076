"""What an import came to, as a table and as lines; and its progress while it goes on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from infra.imports.report import FileReport, Report

WIDE = 200
"""Columns of a table that no terminal shows."""


@contextmanager
def progress() -> Iterator[tuple[Callable[[Path, int], None], Callable[[FileReport, int], None]]]:
    """A bar on standard error for each file: bytes while it is read, records while they are recorded."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, int] = {}

        def read(path: Path, count: int) -> None:
            task = tasks.setdefault(f"{path} read", -1)
            if task == -1:
                size = path.stat().st_size
                task = tasks[f"{path} read"] = bars.add_task(f"{path.name}: bytes", total=size)
            bars.update(task, completed=count)  # type: ignore[arg-type]  # rich's TaskID is an int

        def recorded(file: FileReport, total: int) -> None:
            task = tasks.setdefault(f"{file.file} recorded", -1)
            if task == -1:
                name = Path(file.file).name
                task = tasks[f"{file.file} recorded"] = bars.add_task(f"{name}: records", total=total)
            bars.advance(task)  # type: ignore[arg-type]  # rich's TaskID is an int

        yield read, recorded


def shown(report: Report, json: bool) -> None:
    """Print the report, for scripts or for people."""
    if json:
        print(orjson.dumps(report.as_json(), option=orjson.OPT_INDENT_2).decode())
    else:
        printed(report)


def printed(report: Report) -> None:
    """Print a table of the files, and a line for each thing that a person should look at."""
    console = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else WIDE)
    table = Table(Column("file", overflow="fold"), "kind", *report.counts(), box=None, pad_edge=False)
    for file in report.files:
        table.add_row(Path(file.file).name, file.kind or "unknown", *map(str, file.counts().values()))
    if len(report.files) > 1:
        table.add_row("all", "", *map(str, report.counts().values()))
    console.print(table)
    for file in report.files:
        for note in file.all_notes:
            console.print(f"{Path(file.file).name}: {note}")
        for line in file.lines:
            for warning in line.warnings:
                console.print(f"{Path(file.file).name}, {line.where}: {warning}")
        for each in file.quarantined:
            console.print(f"{Path(each.file).name}, {each.where}: {each.code}: {each.reason}; takes {each.accepted}")
    for gone in report.removed:
        console.print(f"{gone.reference}: the listing holds it no longer: removed")
    if report.not_removed:
        console.print(f"nothing was removed: {report.not_removed}")
    if report.dry_run:
        console.print("a dry run: nothing was recorded")

"""Opening the network of a data folder from the command line, with a bar while much of the log is still to be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from infra.application import Network
from infra.cli.failures import USAGE, Failure
from infra.eventlog.opening import Progress as Report
from infra.networks import begun, open_network
from infra.settings import Settings


def with_network(chosen: Settings) -> Settings:
    """The same settings, if there may be a network where they say."""
    if not begun(chosen):
        raise Failure(f"{chosen.data}: there is no network in this folder; `yizhan sample` makes one", USAGE)
    return chosen


def opened(settings: Settings) -> Network:
    """The network of these settings."""
    with reading_the_log() as report:
        return open_network(settings, progress=report)


@contextmanager
def reading_the_log() -> Iterator[Report]:
    """A bar on standard error, where that is a terminal."""
    columns = (TextColumn("reading the log"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None, visible=False)
        yield lambda done, total: bar.update(task, completed=done, total=total, visible=True)

"""`yizhan sample`: a sample network in the data folder, for trying things out and for load."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from infra.application import Network
from infra.cli.failures import USAGE, Failure
from infra.cli.opening import opened
from infra.cli.options import Data, Json, settings
from infra.identity.directory import Directory
from infra.sample.pilot import EARLIEST, LATEST, MOST_STATIONS, Pilot
from infra.sample.standing import Standing, standing

if TYPE_CHECKING:
    from infra.sample.recording import Progress as Report


def sample(
    data: Data = None,
    seed: Annotated[int | None, typer.Option(min=0, help="The same seed, the same network. [default: 1]")] = None,
    stations: Annotated[
        int | None, typer.Option(min=1, max=MOST_STATIONS, help="Base stations, at regional ones. [default: 20]")
    ] = None,
    visits: Annotated[
        int | None, typer.Option(min=20, max=100_000, help="Visits, each with a need. [default: 1000]")
    ] = None,
    today: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day. [default: 2026-11-20]")
    ] = None,
    events: Annotated[int, typer.Option(min=0, max=5_000_000, help="Go on until the log holds so many events.")] = 0,
    json: Json = False,
) -> None:
    """Record a sample network: stations, needs, EEN profiles, deals. A folder that has a network stays as it is."""
    began = time.monotonic()
    chosen = settings(data=data)
    folder = chosen.data
    network = opened(chosen)
    try:
        held, begun = standing(network)
        if held is Standing.OTHER or (held is Standing.FINISHED and network.head() >= events):
            _present(network.head(), json, str(folder))
            return
        pilot = _chosen(begun, seed=seed, stations=stations, visits=visits, today=today.date() if today else None)
        made = _record(network, Directory(folder / "people.json"), pilot, held, events)
        _summary(made, network.head(), time.monotonic() - began, json)
    finally:
        network.close()


def _chosen(begun: Pilot | None, **given: int | date | None) -> Pilot:
    """The network to record: the one that was begun in the folder, if there is one, and no other."""
    wanted = {name: value for name, value in given.items() if value is not None}
    chosen = replace(begun or Pilot(), **wanted)  # type: ignore[arg-type]  # each of the type of its field
    if begun is not None and chosen != begun:
        options = f"--seed {begun.seed} --stations {begun.stations} --visits {begun.visits} --today {begun.today}"
        raise Failure(f"the folder holds a sample recorded with {options}; takes these, or an empty folder", USAGE)
    if not EARLIEST <= chosen.today <= LATEST:
        raise Failure(f"--today {chosen.today}: takes a day from {EARLIEST} to {LATEST}", USAGE)
    return chosen


def _record(network: Network, directory: Directory, pilot: Pilot, held: Standing, events: int) -> Counter[str]:
    from infra.sample.recording import record_pilot, record_rounds

    made: Counter[str] = Counter()
    if held is not Standing.FINISHED:
        with _bar("steps") as report:
            made += record_pilot(network, directory, pilot, report)
    if events:
        with _bar("events") as report:
            made += record_rounds(network, pilot, events, report)
    return made


@contextmanager
def _bar(what: str) -> Iterator[Report]:
    """A progress bar on standard error."""
    columns = (TextColumn("sample network"), BarColumn(), MofNCompleteColumn(), TextColumn(what), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _present(head: int, json: bool, folder: str) -> None:
    if json:
        print(orjson.dumps({"recorded": False, "events": head}).decode())
    else:
        print(f"{folder} has a network already ({head:,} events); nothing was recorded")


def _summary(made: Counter[str], head: int, seconds: float, json: bool) -> None:
    if json:
        answer = {"recorded": True, "events": head, "seconds": round(seconds, 2), "made": dict(sorted(made.items()))}
        print(orjson.dumps(answer).decode())
        return
    for noun, number in sorted(made.items()):
        print(f"{number:>9,} {noun}{'es' if noun.endswith('ch') else 's'}")
    print(f"{head:>9,} events in the log, after {seconds:.1f} s")

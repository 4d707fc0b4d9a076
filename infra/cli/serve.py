"""`yizhan serve`: API, projector and graph in one process, or in a network API and projectors apart."""

from __future__ import annotations

import signal
import time
from contextlib import ExitStack
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from infra.announcing import announced
from infra.cli.failures import USAGE, Failure
from infra.cli.opening import reading_the_log
from infra.cli.options import Data, program, settings, typed
from infra.graphdb.keeper import Keeper
from infra.graphdb.pulse import EVERY, Pulse
from infra.graphs import EMBEDDED
from infra.identity.directory import Directory
from infra.logs import configure
from infra.server import listening, running, unwinding
from infra.server import serve as serve_http
from infra.settings import Settings

CATCHING_UP = 0.05
"""Seconds between two looks at how far the graph is."""
PATIENCE = 60.0
"""Seconds for which the start waits for the graph; after that it serves what is there."""


class Only(StrEnum):
    """A part of the system that a process may be alone."""

    API = "api"
    PROJECTOR = "projector"


def serve(
    data: Data = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on. [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on; 0 takes a free one. [default: 8000]")] = None,
    only: Annotated[
        Only | None, typer.Option(help="In a network: only answer, or only project. [default: both]")
    ] = None,
) -> None:
    """Serve the network of a data folder: GraphQL at /graphql, until Ctrl+C."""
    configure()
    chosen = settings(data=data, host=host, port=port)
    if only is not None and chosen.graph == EMBEDDED:
        raise Failure("the embedded graph belongs to one process: --only needs Neo4j, see the setting `graph`", USAGE)
    if only is Only.PROJECTOR:
        project(chosen)
    else:
        answer(chosen, projects=only is None)


def project(chosen: Settings) -> None:
    """Bring the graph up to the log, or stand by for one that does, until the process is told to stop."""
    if chosen.pulse is not None and not chosen.pulse.parent.is_dir():
        raise Failure(f"pulse: takes a file in a folder that there is, and there is no {chosen.pulse.parent}", USAGE)
    with unwinding(signal.SIGINT, signal.SIGTERM), ExitStack() as stack:
        with reading_the_log() as report:
            system = stack.enter_context(running(chosen, progress=report))
        print(f"projecting {chosen.log} into {chosen.graph}; Ctrl+C ends it", flush=True)
        log = system.network.log_of_record
        pulse = Pulse(chosen.pulse, system.keeper, lambda: log.measures().stopped) if chosen.pulse else None
        while True:
            if pulse is not None:
                pulse.beat()
            time.sleep(EVERY)


def answer(chosen: Settings, *, projects: bool) -> None:
    """Answer requests until the process is told to stop."""
    with (
        unwinding(signal.SIGINT, signal.SIGTERM),
        listening(chosen.host, chosen.port) as listener,
        ExitStack() as stack,
    ):
        with reading_the_log() as report:
            system = stack.enter_context(running(chosen, progress=report, projects=projects))
        address = f"http://{chosen.host}:{listener.getsockname()[1]}"
        stack.enter_context(announced(chosen.data, address))
        console = Console(stderr=True, highlight=False)
        behind = caught_up(system.keeper, console)
        print(f"{address}/  open this; GraphQL answers at {address}/graphql", flush=True)
        if behind:
            console.print(
                f"the graph is still {behind:,} events behind the log; see {program()} lag --server {address}"
            )
        say_who_signs_in(chosen, console)
        serve_http(system.gateway, listener, chosen.proxies)


def say_who_signs_in(chosen: Settings, console: Console) -> None:
    """Where tokens come from."""
    if chosen.oidc_issuer is not None:
        console.print(f"sign in: tokens of {chosen.oidc_issuer} for the audience {chosen.oidc_audience}")
    people = Directory(chosen.data / "people.json").people() if chosen.development_sign_in else ()
    if people:
        console.print(f"sign in: {program()} token --data {typed(chosen.data)} --as NAME, where NAME is one of:")
        for person in people:
            console.print(f"  {person.name:<15} {person.about}")


def caught_up(keeper: Keeper, console: Console, seconds: float = PATIENCE) -> int:
    """Wait, with a progress bar, until the graph has caught up with the log; gives how far it is behind after that."""
    columns = (TextColumn("the graph catches up"), BarColumn(), MofNCompleteColumn(), TextColumn("events"))
    deadline = time.monotonic() + seconds
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=keeper.position + keeper.lag())
        while not (keeper.ready() and keeper.lag() == 0) and keeper.stopped is None and time.monotonic() < deadline:
            time.sleep(CATCHING_UP)
            progress.update(task, completed=keeper.position)
    return keeper.lag()

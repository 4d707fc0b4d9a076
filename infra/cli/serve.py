"""`yizhan serve`: API, projector and graph in one process."""

from __future__ import annotations

import signal
import time
from contextlib import ExitStack
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from infra.cli.opening import reading_the_log
from infra.cli.options import Data, program, settings, typed
from infra.graphdb.projector import Projector
from infra.identity.directory import Directory
from infra.logs import configure
from infra.server import listening, running, unwinding
from infra.server import serve as answer

PATIENCE = 60.0
"""Seconds for which the start waits for the graph; after that it serves what is there."""


def serve(
    data: Data = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on. [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on; 0 takes a free one. [default: 8000]")] = None,
) -> None:
    """Serve the network of a data folder: GraphQL at /graphql, until Ctrl+C."""
    configure()
    chosen = settings(data=data, host=host, port=port)
    with (
        unwinding(signal.SIGINT, signal.SIGTERM),
        listening(chosen.host, chosen.port) as listener,
        ExitStack() as stack,
    ):
        with reading_the_log() as report:
            system = stack.enter_context(running(chosen, progress=report))
        address = f"http://{chosen.host}:{listener.getsockname()[1]}"
        console = Console(stderr=True, highlight=False)
        behind = caught_up(system.projector, console)
        print(f"{address}/  open this; GraphQL answers at {address}/graphql", flush=True)
        if behind:
            console.print(
                f"the graph is still {behind:,} events behind the log; see {program()} lag --server {address}"
            )
        people = Directory(chosen.data / "people.json").people()
        if people:
            console.print(f"sign in: {program()} token --data {typed(chosen.data)} --as NAME, where NAME is one of:")
            for person in people:
                console.print(f"  {person.name:<15} {person.about}")
        answer(system.gateway, listener)


def caught_up(projector: Projector, console: Console, seconds: float = PATIENCE) -> int:
    """Wait, with a progress bar, until the graph has caught up with the log; gives how far it is behind after that."""
    columns = (TextColumn("the graph catches up"), BarColumn(), MofNCompleteColumn(), TextColumn("events"))
    deadline = time.monotonic() + seconds
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=projector.position + projector.lag())
        while projector.lag() and projector.stopped is None and time.monotonic() < deadline:
            progress.update(task, completed=projector.wait_for(projector.position + 1, 0.2))
    return projector.lag()

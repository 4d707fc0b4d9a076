"""Operating an installation from the command line: through the server that runs on the data folder, or without one."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Event
from types import FrameType
from typing import Any

import httpx
import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from infra.announcing import server_of
from infra.application import now
from infra.cli.failures import OUT_OF_REACH, Failure
from infra.cli.opening import opened
from infra.graphdb.generations import Generations
from infra.graphdb.rebuild import Report
from infra.graphs import EMBEDDED, open_graph
from infra.identity.tokens import issue_operator, signing_key
from infra.operations import OperationError, Operations, Result
from infra.past import NetworkPasts
from infra.settings import Settings
from projections.network import network as network_projection

PATIENCE = httpx.Timeout(10.0, read=60.0)


def carried_out(settings: Settings, act: str, about: str, **parameters: Any) -> Result:
    """Have it done, with a bar on standard error where that is a terminal. Ctrl+C breaks it off cleanly.

    The embedded graph belongs to the server that runs on it, if one does; everything else is done here.
    """
    address = server_of(settings.data) if settings.graph == EMBEDDED else None
    with bar(about) as report, interruptible() as stop:
        if address is not None:
            return _there(settings, address, act, parameters, report, stop)
        return _here(settings, act, parameters, report, stop)


def _here(settings: Settings, act: str, parameters: dict[str, Any], report: Report, stop: Event) -> Result:
    with ExitStack() as stack:
        network = opened(settings)
        stack.callback(network.close)
        pasts = stack.enter_context(NetworkPasts(network))
        engine = stack.enter_context(open_graph(settings)).engine
        driver = stack.enter_context(engine.driver())
        operations = Operations(Generations(engine, driver, network_projection()), driver, network, pasts)
        try:
            return operations.carry_out(act, parameters, report, stop)
        except OperationError as error:
            raise Failure(str(error)) from None


def _there(
    settings: Settings, address: str, act: str, parameters: dict[str, Any], report: Report, stop: Event
) -> Result:
    token = issue_operator(signing_key(settings.data / "issuer.pem"), now())
    url, headers = f"{address}/operate/{act}", {"Authorization": f"Bearer {token}"}
    try:
        with httpx.stream("POST", url, json=parameters, headers=headers, timeout=PATIENCE) as response:
            response.raise_for_status()
            for line in response.iter_lines():
                word = orjson.loads(line)
                if "error" in word:
                    raise Failure(word["error"])
                if "result" in word:
                    result: Result = word["result"]
                    return result
                report(word["done"], word["total"])
                if stop.is_set():
                    raise Failure("broken off")
    except (httpx.HTTPError, orjson.JSONDecodeError) as error:
        raise Failure(f"{address} did not see it through: {error or type(error).__name__}", OUT_OF_REACH) from None
    raise Failure(f"{address} did not say what came of it", OUT_OF_REACH)


class Rate(ProgressColumn):
    """Events a second, as of late."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed else "")


@contextmanager
def bar(about: str) -> Iterator[Report]:
    """A bar with a rate on standard error, where that is a terminal."""
    columns = (
        TextColumn(about),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("events"),
        Rate(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None, visible=False)
        yield lambda done, total: progress.update(task, completed=done, total=total or None, visible=True)


@contextmanager
def interruptible() -> Iterator[Event]:
    """What SIGINT and SIGTERM set, instead of ending the process in the middle."""
    stop = Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    handlers = {each: signal.signal(each, end) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for each, handler in handlers.items():
            signal.signal(each, handler)

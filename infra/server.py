"""The whole system in one process: log, projector, graph engine and gateway over one data folder."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event, Thread
from types import FrameType
from typing import Protocol

import uvicorn
from starlette.applications import Starlette

from gateway.ports import Services
from gateway.server import application
from infra.application import Network, now
from infra.errors import OutOfReachError
from infra.eventlog.opening import Progress
from infra.gloss import CedictGloss
from infra.graphdb.arcadedb import ArcadeDB
from infra.graphdb.engine import ArcadeDBEngine
from infra.graphdb.projector import Projector
from infra.graphdb.reader import Neo4jReader
from infra.graphdb.writer import Writer
from infra.identity.tokens import DevelopmentIdentities, signing_key
from infra.metrics import Figures
from infra.networks import EMBEDDED, kafka_client, open_network
from infra.publishing.kafka import KafkaOutlet
from infra.publishing.lines import LinesOutlet
from infra.publishing.outlet import Outlet
from infra.publishing.publisher import Publisher
from infra.settings import Settings
from projections.network import network as network_projection
from projections.projection import Projection


class PortTakenError(OutOfReachError):
    """Something else listens on the port already."""


@dataclass(frozen=True, slots=True)
class ProjectorProgress:
    """The projector of this process, as the gateway waits for it."""

    projector: Projector

    async def wait_for(self, position: int, seconds: float) -> int:
        if (reached := self.projector.position) >= position:
            return reached
        self.projector.wake()
        return await asyncio.to_thread(self.projector.wait_for, position, seconds)

    def lag(self) -> int:
        return self.projector.lag()

    def stopped(self) -> str | None:
        return self.projector.stopped


@dataclass(frozen=True, slots=True)
class Running:
    """A running system: its log, its projector, and the gateway as an ASGI application."""

    network: Network
    projector: Projector
    engine: ArcadeDBEngine
    services: Services
    gateway: Starlette


@contextmanager
def running(
    settings: Settings, clock: Callable[[], datetime] = now, progress: Progress | None = None
) -> Iterator[Running]:
    """Start everything over the data folder but the HTTP server, and stop it again at the end."""
    projection = network_projection()
    with ExitStack() as stack:
        network = open_network(settings, clock, progress)
        stack.callback(network.close)
        graph = ArcadeDB(graph_folder(settings.data), heap=settings.graph_heap)
        stack.callback(graph.stop)
        engine = ArcadeDBEngine(graph.start(), database_of(projection))
        engine.prepare(projection)
        driver = stack.enter_context(engine.driver())
        projector = Projector(network, projection, Writer(driver, engine.database, projection))
        stack.enter_context(following(projector))
        network.listen(lambda _position: projector.wake())
        if settings.events:
            stack.enter_context(publishing(network, settings))
        reader = Neo4jReader(engine.async_driver, engine.database, projection)
        services = Services(
            graph=reader,
            progress=ProjectorProgress(projector),
            history=network,
            desk=network,
            opener=network.vault,
            identities=DevelopmentIdentities(signing_key(settings.data / "issuer.pem"), network.find, clock),
            gloss=CedictGloss(),
            clock=clock,
            metrics=Figures(network.log_of_record),
        )
        gateway = application(services, settings.origins, close=reader.close)
        yield Running(network, projector, engine, services, gateway)


@contextmanager
def publishing(network: Network, settings: Settings) -> Iterator[Publisher]:
    """Publish the events of the log in a thread of its own, to the topic or the file that the settings name."""
    outlet: Outlet
    if settings.log == EMBEDDED:
        outlet = LinesOutlet(settings.data / f"{settings.events}.jsonl")
    else:
        outlet = KafkaOutlet(settings.events, kafka_client(settings), patience=settings.log_deadline)
    publisher = Publisher(network, outlet, f"urn:yizhan:network:{settings.network_name}")
    network.listen(lambda _position: publisher.wake())
    with running_beside(publisher, "publisher"):
        yield publisher


@contextmanager
def following(projector: Projector) -> Iterator[None]:
    """Run the projector in a thread of its own."""
    with running_beside(projector, "projector"):
        yield


class Follower(Protocol):
    """What follows the log for as long as the server runs."""

    def run(self, stop: Event) -> None: ...

    def wake(self) -> None: ...


@contextmanager
def running_beside(follower: Follower, name: str) -> Iterator[None]:
    """Run something that follows the log in a thread of its own."""
    stop = Event()
    thread = Thread(target=follower.run, args=(stop,), name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        follower.wake()
        thread.join()


def graph_folder(data: Path) -> Path:
    """Where the embedded graph keeps its files; it can be deleted, and is built again from the log."""
    return data / "graph"


def database_of(projection: Projection) -> str:
    """The database that holds a projection: each version has its own, so that none finds what another one wrote."""
    return f"{projection.name}_v{projection.version}"


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens; raises `PortTakenError` when something else does."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTakenError(f"{host}:{port} cannot be listened on ({error.strerror}); choose another --port") from None
    listener.listen(512)
    return listener


def serve(gateway: Starlette, listener: socket.socket) -> None:
    """Answer requests until the process is told to stop (SIGINT, SIGTERM)."""
    config = uvicorn.Config(gateway, log_level="warning", loop="uvloop", http="httptools", server_header=False)
    uvicorn.Server(config).run(sockets=[listener])


@contextmanager
def unwinding(*signals: signal.Signals) -> Iterator[None]:
    """Let these signals end the process by way of SystemExit, so that all that was started is stopped in its turn.

    The HTTP server takes them first while it runs, finishes what it has begun, and raises them once more.
    """
    handlers = {each: signal.signal(each, _unwind) for each in signals}
    try:
        yield
    finally:
        for each, handler in handlers.items():
            signal.signal(each, handler)


def _unwind(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)

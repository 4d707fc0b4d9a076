"""The whole system in one process: log, projector, graph engine and gateway over one data folder."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from gateway.feeding import Feed
from gateway.graphiql import BUNDLE
from gateway.indexing import Indexing
from gateway.over_http import LONGEST_BODY
from gateway.ports import Services
from gateway.server import application
from gateway.subscriptions import concerned
from gateway.tracing import Tracing
from infra.application import Network, now
from infra.beside import running_beside
from infra.errors import OutOfReachError
from infra.eventlog.opening import Progress
from infra.following import Following
from infra.gloss import CedictGloss
from infra.graphdb.engines.interface import GraphEngine
from infra.graphdb.generations import Generations
from infra.graphdb.keeper import Keeper
from infra.graphdb.reader import GraphReader
from infra.graphs import open_graph
from infra.guarding import guard_of
from infra.identity.identities import identities
from infra.metrics import Figures
from infra.networks import EMBEDDED, kafka_client, open_network
from infra.operations import Operations
from infra.past import NetworkPasts
from infra.publishing.kafka import KafkaOutlet
from infra.publishing.lines import LinesOutlet
from infra.publishing.outlet import Outlet
from infra.publishing.publisher import Publisher
from infra.settings import LOOPBACK, Settings
from infra.tracing.opening import open_tracing
from projections.network import network as network_projection


class PortTakenError(OutOfReachError):
    """Something else listens on the port already."""


@dataclass(frozen=True, slots=True)
class Running:
    """A running system: its log, its graph, and the gateway as an ASGI application."""

    network: Network
    keeper: Keeper
    engine: GraphEngine
    generations: Generations
    services: Services
    gateway: Starlette


@contextmanager
def running(
    settings: Settings,
    clock: Callable[[], datetime] = now,
    progress: Progress | None = None,
    *,
    projects: bool = True,
    tracing: Tracing | None = None,
) -> Iterator[Running]:
    """Start everything over the data folder but the HTTP server, and stop it again at the end.

    Without `projects` it leaves the graph to others, and observes how far they are. `tracing` hears of its work instead
    of what the settings say.
    """
    with ExitStack() as stack:
        guard = guard_of(settings)
        tracing = tracing or stack.enter_context(open_tracing(settings, clock))
        network = open_network(settings, clock, progress, tracing)
        stack.callback(network.close)
        graph = stack.enter_context(open_graph(settings))
        engine = graph.engine
        driver = stack.enter_context(engine.driver())
        generations = Generations(engine, driver, network_projection())
        keeper = Keeper(generations, network, projects=projects, alone=graph.alone, tracing=tracing)
        keeper.look()
        stack.enter_context(running_beside(keeper, "keeper"))
        stack.enter_context(network.log_of_record.news.heard_by(keeper.wake))
        if settings.events:
            stack.enter_context(publishing(network, settings))
        pasts = stack.enter_context(NetworkPasts(network))
        following = Following(keeper, clock)
        stack.enter_context(running_beside(following, "following"))
        reader = GraphReader(engine, keeper.shown, at_once=engine.at_once, tracing=tracing)
        services = Services(
            graph=reader,
            progress=following,
            history=network,
            pasts=pasts,
            desk=network,
            opener=network.vault,
            identities=identities(settings, network.find, clock, network.glance),
            gloss=CedictGloss(),
            clock=clock,
            metrics=Figures(network.log_of_record, keeper),
            operator=Operations(generations, driver, network, pasts),
            feed=Feed(following, network, concerned),
            indexing=Indexing(reader, following, network),
            tracing=tracing,
            guard=guard,
        )
        graphiql = BUNDLE if settings.serves_graphiql else None
        gateway = application(services, settings.origins, reader.close, graphiql=graphiql)
        yield Running(network, keeper, engine, generations, services, gateway)


@contextmanager
def publishing(network: Network, settings: Settings) -> Iterator[Publisher]:
    """Publish the events of the log in a thread of its own, to the topic or the file that the settings name."""
    outlet: Outlet
    if settings.log == EMBEDDED:
        outlet = LinesOutlet(settings.data / f"{settings.events}.jsonl")
    else:
        outlet = KafkaOutlet(settings.events, kafka_client(settings), patience=settings.log_deadline)
    publisher = Publisher(network, outlet, f"urn:yizhan:network:{settings.network_name}")
    with running_beside(publisher, "publisher"), network.log_of_record.news.heard_by(publisher.wake):
        yield publisher


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


def serve(gateway: Starlette, listener: socket.socket, proxies: Sequence[str] = LOOPBACK) -> None:
    """Answer requests until the process is told to stop (SIGINT, SIGTERM).

    `proxies` are believed when they say from where a request came.
    """
    config = uvicorn.Config(
        gateway,
        log_level="warning",
        access_log=False,
        loop="uvloop",
        http="httptools",
        server_header=False,
        forwarded_allow_ips=list(proxies),
        ws="websockets-sansio",
        ws_max_size=LONGEST_BODY,
        ws_per_message_deflate=False,  # it takes some 300 kB of memory a connection
    )
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

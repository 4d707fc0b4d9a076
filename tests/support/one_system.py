"""One running system for all tests that read: real log, real graph engine, real projector, real gateway."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager

import pytest
from asking import Asking
from small_model import Model, model_of
from small_network import SmallNetwork, clock, recorded

from infra.identity.tokens import signing_key
from infra.server import Running, running
from infra.settings import Settings


@pytest.fixture(scope="session")
def loop() -> Iterator[asyncio.Runner]:
    """The event loop that the gateway lives in."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data=tmp_path_factory.mktemp("network"), origins=("https://portal.example",), graph_heap="512m")


@pytest.fixture(scope="session")
def system(settings: Settings, loop: asyncio.Runner) -> Iterator[Running]:
    with running(settings, clock) as system:
        lifespan: AbstractAsyncContextManager[object] = system.gateway.router.lifespan_context(system.gateway)
        loop.run(lifespan.__aenter__())
        yield system
        loop.run(lifespan.__aexit__(None, None, None))


@pytest.fixture(scope="session")
def made(system: Running) -> SmallNetwork:
    """The small network, recorded in the system."""
    return recorded(system.network)


@pytest.fixture(scope="session")
def asking(system: Running, loop: asyncio.Runner, made: SmallNetwork, settings: Settings) -> Asking:
    return Asking(system.gateway, loop, made, signing_key(settings.data / "issuer.pem"))


@pytest.fixture(scope="session")
def model(made: SmallNetwork) -> Callable[[], Model]:
    """What the log says now, in memory; read again only when it has grown."""
    read: dict[int, Model] = {}

    def now() -> Model:
        head = made.log.head()
        if head not in read:
            read.clear()
            read[head] = model_of(made.log)
        return read[head]

    return now

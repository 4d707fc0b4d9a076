"""What the tests of publishing share: the golden samples as facts, and a network with records of every stage."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from busy import Busy, made_busy
from small_network import SmallNetwork, clock, recorded
from told import Samples

from infra.application import Network


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Samples]:
    made = Samples(tmp_path_factory.mktemp("samples"))
    yield made
    made.close()


@pytest.fixture(scope="package")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallNetwork]:
    """A small network of every noun in every stage; nobody changes it."""
    log = Network(tmp_path_factory.mktemp("published") / "data", clock)
    yield recorded(log)
    log.close()


@pytest.fixture(scope="package")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Busy]:
    """A network with some hundred events; nobody changes it."""
    made = made_busy(tmp_path_factory.mktemp("busy") / "data")
    yield made
    made.network.close()

"""What the tests of the gateway share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from asking import Asking
from both_ways import BothWays
from served_station import Station, served_station

from infra.server import Running


@pytest.fixture(scope="session")
def ways(system: Running, asking: Asking) -> BothWays:
    """Asks the one system both ways."""
    return BothWays(asking, system.services)


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """A server in a process of its own, for the tests of a file."""
    with served_station(tmp_path_factory.mktemp("served") / "data") as served:
        yield served

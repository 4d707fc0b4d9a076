"""What the tests of the gateway share."""

from __future__ import annotations

import pytest
from asking import Asking
from both_ways import BothWays

from infra.server import Running


@pytest.fixture(scope="session")
def ways(system: Running, asking: Asking) -> BothWays:
    """Asks the one system both ways."""
    return BothWays(asking, system.services)

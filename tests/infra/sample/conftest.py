"""A small sample network, recorded once; and a log as it can be compared with another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest
from msgspec.structs import replace

from domain.kernel.context import Context
from domain.kernel.fields import Sealed
from infra.application import Network
from infra.identity.directory import Directory
from infra.sample.pilot import Pilot
from infra.sample.recording import record_pilot

Told: TypeAlias = Callable[[Network], list[tuple[str, Context, Any]]]


@pytest.fixture(scope="session")
def small_pilot() -> Pilot:
    """Large enough for every stage of every noun."""
    return Pilot(seed=13, stations=4, visits=90)


@pytest.fixture(scope="session")
def small_network(small_pilot: Pilot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """The small network, recorded without a break. To be read only."""
    folder = tmp_path_factory.mktemp("small")
    network = Network(folder)
    record_pilot(network, Directory(folder / "people.json"), small_pilot, lambda done, total: None)
    yield network
    network.close()


@pytest.fixture(scope="session")
def told() -> Told:
    """All that a log says, with sealed texts opened; without the moment of recording and what depends on a key."""

    def told(network: Network) -> list[tuple[str, Context, Any]]:
        commits = network.commits(0, 10**7)
        return [
            (
                event.entity_id,
                replace(commit.context, recorded_at=None, input_hash=""),
                _opened(event.fact.model_dump(exclude_none=True), network, event.entity_id),
            )
            for commit in commits
            for event in commit.events
        ]

    return told


def _opened(value: Any, network: Network, entity: str) -> Any:
    if isinstance(value, dict):
        return {key: _opened(each, network, entity) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_opened(each, network, entity) for each in value]
    if isinstance(value, Sealed) or (isinstance(value, str) and value.startswith("sealed:1:")):
        return network.vault.open(value, entity=entity)
    return value

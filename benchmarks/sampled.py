"""The sample network in a running system, and the tokens of its people."""

from __future__ import annotations

from pathlib import Path

from infra.application import now
from infra.identity.directory import Directory
from infra.identity.tokens import issue, signing_key
from infra.sample.pilot import Pilot
from infra.sample.recording import record_pilot
from infra.server import Running

PATIENCE = 300.0
"""Seconds that the graph may take to come to where the log is."""


def record_sample(system: Running, data: Path, *, quick: bool) -> None:
    """Record the sample, or a small one, and wait until the graph shows it."""
    pilot = Pilot(stations=2, visits=20) if quick else Pilot()
    record_pilot(system.network, Directory(data / "people.json"), pilot, lambda _done, _total: None)
    system.keeper.wait_for(system.network.head(), PATIENCE)


def token_of(name: str, data: Path) -> str:
    """A token of one of its people."""
    person = Directory(data / "people.json").find(name)
    assert person is not None
    return issue(signing_key(data / "issuer.pem"), person, now())


async def read_texts(system: Running) -> None:
    """Let the index of words read all texts, as a server does when it begins; it goes on following in this loop."""
    indexing, head = system.services.indexing, system.network.head()
    indexing.begin()
    reached = await indexing.wait_for(head, PATIENCE)
    assert reached >= head, "the texts were not read in time"


async def leave(system: Running) -> None:
    """Let go of what reading through a system holds in this loop."""
    await system.services.indexing.end()
    await system.services.graph.close()  # type: ignore[attr-defined]  # the reader of the running system

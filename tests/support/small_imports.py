"""An installation that files are imported into, and the importer of its administrator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from small_installation import ADMINISTRATOR, install

from domain.kernel.commands import Command
from domain.kernel.context import Context
from domain.stations import NATIONAL_STATION
from infra.application import Network
from infra.imports.run import Importer
from infra.rehearsal import Rehearsal

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@contextmanager
def installed(folder: Path, now: datetime = NOON) -> Iterator[Network]:
    """An empty network over this folder, where it is always this moment."""
    made = Network(folder, lambda: now)
    try:
        install(made, now)
        yield made
    finally:
        made.close()


def give(network: Network, command: Command, now: datetime = NOON) -> str:
    """The id of the entity that its administrator's command was about."""
    context = Context(actor=ADMINISTRATOR, station_id=NATIONAL_STATION, request_id=f"by hand {network.head()}", at=now)
    return network.perform(command, context).entity_id


def importer(network: Network, *, rehearse: bool = False, today: date = TODAY, now: datetime = NOON) -> Importer:
    """What its administrator imports with, for the national station."""
    return Importer(
        book=Rehearsal(network) if rehearse else network,
        vault=network.vault,
        actor=ADMINISTRATOR,
        acting_for=NATIONAL_STATION,
        station_id=NATIONAL_STATION,
        today=today,
        clock=lambda: now,
    )

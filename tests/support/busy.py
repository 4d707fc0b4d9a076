"""A network with some hundred events, what of it is to be published, and processes that publish it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from command_line import ROOT, environment
from installed import install
from told import ORIGIN, Held

from domain.needs import CheckNeed, PublishNeed
from domain.organisations import OrganisationDetails, OrganisationKind, RecordOrganisation
from domain.values import Bilingual
from infra.application import Network
from infra.publishing.publisher import Publisher

SCRIPT = Path(__file__).parent / "publishing_process.py"
ROUNDS = 120


@dataclass
class Busy:
    """The network, its folder, and the events that are to be published, in their order."""

    folder: Path
    network: Network
    expected: list[bytes]

    def publish(self, place: str, topic: str, limit: int) -> subprocess.Popen[bytes]:
        """A process that publishes all of it to a topic, or for the topic `-` into a file."""
        command = [sys.executable, str(SCRIPT), str(self.folder), place, topic, str(limit)]
        paths = f"{environment()['PYTHONPATH']}:{SCRIPT.parent}"
        return subprocess.Popen(command, cwd=ROOT, env=environment(PYTHONPATH=paths))


def made_busy(folder: Path) -> Busy:
    """Record what is seen and what is not, in turn: a university, an enterprise with a need that is published."""
    made = install(folder)
    for number in range(ROUNDS):
        details = OrganisationDetails(name=Bilingual(zh=f"大学{number}"), kind=OrganisationKind.UNIVERSITY)
        made.adviser(RecordOrganisation(station_id=made.station, details=details))
        need = made.need()
        made.office(CheckNeed(need_id=need)) if number % 4 else None
        made.office(PublishNeed(need_id=need)) if number % 4 else None
    held = Held()
    publisher = Publisher(made.network, held, ORIGIN)
    while publisher.step():
        pass
    return Busy(folder, made.network, [event.value for event in held.events])
